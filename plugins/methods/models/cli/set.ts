import { defineCommand } from "openclaw/plugin-sdk";
import { choiceOf, writeChoice } from "./model-setting.ts";
import { parseReference } from "../reference.ts";
import { availabilityOf } from "./availability.ts";
import { referenceOf, storeOf, unlistedNote } from "./place.ts";

/** `openclaw models set <model>`: the next turn uses it. */
export default defineCommand({
  local: true,
  async run(context) {
    const model = referenceOf(context, String(context.args["model"]));
    await writeChoice(context, "model", { ...choiceOf(context, "model"), primary: model });
    const unlisted = unlistedNote(context, model);
    if (unlisted !== undefined) context.note(unlisted);
    const { provider } = parseReference(model) ?? { provider: "" };
    if (!availabilityOf(context, storeOf(context), provider).isAvailable)
      context.note(`there is no key for ${provider} here yet; put one in: openclaw models auth add ${provider}`);
    context.print({ ok: true, model }, `Default model: ${model}`);
  },
});
