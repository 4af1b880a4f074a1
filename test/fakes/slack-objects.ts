/** An app as it is installed in one workspace. */
export interface FakeApp {
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly appId: string;
  readonly userId: string;
  readonly botId: string;
  readonly name: string;
  readonly teamId: string;
  readonly team: string;
  readonly scopes: readonly string[];
}

export interface FakeUser {
  readonly id: string;
  readonly name: string;
  readonly real_name?: string;
  readonly is_bot?: boolean;
}

export interface FakeChannel {
  readonly id: string;
  readonly name: string;
  readonly topic?: string;
  readonly is_mpim?: boolean;
  readonly is_private?: boolean;
}

export const FAKE_APP: FakeApp = {
  botToken: "xoxb-1-fakeBotToken0123456789",
  appToken: "xapp-1-fakeAppToken0123456789",
  signingSecret: "0123456789abcdef0123456789abcdef",
  appId: "A0FAKE0001",
  userId: "U0CLAWD001",
  botId: "B0CLAWD001",
  name: "clawd",
  teamId: "T0TEAM0001",
  team: "Team",
  scopes: [
    "chat:write",
    "im:history",
    "channels:history",
    "files:write",
    "files:read",
    "reactions:write",
    "users:read",
  ],
};

/** The direct channel of a person: its id tells whose it is. */
export function directId(userId: string): string {
  return `D${userId.slice(1)}`;
}

let last = 0;

/** The time of a message, which is its id in a channel: never the same one twice. */
export function timestamp(atMs: number = Date.now()): string {
  last = Math.max(last + 1, Math.floor(atMs * 1_000));
  return `${Math.floor(last / 1_000_000)}.${String(last % 1_000_000).padStart(6, "0")}`;
}

export function userObject({ id, name, real_name = name, is_bot = false }: FakeUser, teamId: string): object {
  return { id, team_id: teamId, name, real_name, deleted: false, is_bot, profile: { display_name: "", real_name } };
}

export function channelObject({ id, name, topic = "", is_mpim = false, is_private = false }: FakeChannel): object {
  return {
    id,
    name,
    is_channel: !is_mpim,
    is_group: is_private,
    is_im: false,
    is_mpim,
    is_member: true,
    topic: { value: topic },
    purpose: { value: "" },
  };
}
