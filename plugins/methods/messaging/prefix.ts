import type { Settings, Work } from "openclaw/plugin-sdk";
import { identityOf } from "./acks.ts";
import { channelKeys } from "./keys.ts";

interface AgentMeta {
  readonly provider?: string;
  readonly model?: string;
}

/**
 * What stands before each answer on a channel (channels.md §1.11): the account's, the channel's or the common text; an
 * empty one ends the search. What cannot be filled in stays as it is written.
 */
export function prefixOf(work: Work, meta: Readonly<Record<string, unknown>>, settings: Settings): string {
  const { replyTo, options } = work.envelope;
  if (!replyTo) return "";
  const own = channelKeys(settings, replyTo.channel, replyTo.accountId).responsePrefix;
  const written = own ?? settings.get<string>("messages.responsePrefix");
  if (typeof written !== "string" || written === "") return "";
  const { name } = identityOf(settings, work.sessionKey);
  if (written === "auto") return name === undefined ? "" : `[${name}] `;
  const { provider, model } = (meta["agentMeta"] ?? {}) as AgentMeta;
  const thinking = options?.["thinking"];
  const values: Readonly<Record<string, string | undefined>> = {
    model,
    modelFull: provider === undefined || model === undefined ? undefined : `${provider}/${model}`,
    provider,
    thinkingLevel: typeof thinking === "string" ? thinking : undefined,
    think: typeof thinking === "string" ? thinking : undefined,
    "identity.name": name,
  };
  const filled = written.replaceAll(/\{([A-Za-z.]+)\}/g, (literal, key: string) => values[key] ?? literal);
  return /\s$/.test(filled) ? filled : `${filled} `;
}
