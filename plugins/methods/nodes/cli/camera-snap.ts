import { deviceCommand, durationMs, given } from "./device-command.ts";
import { OUT_OPTION, saveMedia } from "./media.ts";

/** `openclaw nodes camera snap` (cli.md §7). The gateway allows it only with `gateway.nodes.allowCommands`. */
export default deviceCommand({
  command: "camera.snap",
  timeoutMs: 20_000,
  options: {
    facing: { type: "string", describe: "which camera", choices: ["front", "back"], default: "front" },
    "device-id": { type: "string", describe: "id of a camera, from nodes camera list" },
    "max-width": { type: "number", describe: "pixels" },
    quality: { type: "number", describe: "from 0 to 1" },
    delay: { type: "string", describe: "wait before it is taken, such as 2s" },
    ...OUT_OPTION,
  },
  params: (args) => ({
    format: "jpg",
    ...given(args, { facing: "facing", "device-id": "deviceId", "max-width": "maxWidth", quality: "quality" }),
    delayMs: durationMs(args["delay"], "delay"),
  }),
  show: saveMedia,
});
