import type { GatewayClient } from "openclaw/plugin-sdk";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";

/** Other tests run on the same machine. */
export const WITHIN_MS = 20_000;

export interface Account {
  readonly accountId: string;
  readonly connected: boolean;
  readonly running: boolean;
  readonly configured: boolean;
  readonly state: string;
  readonly lastError: string | null;
  readonly [field: string]: unknown;
}

export interface Issue {
  readonly channel: string;
  readonly accountId: string;
  readonly kind: string;
  readonly message: string;
  readonly fix?: string;
}

export interface ChannelStatus {
  readonly accounts: readonly Account[];
  readonly issues: readonly Issue[];
}

/** A gateway with one channel, and what tests ask about it. */
export interface ChannelGateway extends AsyncDisposable {
  readonly gateway: TestGateway;
  readonly client: GatewayClient;
  /** The whole configuration with these keys of the channel's section, and these of the rest. */
  configOf(section?: object, rest?: object): object;
  status(probe?: boolean): Promise<ChannelStatus>;
  /** Resolves with the account once it is connected. */
  connected(accountId?: string): Promise<Account>;
  /** User turns that a model was asked for so far. */
  turns(sessionKey: string): Promise<string[]>;
}

export interface ChannelGatewayOptions {
  readonly channel: string;
  /** Keys that every configuration of the test has, such as where the fake is. */
  readonly base: object;
  readonly section?: object | undefined;
  readonly rest?: object | undefined;
  readonly home?: string | undefined;
  /** Asked for its part of every configuration. */
  readonly model?: object | undefined;
}

export async function startChannelGateway(options: ChannelGatewayOptions): Promise<ChannelGateway> {
  const { channel, base, section, rest: usual = {}, home, model } = options;
  const configOf = (keys: object = {}, rest: object = usual) => ({
    ...model,
    messages: { queue: { mode: "followup" } },
    ...rest,
    channels: { [channel]: { ...base, ...keys } },
  });
  const gateway = await startTestGateway({ config: configOf(section), ...(home !== undefined && { home }) });
  const client = await gateway.client();

  async function status(probe = false): Promise<ChannelStatus> {
    const { channelAccounts, issues } = await client.request<{
      readonly channelAccounts: Readonly<Record<string, readonly Account[]>>;
      readonly issues: readonly Issue[];
    }>("channels.status", { probe });
    return { accounts: channelAccounts[channel] ?? [], issues };
  }

  return {
    gateway,
    client,
    configOf,
    status,
    connected: (accountId = "default") =>
      eventually(
        `${accountId} is connected`,
        async () => (await status()).accounts.find((one) => one.accountId === accountId && one.connected),
        WITHIN_MS,
      ),
    async turns(sessionKey) {
      const { messages } = await client.request<{ messages: { role: string; content: { text: string }[] }[] }>(
        "chat.history",
        { sessionKey },
      );
      return messages.filter(({ role }) => role === "user").map(({ content }) => content[0]?.text ?? "");
    },
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}
