import type { GatewayClient } from "openclaw/plugin-sdk";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { FAKE_BOT, startFakeDiscord } from "../fakes/discord-server.ts";
import type { FakeDiscord, FakeDiscordOptions, FakeUser } from "../fakes/discord-server.ts";

export const ANN: FakeUser = { id: "100000000000000001", username: "ann", global_name: "Ann" };
export const BOB: FakeUser = { id: "100000000000000002", username: "bob", global_name: "Bob" };
export const GUILD = "200000000000000001";
export const ROOM = "300000000000000001";

export const TEAM: NonNullable<FakeDiscordOptions["guilds"]>[number] = {
  id: GUILD,
  name: "Team",
  channels: [
    { id: ROOM, name: "plans", topic: "what we plan" },
    { id: "300000000000000002", name: "other" },
  ],
  threads: [{ id: "300000000000000009", name: "details", parent_id: ROOM }],
};

export interface Trace {
  readonly state: string;
  readonly reason?: string;
  readonly sessionKey: string;
}

export interface Setup extends AsyncDisposable {
  readonly fake: FakeDiscord;
  readonly gateway: TestGateway;
  readonly client: GatewayClient;
  account(id?: string): Promise<Record<string, unknown>>;
  connected(id?: string): Promise<Record<string, unknown>>;
  issues(): Promise<
    { readonly accountId: string; readonly kind: string; readonly message: string; readonly fix?: string }[]
  >;
  /** Texts that the bot posted, once there are so many. */
  posts(count: number, withinMs?: number): Promise<string[]>;
  configure(discord: object, rest?: object): void;
  /** User turns that a model was asked for so far. */
  turns(sessionKey: string): Promise<string[]>;
}

export interface SetupOptions {
  readonly discord?: object;
  readonly rest?: object;
  readonly fake?: FakeDiscordOptions;
  /** A fake that is there already; the caller closes it. */
  readonly with?: FakeDiscord;
  readonly home?: string;
}

/** Other tests run on the same machine. */
const WITHIN_MS = 20_000;

/** A gateway with one Discord account, connected to a fake of Discord. */
export async function startDiscord(options: SetupOptions = {}): Promise<Setup> {
  const fake = options.with ?? (await startFakeDiscord({ guilds: [TEAM], ...options.fake }));
  const configOf = (discord: object = {}, rest: object = {}) => ({
    messages: { queue: { mode: "followup" } },
    ...rest,
    channels: { discord: { token: FAKE_BOT.token, apiRoot: fake.url, allowFrom: [ANN.id], ...discord } },
  });
  const gateway = await startTestGateway({
    config: configOf(options.discord, options.rest),
    ...(options.home !== undefined && { home: options.home }),
  });
  const client = await gateway.client();
  interface Status {
    readonly channelAccounts: Readonly<Record<string, readonly Record<string, unknown>[]>>;
    readonly issues: Awaited<ReturnType<Setup["issues"]>>;
  }
  const status = () => client.request<Status>("channels.status", {});
  const account = async (id = "default") =>
    (await status()).channelAccounts["discord"]?.find(({ accountId }) => accountId === id) ?? {};
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
    posts: (count, withinMs = WITHIN_MS) =>
      eventually(
        `${count} posts`,
        () => fake.posted.length >= count && fake.posted.map(({ content }) => String(content)),
        withinMs,
      ),
    configure: (discord, rest) => gateway.writeConfig(configOf(discord, rest)),
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
