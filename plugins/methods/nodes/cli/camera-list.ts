import { deviceCommand } from "./device-command.ts";

/** `openclaw nodes camera list` (cli.md §7). */
export default deviceCommand({ command: "camera.list", params: () => ({}) });
