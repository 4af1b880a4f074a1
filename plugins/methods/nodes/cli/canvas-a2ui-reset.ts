import { deviceCommand } from "./device-command.ts";

/** `openclaw nodes canvas a2ui reset` (http.md §9). */
export default deviceCommand({ command: "canvas.a2ui.reset", params: () => ({}) });
