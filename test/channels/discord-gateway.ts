import { eventually } from "openclaw/plugin-sdk/testing";
import { FAKE_BOT, startFakeDiscord } from "../fakes/discord-server.ts";
import type { FakeDiscord, FakeDiscordOptions, FakeUser } from "../fakes/discord-server.ts";
import { startChannelGateway, WITHIN_MS } from "./channel-gateway.ts";
import type { Account, ChannelGateway, Issue } from "./channel-gateway.ts";

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

export interface Setup extends ChannelGateway {
  readonly fake: FakeDiscord;
  account(id?: string): Promise<Partial<Account>>;
  issues(): Promise<readonly Issue[]>;
  /** Texts that the bot posted, once there are so many. */
  posts(count: number, withinMs?: number): Promise<string[]>;
  configure(discord: object, rest?: object): void;
}

export interface SetupOptions {
  readonly discord?: object;
  readonly rest?: object;
  readonly fake?: FakeDiscordOptions;
  /** A fake that is there already; the caller closes it. */
  readonly with?: FakeDiscord;
  readonly home?: string;
}

/** A gateway with one Discord account, connected to a fake of Discord. */
export async function startDiscord(options: SetupOptions = {}): Promise<Setup> {
  const fake = options.with ?? (await startFakeDiscord({ guilds: [TEAM], ...options.fake }));
  const base = { token: FAKE_BOT.token, apiRoot: fake.url, allowFrom: [ANN.id] };
  const { discord: section, rest, home } = options;
  const channel = await startChannelGateway({ channel: "discord", base, section, rest, home });
  return {
    ...channel,
    fake,
    account: async (id = "default") =>
      (await channel.status()).accounts.find(({ accountId }) => accountId === id) ?? {},
    issues: async () => (await channel.status()).issues,
    posts: (count, withinMs = WITHIN_MS) =>
      eventually(
        `${count} posts`,
        () => fake.posted.length >= count && fake.posted.map(({ content }) => String(content)),
        withinMs,
      ),
    configure: (keys, more) => channel.gateway.writeConfig(channel.configOf(keys, more)),
    async [Symbol.asyncDispose]() {
      await channel[Symbol.asyncDispose]();
      if (!options.with) await fake.close();
    },
  };
}
