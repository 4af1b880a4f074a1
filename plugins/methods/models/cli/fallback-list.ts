import type { CliContext } from "openclaw/plugin-sdk";
import { choiceOf, writeChoice } from "./model-setting.ts";
import type { Kind } from "./model-setting.ts";
import { referenceOf, refused } from "./place.ts";

/** `list`, `add <model>`, `remove <model>` or `clear` of the models to fall back on. */
export async function fallbackCommand(context: CliContext, kind: Kind): Promise<void> {
  const action = String(context.args["action"] ?? "list");
  const given = typeof context.args["model"] === "string" ? context.args["model"] : undefined;
  const choice = choiceOf(context, kind);
  const fallbacks = changed(context, action, given, choice.fallbacks);
  if (fallbacks !== choice.fallbacks) await writeChoice(context, kind, { ...choice, fallbacks });
  context.print({ fallbacks }, fallbacks.length > 0 ? fallbacks.join("\n") : "none");
}

function changed(
  context: CliContext,
  action: string,
  given: string | undefined,
  before: readonly string[],
): readonly string[] {
  if (action === "list") return before;
  if (action === "clear") return [];
  if (action !== "add" && action !== "remove")
    throw refused(`unknown action "${action}"; use list, add, remove or clear`);
  if (given === undefined) throw refused(`which model? openclaw models fallbacks ${action} <provider/model>`);
  const model = action === "add" ? referenceOf(context, given) : given;
  if (action === "add") return before.includes(model) ? before : [...before, model];
  if (!before.includes(model)) throw refused(`${model} is no fallback; there are: ${before.join(", ") || "none"}`);
  return before.filter((one) => one !== model);
}
