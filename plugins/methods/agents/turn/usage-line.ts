import type { ReplyPayload, Usage } from "openclaw/plugin-sdk";

/** What an answer used, under its text, where `/usage` asks for it. */
export function withUsage(payloads: readonly ReplyPayload[], usage: Usage, level: unknown): readonly ReplyPayload[] {
  const last = payloads.at(-1);
  if (!last || (level !== "tokens" && level !== "full" && level !== "on")) return payloads;
  const price = level === "full" && usage.cost ? `, about $${usage.cost.total.toFixed(4)}` : "";
  const line = `Usage: ${usage.input + usage.cacheRead + usage.cacheWrite} in, ${usage.output} out${price}`;
  const under = (text: string) => (text === "" ? line : `${text}\n\n${line}`);
  const { text, unsent } = last;
  return [
    ...payloads.slice(0, -1),
    { ...last, text: under(text), ...(unsent !== undefined && { unsent: under(unsent) }) },
  ];
}
