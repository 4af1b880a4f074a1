import type { CliContext } from "openclaw/plugin-sdk";
import type { ModelChoice } from "../setting.ts";
import { settingsOf } from "./place.ts";

export type Kind = "model" | "imageModel";

export function choiceOf(context: CliContext, kind: Kind): ModelChoice {
  const settings = settingsOf(context);
  return kind === "imageModel" ? settings.imageChoice() : settings.choice(undefined);
}

/** Writes `agents.defaults.<kind>`; one model alone stays a plain text. A model that is chosen is also allowed. */
export async function writeChoice(context: CliContext, kind: Kind, choice: ModelChoice): Promise<void> {
  const { primary } = choice;
  const fallbacks = choice.fallbacks.filter((one) => one !== primary);
  const value =
    fallbacks.length > 0 ? { ...(primary !== undefined && { primary }), fallbacks } : (primary ?? undefined);
  const edit = new Map<string, unknown>([[`agents.defaults.${kind}`, value]]);
  const listed = settingsOf(context).listed();
  const wanted = [primary, ...fallbacks].filter((one) => one !== undefined && one in listed === false);
  if (Object.keys(listed).length > 0 && wanted.length > 0)
    edit.set("agents.defaults.models", { ...listed, ...Object.fromEntries(wanted.map((one) => [one, {}])) });
  await context.config.write(edit);
}
