import { CliError, defineCommand } from "openclaw/plugin-sdk";
import { accountsOf, sectionOf } from "./channel-section.ts";
import { usage } from "./choose-channel.ts";
import { text } from "./text.ts";

/** `openclaw channels remove <channel>`: switches it off, or takes its section away with `--delete`. */
export default defineCommand({
  local: true,
  anyConfig: true,
  options: {
    channel: { type: "string", describe: "channel id" },
    account: { type: "string", describe: "one account only" },
    delete: { type: "boolean", describe: "take its keys out of the file instead of switching it off" },
  },
  async run(context) {
    const { args, config, print } = context;
    const channel = text(args["channel"]);
    const account = text(args["account"]);
    if (channel === undefined) throw usage("which channel? see openclaw channels list", "channels remove");
    const section = sectionOf(context, channel);
    if (!section) throw new CliError(`${channel} is not configured`, { code: "NOT_FOUND" });
    const hasAccounts = section["accounts"] !== undefined;
    if (account !== undefined && !accountsOf(section).includes(account))
      throw new CliError(`${channel} has no account ${account}; it has ${accountsOf(section).join(", ")}`, {
        code: "NOT_FOUND",
      });
    const path = `channels.${channel}${account !== undefined && hasAccounts ? `.accounts.${account}` : ""}`;
    const isGone = args["delete"] === true;
    await config.write(new Map([isGone ? [path, undefined] : [`${path}.enabled`, false]]));
    const what = account === undefined ? channel : `${channel} account ${account}`;
    print(
      { ok: true, channel, accountId: account ?? null, deleted: isGone },
      isGone ? `Deleted ${what} from the configuration` : `Switched ${what} off`,
    );
  },
});
