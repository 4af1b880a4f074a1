import { deviceCommand, durationMs, given } from "./device-command.ts";
import { OUT_OPTION, saveMedia } from "./media.ts";

/** `openclaw nodes screen record` (cli.md §7). The gateway allows it only with `gateway.nodes.allowCommands`. */
export default deviceCommand({
  command: "screen.record",
  timeoutMs: 120_000,
  options: {
    screen: { type: "number", describe: "which screen, from 0", default: 0 },
    duration: { type: "string", describe: "such as 10s", default: "10s" },
    fps: { type: "number", describe: "pictures a second", default: 10 },
    "no-audio": { type: "boolean", describe: "without sound" },
    ...OUT_OPTION,
  },
  params: (args) => ({
    format: "mp4",
    ...given(args, { screen: "screenIndex", fps: "fps" }),
    durationMs: durationMs(args["duration"], "duration"),
    includeAudio: args["no-audio"] !== true,
  }),
  show: saveMedia,
});
