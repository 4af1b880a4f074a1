import type { CommandCall, ConfigApi, PluginGateway } from "openclaw/plugin-sdk";
import { change } from "./edit.ts";
import { actorOf } from "./gate.ts";

const USE = "Use /allowlist list, /allowlist add <id> or /allowlist remove <id>; with the word group for groups.";

type Ids = readonly (string | number)[];

interface Keys {
  readonly allowFrom?: Ids;
  readonly groupAllowFrom?: Ids;
  readonly dm?: { readonly allowFrom?: Ids };
  readonly accounts?: Readonly<Record<string, Keys | undefined>>;
}

/** `/allowlist`: whom the account listens to on which it is written. */
export async function allowlist(
  call: CommandCall,
  { gateway, config }: { readonly gateway: PluginGateway; readonly config: ConfigApi },
): Promise<string> {
  const { channel, accountId = "default", sessionKey } = call.work.envelope;
  if (sessionKey !== undefined) return "The gateway's own chat has no allowlist; write this on a network.";
  const words = call.args.split(/\s+/).filter((word) => word !== "");
  const [action = "list", ...rest] = words;
  const isGroup = rest[0] === "group" || rest[0] === "groups";
  const ids = rest.filter((word, index) => index > 0 || !["group", "groups", "dm", "direct"].includes(word));
  const section = gateway.settings.get<Keys>(`channels.${channel}`) ?? {};
  const { path, list } = place(section, { channel, accountId, isGroup });
  if (action === "list" && ids.length === 0)
    return list.length === 0 ? `${path} is empty.` : `${path}: ${list.join(", ")}`;
  const [id] = ids;
  if ((action !== "add" && action !== "remove") || id === undefined || ids.length > 1) return USE;
  if (id === "*") return `"*" lets everybody in; that is not done from a chat.`;
  const isThere = list.some((one) => isSame(one, id));
  if (isThere === (action === "add")) return isThere ? `${id} is on ${path}.` : `${id} is not on ${path}.`;
  const next = action === "add" ? [...list, id] : list.filter((one) => !isSame(one, id));
  return change(new Map([[path, next]]), { config, actor: actorOf(call) });
}

/** The list that counts for the account, in the spelling that the file uses. */
function place(
  section: Keys,
  { channel, accountId, isGroup }: { readonly channel: string; readonly accountId: string; readonly isGroup: boolean },
): { readonly path: string; readonly list: Ids } {
  const account = section.accounts?.[accountId];
  const key = isGroup ? "groupAllowFrom" : "allowFrom";
  const isOwn = account?.[key] !== undefined || (!isGroup && account?.dm?.allowFrom !== undefined);
  const keys = isOwn ? (account ?? {}) : section;
  const base = `channels.${channel}${isOwn ? `.accounts["${accountId}"]` : ""}`;
  if (isGroup || keys.allowFrom !== undefined || keys.dm?.allowFrom === undefined)
    return { path: `${base}.${key}`, list: keys[key] ?? [] };
  return { path: `${base}.dm.allowFrom`, list: keys.dm.allowFrom };
}

function isSame(one: string | number, other: string): boolean {
  return String(one).toLowerCase() === other.toLowerCase();
}
