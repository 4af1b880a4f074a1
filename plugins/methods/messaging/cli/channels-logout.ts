import { defineCommand } from "openclaw/plugin-sdk";
import { usage } from "./choose-channel.ts";
import { configuredChannels } from "./channel-section.ts";
import { text } from "./text.ts";

interface LoggedOut {
  readonly channel: string;
  readonly accountId: string;
  readonly cleared: boolean;
}

/** `openclaw channels logout`: forgets the link of an account to its network. */
export default defineCommand({
  options: {
    channel: { type: "string", describe: "channel id" },
    account: { type: "string", describe: "account of the channel" },
  },
  async run(context) {
    const { args, print } = context;
    const [only, ...others] = configuredChannels(context);
    const channel = text(args["channel"]) ?? (others.length === 0 ? only : undefined);
    if (channel === undefined) throw usage("which channel? see openclaw channels list", "channels logout");
    const accountId = text(args["account"]);
    const client = await context.connect();
    try {
      const params = { channel, ...(accountId !== undefined && { accountId }) };
      const done = await client.request<LoggedOut>("channels.logout", params);
      const what = `${done.channel} account ${done.accountId}`;
      print({ ok: true, ...done }, done.cleared ? `Logged out of ${what}` : `${what} was not linked`);
    } finally {
      await client.close();
    }
  },
});
