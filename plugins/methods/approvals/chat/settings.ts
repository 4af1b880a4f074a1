import type { Settings } from "openclaw/plugin-sdk";

export interface ForwardTarget {
  readonly channel: string;
  readonly to: string;
  readonly accountId?: string;
  readonly threadId?: string | number;
}

export interface ChatApprovalKeys {
  readonly enabled?: boolean;
  /** Default `session`: where the message came from that the agent works on. */
  readonly mode?: "session" | "targets" | "both";
  readonly agentFilter?: readonly string[];
  /** Parts of session keys. */
  readonly sessionFilter?: readonly string[];
  readonly targets?: readonly ForwardTarget[];
  readonly approvers?: Readonly<Record<string, readonly (string | number)[]>>;
}

interface ChannelKeys {
  readonly execApprovals?: { readonly approvers?: readonly (string | number)[] };
  readonly accounts?: Readonly<Record<string, ChannelKeys | undefined>>;
}

/** `approvals.exec`. */
export function chatApprovalKeys(settings: Settings): ChatApprovalKeys {
  return settings.get<ChatApprovalKeys>("approvals.exec") ?? {};
}

/** Who may approve on this account. A list of its own: neither owners nor those who are heard are on it (S-38). */
export function approversOf(settings: Settings, channel: string, accountId = "default"): readonly (string | number)[] {
  const { approvers = {} } = chatApprovalKeys(settings);
  const section = settings.get<ChannelKeys>(`channels.${channel}`) ?? {};
  const ofAccount = section.accounts?.[accountId]?.execApprovals ?? section.execApprovals;
  return [...(Object.hasOwn(approvers, channel) ? (approvers[channel] ?? []) : []), ...(ofAccount?.approvers ?? [])];
}
