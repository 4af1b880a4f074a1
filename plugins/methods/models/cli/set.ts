import { defineCommand } from "openclaw/plugin-sdk";
import { choiceOf, writeChoice } from "./model-setting.ts";
import { referenceOf, unlistedNote } from "./place.ts";

/** `openclaw models set <model>`: the next turn uses it. */
export default defineCommand({
  local: true,
  async run(context) {
    const model = referenceOf(context, String(context.args["model"]));
    await writeChoice(context, "model", { ...choiceOf(context, "model"), primary: model });
    const unlisted = unlistedNote(context, model);
    if (unlisted !== undefined) context.note(unlisted);
    context.print({ ok: true, model }, `Default model: ${model}`);
  },
});
