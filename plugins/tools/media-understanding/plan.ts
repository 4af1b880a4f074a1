import { agentOfKey } from "openclaw/plugin-sdk";
import type { Media, Settings, Work } from "openclaw/plugin-sdk";

export type Kind = "audio" | "video";

/** One way to understand, of `tools.media.<kind>.models` or `tools.media.models`. */
export interface Way {
  readonly type?: "provider" | "cli";
  readonly provider?: string;
  readonly model?: string;
  readonly baseUrl?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly command?: string;
  readonly args?: readonly string[];
  readonly capabilities?: readonly string[];
  readonly prompt?: string;
  readonly language?: string;
  readonly maxBytes?: number;
  readonly maxChars?: number;
  readonly timeoutSeconds?: number;
}

interface Scope {
  readonly default?: "allow" | "deny";
  readonly rules?: readonly {
    readonly action: "allow" | "deny";
    readonly match?: { readonly channel?: string; readonly chatType?: string; readonly keyPrefix?: string };
  }[];
}

interface KindKeys extends Omit<Way, "type" | "capabilities"> {
  readonly enabled?: boolean;
  readonly models?: readonly Way[];
  readonly scope?: Scope;
  readonly attachments?: { readonly mode?: "first" | "all"; readonly maxAttachments?: number };
}

/** What is to be understood, and how. */
export interface Plan {
  readonly kind: Kind;
  readonly path: string;
  readonly contentType: string;
  readonly fileName: string;
  readonly size: number;
  readonly ways: readonly Way[];
  /** Also what nobody has configured: any provider that has a key. */
  readonly anyProvider: boolean;
  readonly standing: Way;
  /** The models of the agent, whose providers hear of everything anyway. */
  readonly own: readonly string[];
}

const MB = 1_048_576;
const LIMITS: Readonly<
  Record<Kind, { readonly maxBytes: number; readonly seconds: number; readonly maxChars?: number }>
> = {
  audio: { maxBytes: 20 * MB, seconds: 60 },
  video: { maxBytes: 50 * MB, seconds: 120, maxChars: 500 },
};
const MAX_WAYS = 10;

/** Nothing where the attachment is none that is understood here. */
export function planOf(media: Media, work: Work, settings: Settings): Plan | undefined {
  const { kind, path, contentType, fileName, size = 0 } = media;
  if ((kind !== "audio" && kind !== "video") || path === undefined) return undefined;
  const common = settings.get<readonly Way[]>("tools.media.models") ?? [];
  const keys = settings.get<KindKeys>(`tools.media.${kind}`) ?? {};
  if (keys.enabled === false || !isInScope(keys.scope, work) || !isChosen(media, work, keys)) return undefined;
  const limits = LIMITS[kind];
  if (size > (keys.maxBytes ?? limits.maxBytes)) return undefined;
  const shared = common.filter(({ capabilities }) => capabilities?.includes(kind) ?? true);
  const standing: Way = {
    timeoutSeconds: limits.seconds,
    ...(limits.maxChars !== undefined && { maxChars: limits.maxChars }),
    ...keys,
  };
  return {
    kind,
    path,
    contentType: contentType ?? (kind === "audio" ? "audio/ogg" : "video/mp4"),
    fileName: fileName ?? kind,
    size,
    ways: [...(keys.models ?? []), ...shared].slice(0, MAX_WAYS),
    anyProvider: keys.enabled === true,
    standing,
    own: ownModels(agentOf(work), settings),
  };
}

export function agentOf({ sessionKey }: Work): string {
  return agentOfKey(sessionKey) ?? "main";
}

/** The first of its kind in a message, unless all are wanted. */
function isChosen(media: Media, { envelope }: Work, { attachments = {} }: KindKeys): boolean {
  const all = (envelope.media ?? []).filter(({ kind }) => kind === media.kind);
  const index = all.findIndex(({ ref, url }) => ref === media.ref && url === media.url);
  return index < (attachments.mode === "all" ? (attachments.maxAttachments ?? all.length) : 1);
}

function isInScope(scope: Scope | undefined, { envelope, sessionKey }: Work): boolean {
  for (const { action, match = {} } of scope?.rules ?? []) {
    const { channel, chatType, keyPrefix } = match;
    if (channel !== undefined && channel !== envelope.channel) continue;
    if (chatType !== undefined && chatType !== envelope.chatType) continue;
    if (keyPrefix !== undefined && !sessionKey.startsWith(keyPrefix)) continue;
    return action === "allow";
  }
  return scope?.default !== "deny";
}

function ownModels(agentId: string, settings: Settings): string[] {
  type Model = string | { readonly primary?: string; readonly fallbacks?: readonly string[] };
  const listed = settings.get<readonly { readonly id: string; readonly model?: Model }[]>("agents.list") ?? [];
  const chosen = listed.find(({ id }) => id === agentId)?.model ?? settings.get<Model>("agents.defaults.model");
  if (chosen === undefined) return [];
  return typeof chosen === "string" ? [chosen] : [chosen.primary ?? "", ...(chosen.fallbacks ?? [])];
}
