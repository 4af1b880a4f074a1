import { hasScope } from "openclaw/plugin-sdk";
import type { CommandCall, Settings } from "openclaw/plugin-sdk";

interface ChannelKeys {
  readonly configWrites?: boolean;
  readonly accounts?: Readonly<Record<string, ChannelKeys | undefined>>;
}

/** Why this command does nothing here, with the remedy; `undefined` when all gates are open. */
export function closedGate(
  { name, work: { envelope } }: CommandCall,
  { key, writes }: { readonly key: string; readonly writes?: true },
  settings: Settings,
): string | undefined {
  // Callers of the gateway are known by their connection; what a plugin says in a session's name has none.
  if (envelope.sessionKey !== undefined && !hasScope(envelope, "operator.admin"))
    return `/${name} is for clients with the scope operator.admin.`;
  if (settings.get<boolean>(`commands.${key}`) !== true)
    return `/${name} is off; "openclaw config set commands.${key} true" on the gateway's machine opens it for owners.`;
  if (writes !== true || envelope.sessionKey !== undefined) return undefined;
  const { channel, accountId = "default" } = envelope;
  const section = settings.get<ChannelKeys>(`channels.${channel}`) ?? {};
  const mayWrite = section.accounts?.[accountId]?.configWrites ?? section.configWrites ?? true;
  return mayWrite ? undefined : `/${name} is off here: channels.${channel}.configWrites is false.`;
}

/** Who did it, for the audit log. */
export function actorOf({ work: { envelope } }: CommandCall): string {
  return `chat:${envelope.channel}:${envelope.sender.id}`;
}
