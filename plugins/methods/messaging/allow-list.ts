import type { ChannelPeople, Sender } from "openclaw/plugin-sdk";
import type { Entries } from "./keys.ts";

/** Whose ids these are. */
export interface Network {
  readonly channel: string;
  readonly people?: ChannelPeople | undefined;
}

export const EVERYBODY = "*";

/** Is the sender named by a stable id, or everybody? Names never count: their owners can change them. */
export function isListed(entries: Entries, sender: Sender, network: Network): boolean {
  return entries.includes(EVERYBODY) || isNamed(entries, sender, network);
}

/** As {@link isListed}, where a wildcard opens nothing. */
export function isNamed(entries: Entries, sender: Sender, network: Network): boolean {
  if (entries.length === 0) return false;
  const ids = idsOf(sender, network);
  return entries.some((entry) => {
    const id = stableId(String(entry), network);
    return id !== undefined && ids.has(id);
  });
}

/** The form in which ids are stored and compared, or nothing for what is no id of this network. */
export function stableId(entry: string, { channel, people }: Network): string | undefined {
  const trimmed = entry.trim();
  if (trimmed === EVERYBODY || trimmed === "") return undefined;
  const prefix = `${channel}:`;
  const bare = trimmed.toLowerCase().startsWith(prefix) ? trimmed.slice(prefix.length).trim() : trimmed;
  const id = people?.normalize ? people.normalize(bare) : bare;
  return id === undefined || id === "" ? undefined : id.toLowerCase();
}

function idsOf(sender: Sender, network: Network): ReadonlySet<string> {
  const { aliases } = network.people ?? {};
  return new Set([sender.id, ...(aliases?.(sender) ?? [])].map((id) => id.toLowerCase()));
}
