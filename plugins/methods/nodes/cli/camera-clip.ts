import { deviceCommand, durationMs, given } from "./device-command.ts";
import { OUT_OPTION, saveMedia } from "./media.ts";

/** `openclaw nodes camera clip` (cli.md §7). The gateway allows it only with `gateway.nodes.allowCommands`. */
export default deviceCommand({
  command: "camera.clip",
  timeoutMs: 90_000,
  options: {
    facing: { type: "string", describe: "which camera", choices: ["front", "back"], default: "front" },
    "device-id": { type: "string", describe: "id of a camera, from nodes camera list" },
    duration: { type: "string", describe: "such as 10s", default: "3s" },
    "no-audio": { type: "boolean", describe: "without sound" },
    ...OUT_OPTION,
  },
  params: (args) => ({
    format: "mp4",
    ...given(args, { facing: "facing", "device-id": "deviceId" }),
    durationMs: durationMs(args["duration"], "duration"),
    includeAudio: args["no-audio"] !== true,
  }),
  show: saveMedia,
});
