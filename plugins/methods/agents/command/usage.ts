import { wordOf } from "openclaw/plugin-sdk";
import type { AssistantMessage, CommandCall } from "openclaw/plugin-sdk";
import type { CommandParts } from "./parts.ts";

const LOOKED_AT = 1_000;

/** `/usage [off|tokens|full|cost]`: whether answers say what they used, or what the session has cost. */
export async function usage({ args, session }: CommandCall, { sessions }: CommandParts): Promise<string> {
  if (args === "cost") return cost(await sessions.transcript(session).messages({ limit: LOOKED_AT }));
  if (args === "")
    return `Usage under answers: ${String(session.entry["responseUsage"] ?? "off")}. Use off, tokens, full or cost.`;
  const word = wordOf("responseUsage", args);
  await sessions.update(session.key, () => ({ responseUsage: word === "off" ? undefined : word }));
  return `Usage under answers set to ${word}.`;
}

function cost(messages: readonly { readonly role: string }[]): string {
  const answers = messages
    .filter((one): one is AssistantMessage => one.role === "assistant")
    .filter(({ provider }) => provider !== "openclaw");
  const tokens = answers.reduce((sum, { usage: used }) => sum + (used?.totalTokens ?? 0), 0);
  const priced = answers.filter(({ usage: used }) => used?.cost !== undefined);
  const dollars = priced.reduce((sum, { usage: used }) => sum + (used.cost?.total ?? 0), 0);
  if (priced.length === 0) return `${tokens} tokens in this session; no price is known for its model.`;
  return `${tokens} tokens in this session, about $${dollars.toFixed(4)}.`;
}
