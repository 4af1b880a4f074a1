import { deviceCommand, given } from "./device-command.ts";

const PLACE = { x: "x", y: "y", width: "width", height: "height" };

/** `openclaw nodes canvas present` (cli.md §7). */
export default deviceCommand({
  command: "canvas.present",
  options: {
    target: { type: "string", describe: "URL or path of what is shown" },
    x: { type: "number", describe: "left edge" },
    y: { type: "number", describe: "upper edge" },
    width: { type: "number", describe: "of the window" },
    height: { type: "number", describe: "of the window" },
  },
  params: (args) => {
    const placement = given(args, PLACE);
    return { ...given(args, { target: "url" }), ...(Object.keys(placement).length > 0 && { placement }) };
  },
});
