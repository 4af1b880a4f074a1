import { eventually } from "openclaw/plugin-sdk/testing";
import { FAKE_APP, startFakeSlack } from "../fakes/slack-server.ts";
import type { FakeChannel, FakeSlack, FakeSlackOptions, FakeUser } from "../fakes/slack-server.ts";
import { startChannelGateway, WITHIN_MS } from "./channel-gateway.ts";
import type { Account, ChannelGateway, Issue } from "./channel-gateway.ts";

export const ANN: FakeUser = { id: "U0ANN00001", name: "ann", real_name: "Ann" };
export const BOB: FakeUser = { id: "U0BOB00001", name: "bob", real_name: "Bob" };
export const ROOM = "C0PLANS001";
export const OTHER = "C0OTHER001";
export const CHANNELS: readonly FakeChannel[] = [
  { id: ROOM, name: "plans", topic: "what we plan" },
  { id: OTHER, name: "other" },
  { id: "G0GROUP001", name: "mpdm-ann--bob--clawd-1", is_mpim: true },
];

export interface Setup extends ChannelGateway {
  readonly fake: FakeSlack;
  account(id?: string): Promise<Partial<Account>>;
  issues(): Promise<readonly Issue[]>;
  /** Texts that the bot posted, once there are so many. */
  posts(count: number): Promise<string[]>;
  configure(slack: object, rest?: object): void;
}

export interface SetupOptions {
  readonly slack?: object;
  readonly rest?: object;
  readonly fake?: FakeSlackOptions;
  /** A fake that is there already; the caller closes it. */
  readonly with?: FakeSlack;
  readonly home?: string;
}

/** A gateway with one Slack account, connected to a fake of Slack. */
export async function startSlack(options: SetupOptions = {}): Promise<Setup> {
  const fake = options.with ?? (await startFakeSlack({ users: [ANN, BOB], channels: CHANNELS, ...options.fake }));
  const { botToken, appToken } = FAKE_APP;
  const base = { botToken, appToken, apiRoot: fake.url, allowFrom: [ANN.id] };
  const { slack: section, rest, home } = options;
  const channel = await startChannelGateway({ channel: "slack", base, section, rest, home });
  return {
    ...channel,
    fake,
    account: async (id = "default") =>
      (await channel.status()).accounts.find(({ accountId }) => accountId === id) ?? {},
    issues: async () => (await channel.status()).issues,
    posts: (count) =>
      eventually(
        `${count} posts`,
        () => fake.posted.length >= count && fake.posted.map(({ text }) => String(text)),
        WITHIN_MS,
      ),
    configure: (keys, more) => channel.gateway.writeConfig(channel.configOf(keys, more)),
    async [Symbol.asyncDispose]() {
      await channel[Symbol.asyncDispose]();
      if (!options.with) await fake.close();
    },
  };
}
