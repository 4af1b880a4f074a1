import type {
  ChannelDef,
  CommandCall,
  FurtherCommand,
  ReplyAddress,
  SessionEntry,
  SessionsApi,
  Settings,
  Target,
} from "openclaw/plugin-sdk";
import { isNamed } from "./allow-list.ts";
import type { Channels } from "./channels.ts";

const USE = "Use /dock-<channel>, with the channel on which you want to be written to.";

export interface DockParts {
  readonly channels: Channels;
  readonly sessions: SessionsApi;
  readonly settings: Settings;
}

type Links = Readonly<Record<string, readonly (string | number)[]>>;

/** The channels that `session.identityLinks` names, as commands of their own. */
export function docks({ channels, settings }: Pick<DockParts, "channels" | "settings">): FurtherCommand[] {
  const linked = new Set(Object.values(linksOf(settings)).flatMap((ids) => ids.map((id) => channelOf(String(id)))));
  return channels
    .list()
    .filter(({ id }) => linked.has(id))
    .map(({ id, label }) => ({
      name: `dock-${id}`,
      description: `write to me on ${label} from now on`,
      args: id,
      isListed: true,
    }));
}

/**
 * `/dock-<channel>`: the session's route moves to the same person on another network, as `session.identityLinks` knows
 * them. What was accepted before keeps the address it came with (security.md S-41), and so does every later message.
 */
export async function dock({ args, work }: CommandCall, parts: DockParts): Promise<string> {
  const { channels, sessions, settings } = parts;
  const { envelope, sessionKey, acceptedAt } = work;
  const to = args.trim().toLowerCase();
  const definition = channels.has(to) ? await channels.get(to) : undefined;
  if (to === "" || !definition) return to === "" ? USE : `There is no channel ${to} here. ${USE}`;
  if (envelope.sessionKey !== undefined) return "The gateway's own chat is nowhere else; write this on a network.";
  if (envelope.chatType !== "direct") return "A conversation of several people is not moved to one of them.";
  const label = definition.label ?? channels.list().find(({ id }) => id === to)?.label ?? to;
  if (to === envelope.channel) return `This is ${label} already.`;
  const own = { channel: envelope.channel, people: (await channels.get(envelope.channel))?.people };
  const person = Object.values(linksOf(settings)).find((ids) =>
    isNamed(idsOn(ids, envelope.channel), envelope.sender, own),
  );
  const id = person && idsOn(person, to)[0];
  if (person === undefined || id === undefined) {
    const missing = person === undefined ? `${envelope.channel}:${envelope.sender.id}` : `${to}:<your id there>`;
    return `Nobody linked you to ${label}: list "${missing}" under your name in session.identityLinks.`;
  }
  const address = await addressOf(id, to, definition, channels);
  if (typeof address === "string") return `You cannot be written to on ${label}: ${address}.`;
  await sessions.update(sessionKey, () => routeTo(address, acceptedAt));
  return `What comes unasked in this session (heartbeats, jobs, sub-agents) goes to you on ${label} now, until the next message moves it. Answers still go to where they were asked.`;
}

/** What a session remembers of a route that was chosen, not come from. */
function routeTo({ channel, accountId, to }: ReplyAddress, dockedAt: number): Partial<SessionEntry> {
  return {
    lastChannel: channel,
    lastTo: to,
    lastAccountId: accountId,
    lastThreadId: undefined,
    deliveryContext: { channel, to, accountId },
    dockedAt,
  };
}

/** Where a person is written to directly. Some networks have one kind of id for people and places. */
async function addressOf(
  id: string,
  channel: string,
  { targets }: ChannelDef,
  channels: Channels,
): Promise<ReplyAddress | string> {
  const [accountId] = await channels.accountIds(channel);
  if (accountId === undefined) return "none of its accounts is on";
  if (!targets) return { channel, accountId, to: id };
  const account = channels.account(channel, accountId);
  const isPerson = (target: Target) => target.ok && (target.kind ?? "user") === "user";
  const tried = await targets.parse(id, account);
  const found = isPerson(tried) ? tried : await targets.parse(`user:${id}`, account);
  if (found.ok && isPerson(found)) return { channel, accountId, to: found.to };
  return found.ok ? `${id} is no person there` : found.error;
}

function linksOf(settings: Settings): Links {
  const links = settings.get<Links>("session.identityLinks") ?? {};
  return Object.fromEntries(Object.entries(links).filter(([, ids]) => Array.isArray(ids)));
}

/** Ids with the channel named before them; a bare one could be anybody's on another network. */
function idsOn(ids: readonly (string | number)[], channel: string): string[] {
  return ids
    .map((id) => String(id).trim())
    .flatMap((id) => (channelOf(id) === channel ? [id.slice(channel.length + 1).trim()] : []));
}

function channelOf(id: string): string {
  return id.trim().split(":", 1)[0]?.toLowerCase() ?? "";
}
