import { deviceCommand } from "./device-command.ts";

/** `openclaw nodes canvas hide` (cli.md §7). */
export default deviceCommand({ command: "canvas.hide", params: () => ({}) });
