import type { GatewayClient } from "openclaw/plugin-sdk";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import type { FakeOpenAi } from "../fakes/openai-server.ts";
import { FAKE_TOKEN, startFakeTelegram } from "../fakes/telegram-server.ts";
import type { FakeTelegram, TelegramCall } from "../fakes/telegram-server.ts";

/** Other tests run on the same machine. */
const WITHIN_MS = 20_000;

export interface Issue {
  readonly channel: string;
  readonly accountId: string;
  readonly kind: string;
  readonly message: string;
  readonly fix?: string;
}

export interface Account {
  readonly accountId: string;
  readonly connected: boolean;
  readonly running: boolean;
  readonly configured: boolean;
  readonly state: string;
  readonly lastError: string | null;
  readonly [field: string]: unknown;
}

/** A gateway with a bot at the fake, a model that answers as the test says, and what a test asks about them. */
export interface Bench extends AsyncDisposable {
  readonly fake: FakeTelegram;
  readonly model: FakeOpenAi;
  readonly gateway: TestGateway;
  readonly client: GatewayClient;
  configure(telegram: object, rest?: object): object;
  status(probe?: boolean): Promise<{ accounts: readonly Account[]; issues: readonly Issue[] }>;
  connected(accountId?: string): Promise<Account>;
  /** Waits until so many messages were sent. */
  sends(count: number): Promise<TelegramCall[]>;
  /** What the model was asked last. */
  lastPrompt(): string;
  /** Waits until the message was refused or answered, by its Telegram id. */
  ended(messageId: number, state: string): Promise<{ readonly state: string; readonly reason?: string }>;
}

export interface BenchOptions {
  readonly telegram?: object;
  readonly rest?: object;
  readonly fake?: FakeTelegram;
  readonly home?: string;
}

export async function startBench({ telegram = {}, rest = {}, fake: given, home }: BenchOptions = {}): Promise<Bench> {
  const fake = given ?? (await startFakeTelegram());
  const model = await startFakeOpenAi();
  model.otherwise = (reply) => {
    reply.text("pong");
    reply.end();
  };
  const configure = (keys: object, more: object = rest) => ({
    ...modelConfig(model),
    messages: { queue: { mode: "followup" } },
    ...more,
    channels: { telegram: { botToken: FAKE_TOKEN, apiRoot: fake.url, ...keys } },
  });
  const gateway = await startTestGateway({ config: configure(telegram), ...(home !== undefined && { home }) });
  const client = await gateway.client();

  async function status(probe = false) {
    const { channelAccounts, issues } = await client.request<{
      channelAccounts: { telegram?: Account[] };
      issues: Issue[];
    }>("channels.status", { probe });
    return { accounts: channelAccounts.telegram ?? [], issues };
  }

  return {
    fake,
    model,
    gateway,
    client,
    configure,
    status,
    connected: (accountId = "default") =>
      eventually(
        `${accountId} is connected`,
        async () => (await status()).accounts.find((one) => one.accountId === accountId && one.connected),
        WITHIN_MS,
      ),
    sends: (count) =>
      eventually(
        `${count} messages`,
        () => {
          const sent = fake.calls.filter(({ method }) => /^send(?!ChatAction)/.test(method));
          return sent.length >= count && sent;
        },
        WITHIN_MS,
      ),
    lastPrompt: () => JSON.stringify(model.requests.at(-1)?.body.messages.at(-1)?.content),
    ended: (messageId, state) =>
      eventually(
        `message ${messageId} is ${state}`,
        async () => {
          const trace = await client.request<{ state: string; reason?: string }>("trace.get", {
            id: String(messageId),
          });
          return trace.state === state && trace;
        },
        WITHIN_MS,
      ),
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await model[Symbol.asyncDispose]();
      if (!given) await fake.close();
    },
  };
}
