import { defineCommand } from "openclaw/plugin-sdk";
import { choiceOf, writeChoice } from "./model-setting.ts";
import { referenceOf } from "./place.ts";

/** `openclaw models set-image <model>`: the next turn uses it. */
export default defineCommand({
  local: true,
  async run(context) {
    const model = referenceOf(context, String(context.args["model"]));
    await writeChoice(context, "imageModel", { ...choiceOf(context, "imageModel"), primary: model });
    context.print({ ok: true, model }, `Image model: ${model}`);
  },
});
