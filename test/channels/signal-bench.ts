import type { GatewayClient } from "openclaw/plugin-sdk";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import type { FakeOpenAi } from "../fakes/openai-server.ts";
import { ACCOUNT, startFakeSignal } from "../fakes/signal-server.ts";
import type { FakeSignal, RpcCall } from "../fakes/signal-server.ts";

/** Other tests run on the same machine. */
const WITHIN_MS = 20_000;

export interface Account {
  readonly accountId: string;
  readonly connected: boolean;
  readonly running: boolean;
  readonly configured: boolean;
  readonly lastError: string | null;
  readonly [field: string]: unknown;
}

export interface Issue {
  readonly accountId: string;
  readonly kind: string;
  readonly message: string;
  readonly fix?: string;
}

/** A gateway with an account at the fake daemon, and a model that answers `pong`. */
export interface Bench extends AsyncDisposable {
  readonly fake: FakeSignal;
  readonly model: FakeOpenAi;
  readonly gateway: TestGateway;
  readonly client: GatewayClient;
  configure(signal: object): object;
  status(probe?: boolean): Promise<{ accounts: readonly Account[]; issues: readonly Issue[] }>;
  connected(accountId?: string): Promise<Account>;
  /** Waits until so many messages were sent. */
  sends(count: number): Promise<RpcCall[]>;
  lastPrompt(): string;
}

export async function startBench(signal: object = {}, given?: FakeSignal): Promise<Bench> {
  const fake = given ?? (await startFakeSignal());
  const model = await startFakeOpenAi();
  model.otherwise = (reply) => {
    reply.text("pong");
    reply.end();
  };
  const configure = (keys: object) => ({
    ...modelConfig(model),
    messages: { queue: { mode: "followup" } },
    channels: { signal: { account: ACCOUNT, httpUrl: fake.url, ...keys } },
  });
  const gateway = await startTestGateway({ config: configure(signal) });
  const client = await gateway.client();
  async function status(probe = false) {
    const { channelAccounts, issues } = await client.request<{
      channelAccounts: { signal?: Account[] };
      issues: Issue[];
    }>("channels.status", { probe });
    return { accounts: channelAccounts.signal ?? [], issues };
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
          const sent = fake.calls.filter(({ method }) => method === "send");
          return sent.length >= count && sent;
        },
        WITHIN_MS,
      ),
    lastPrompt: () => JSON.stringify(model.requests.at(-1)?.body.messages.at(-1)?.content),
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await model[Symbol.asyncDispose]();
      if (!given) await fake.close();
    },
  };
}
