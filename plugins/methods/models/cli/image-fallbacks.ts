import { defineCommand } from "openclaw/plugin-sdk";
import { fallbackCommand } from "./fallback-list.ts";

/** `openclaw models image-fallbacks [action] [model]`. */
export default defineCommand({ local: true, run: (context) => fallbackCommand(context, "imageModel") });
