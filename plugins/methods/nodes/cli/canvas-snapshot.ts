import { deviceCommand, given } from "./device-command.ts";
import { OUT_OPTION, saveMedia } from "./media.ts";

/** `openclaw nodes canvas snapshot` (cli.md §7). */
export default deviceCommand({
  command: "canvas.snapshot",
  timeoutMs: 20_000,
  options: {
    format: { type: "string", describe: "of the picture", choices: ["png", "jpg"], default: "jpg" },
    "max-width": { type: "number", describe: "pixels" },
    quality: { type: "number", describe: "from 0 to 1" },
    ...OUT_OPTION,
  },
  params: (args) => ({
    format: args["format"] === "jpg" ? "jpeg" : args["format"],
    ...given(args, { "max-width": "maxWidth", quality: "quality" }),
  }),
  show: saveMedia,
});
