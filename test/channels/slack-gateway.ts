import type { GatewayClient } from "openclaw/plugin-sdk";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { FAKE_APP, startFakeSlack } from "../fakes/slack-server.ts";
import type { FakeChannel, FakeSlack, FakeSlackOptions, FakeUser } from "../fakes/slack-server.ts";

export const ANN: FakeUser = { id: "U0ANN00001", name: "ann", real_name: "Ann" };
export const BOB: FakeUser = { id: "U0BOB00001", name: "bob", real_name: "Bob" };
export const ROOM = "C0PLANS001";
export const OTHER = "C0OTHER001";
export const CHANNELS: readonly FakeChannel[] = [
  { id: ROOM, name: "plans", topic: "what we plan" },
  { id: OTHER, name: "other" },
  { id: "G0GROUP001", name: "mpdm-ann--bob--clawd-1", is_mpim: true },
];

export interface Issue {
  readonly accountId: string;
  readonly kind: string;
  readonly message: string;
  readonly fix?: string;
}

export interface Setup extends AsyncDisposable {
  readonly fake: FakeSlack;
  readonly gateway: TestGateway;
  readonly client: GatewayClient;
  account(id?: string): Promise<Record<string, unknown>>;
  connected(id?: string): Promise<Record<string, unknown>>;
  issues(): Promise<readonly Issue[]>;
  /** Texts that the bot posted, once there are so many. */
  posts(count: number): Promise<string[]>;
  configure(slack: object, rest?: object): void;
  /** User turns that a model was asked for so far. */
  turns(sessionKey: string): Promise<string[]>;
}

export interface SetupOptions {
  readonly slack?: object;
  readonly rest?: object;
  readonly fake?: FakeSlackOptions;
  /** A fake that is there already; the caller closes it. */
  readonly with?: FakeSlack;
  readonly home?: string;
}

/** Other tests run on the same machine. */
const WITHIN_MS = 20_000;

/** A gateway with one Slack account, connected to a fake of Slack. */
export async function startSlack(options: SetupOptions = {}): Promise<Setup> {
  const fake = options.with ?? (await startFakeSlack({ users: [ANN, BOB], channels: CHANNELS, ...options.fake }));
  const { botToken, appToken } = FAKE_APP;
  const configOf = (slack: object = {}, rest: object = {}) => ({
    messages: { queue: { mode: "followup" } },
    ...rest,
    channels: { slack: { botToken, appToken, apiRoot: fake.url, allowFrom: [ANN.id], ...slack } },
  });
  const gateway = await startTestGateway({
    config: configOf(options.slack, options.rest),
    ...(options.home !== undefined && { home: options.home }),
  });
  const client = await gateway.client();
  interface Status {
    readonly channelAccounts: Readonly<Record<string, readonly Record<string, unknown>[]>>;
    readonly issues: readonly Issue[];
  }
  const status = () => client.request<Status>("channels.status", {});
  const account = async (id = "default") =>
    (await status()).channelAccounts["slack"]?.find(({ accountId }) => accountId === id) ?? {};
  return {
    fake,
    gateway,
    client,
    account,
    issues: async () => (await status()).issues,
    connected: (id) =>
      eventually(
        "the account is connected",
        async () => {
          const one = await account(id);
          return one["connected"] === true && one;
        },
        WITHIN_MS,
      ),
    posts: (count) =>
      eventually(
        `${count} posts`,
        () => fake.posted.length >= count && fake.posted.map(({ text }) => String(text)),
        WITHIN_MS,
      ),
    configure: (slack, rest) => gateway.writeConfig(configOf(slack, rest)),
    async turns(sessionKey) {
      const history = await client.request<{ messages: { role: string; content: { text: string }[] }[] }>(
        "chat.history",
        { sessionKey },
      );
      return history.messages.filter(({ role }) => role === "user").map(({ content }) => content[0]?.text ?? "");
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      if (!options.with) await fake.close();
    },
  };
}
