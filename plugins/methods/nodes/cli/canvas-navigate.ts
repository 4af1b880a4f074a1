import { deviceCommand } from "./device-command.ts";

/** `openclaw nodes canvas navigate <url>` (cli.md §7). */
export default deviceCommand({ command: "canvas.navigate", params: ({ url }) => ({ url }) });
