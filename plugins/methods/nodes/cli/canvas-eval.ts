import { deviceCommand } from "./device-command.ts";

/** `openclaw nodes canvas eval <javascript>` (cli.md §7). */
export default deviceCommand({ command: "canvas.eval", params: ({ javascript }) => ({ javaScript: javascript }) });
