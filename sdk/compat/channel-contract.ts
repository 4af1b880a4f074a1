import type { PluginLogger } from "./contract.ts";

/** A channel as established plugins write it: the parts that this gateway calls. */
export interface EstablishedChannel {
  readonly id: string;
  readonly meta?: { readonly id?: string; readonly label?: string; readonly [field: string]: unknown };
  readonly capabilities?: { readonly chatTypes?: readonly string[]; readonly [field: string]: unknown };
  readonly config: ChannelAccounts;
  readonly gateway?: {
    /** The life of the account: pending while it runs. Resolving early does not end it. */
    startAccount?(context: AccountContext): unknown;
    stopAccount?(context: AccountContext): unknown;
  };
  readonly outbound?: ChannelOutbound;
  readonly [part: string]: unknown;
}

export interface ChannelAccounts {
  listAccountIds(config: unknown): string[];
  resolveAccount(config: unknown, accountId?: string): unknown;
  isEnabled?(account: unknown, config: unknown): boolean;
  isConfigured?(account: unknown, config: unknown): boolean | Promise<boolean>;
  disabledReason?(account: unknown, config: unknown): string;
  unconfiguredReason?(account: unknown, config: unknown): string;
  resolveAllowFrom?(about: { readonly cfg: unknown; readonly accountId: string }): unknown;
}

export interface AccountContext {
  readonly cfg: unknown;
  readonly accountId: string;
  readonly account: unknown;
  readonly runtime: { readonly log: (text: string) => void; readonly error: (text: string) => void };
  readonly abortSignal: AbortSignal;
  readonly log: PluginLogger;
  readonly getStatus: () => Readonly<Record<string, unknown>>;
  readonly setStatus: (patch: Readonly<Record<string, unknown>>) => void;
}

export interface ChannelOutbound {
  readonly textChunkLimit?: number;
  readonly chunker?: ((text: string, limit: number) => string[]) | null;
  resolveTarget?(about: {
    readonly cfg: unknown;
    readonly to: string;
    readonly allowFrom: unknown;
    readonly accountId: string;
    readonly mode: string;
  }): { readonly ok: true; readonly to: string } | { readonly ok: false; readonly error: unknown };
  sendText?(message: OutboundText): unknown;
  sendMedia?(message: OutboundText & { readonly mediaUrl: string }): unknown;
}

export interface OutboundText {
  readonly cfg: unknown;
  readonly to: string;
  readonly text: string;
  readonly accountId: string;
  readonly threadId?: string;
  readonly deps: object;
}
