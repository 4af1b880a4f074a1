import { defineCommand } from "openclaw/plugin-sdk";
import { toggle } from "./toggle.ts";

/** `openclaw plugins disable <id>`. */
export default defineCommand({ run: (context) => toggle(context, false) });
