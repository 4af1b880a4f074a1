import { defineCommand } from "openclaw/plugin-sdk";
import { toggle } from "./toggle.ts";

/** `openclaw plugins enable <id>`. */
export default defineCommand({ run: (context) => toggle(context, true) });
