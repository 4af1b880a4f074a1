import { Config, errorText } from "openclaw/plugin-sdk";
import type { ChannelAccount, PluginGateway } from "openclaw/plugin-sdk";
import { keysOf } from "./account.ts";

/**
 * A channel has another id, as after it was shared with another workspace: what the configuration says of it is moved
 * there, unless `configWrites` is off. Never fails; when the file cannot be written the operator is told what to write.
 */
export async function migrate(
  gateway: PluginGateway,
  account: ChannelAccount,
  from: string,
  to: string,
): Promise<void> {
  const { channels = {}, configWrites } = keysOf(account);
  const isChannel = [from, to].every((id) => /^[CG][A-Z0-9]+$/.test(id));
  if (!isChannel || !Object.hasOwn(channels, from) || Object.hasOwn(channels, to)) return;
  const advice = `channel ${from} has become ${to}; rename it in channels.slack.channels`;
  if (configWrites === false) return gateway.log.warn(advice);
  const ofAccount = `channels.slack.accounts.${account.accountId}.channels`;
  const at = gateway.settings.get(`${ofAccount}.${from}`) === undefined ? "channels.slack.channels" : ofAccount;
  const set = new Map<string, unknown>([
    [`${at}.${to}`, channels[from]],
    [`${at}.${from}`, undefined],
  ]);
  try {
    await gateway.use(Config).write({ set }, { actor: "slack" });
    gateway.log.info(`channel ${from} has become ${to}; the configuration has been changed`);
  } catch (error) {
    gateway.log.warn(`${advice} (${errorText(error)})`);
  }
}
