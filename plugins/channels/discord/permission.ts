import type { Channel, Guild } from "./places.ts";

const ADMINISTRATOR = 1n << 3n;
const VIEW_CHANNEL = 1n << 10n;
const SEND_MESSAGES = 1n << 11n;
const SEND_IN_THREADS = 1n << 38n;
const ALL = (1n << 60n) - 1n;

/** What the bot may do in a channel: its roles, then what the channel says of everyone, of the roles, of the bot. */
export function permissionsIn({ overwrites }: Pick<Channel, "overwrites">, guild: Guild, selfId: string): bigint {
  if (guild.ownerId === selfId) return ALL;
  let bits = guild.roles.get(guild.id) ?? 0n;
  for (const id of guild.ownRoles) bits |= guild.roles.get(id) ?? 0n;
  if (bits & ADMINISTRATOR) return ALL;
  const apply = (deny: bigint, allow: bigint) => {
    bits = (bits & ~deny) | allow;
  };
  const everyone = overwrites.find(({ id }) => id === guild.id);
  if (everyone) apply(BigInt(everyone.deny), BigInt(everyone.allow));
  const ofRoles = overwrites.filter(({ id }) => guild.ownRoles.has(id));
  const all = (key: "deny" | "allow") => ofRoles.reduce((sum, one) => sum | BigInt(one[key]), 0n);
  apply(all("deny"), all("allow"));
  const own = overwrites.find(({ id }) => id === selfId);
  if (own) apply(BigInt(own.deny), BigInt(own.allow));
  return bits;
}

/** What the bot lacks to answer in a channel, in the words of Discord's settings. A thread has what its channel has. */
export function lacking(channel: Channel, guild: Guild, selfId: string): string[] {
  const bits = permissionsIn(channel, guild, selfId);
  const send = channel.parentId === undefined ? SEND_MESSAGES : SEND_IN_THREADS;
  return [
    ...(bits & VIEW_CHANNEL ? [] : ["View Channel"]),
    ...(bits & send ? [] : [channel.parentId === undefined ? "Send Messages" : "Send Messages in Threads"]),
  ];
}
