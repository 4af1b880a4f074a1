import { Config, errorText } from "openclaw/plugin-sdk";
import type { ChannelAccount, PluginGateway } from "openclaw/plugin-sdk";
import { keysOf } from "./account.ts";

/**
 * A group has become a supergroup and has another id: what the configuration says of it is moved there, unless
 * `configWrites` is off. Never fails; when the file cannot be written the operator is told what to write.
 */
export async function migrate(
  gateway: PluginGateway,
  account: ChannelAccount,
  from: string,
  to: string,
): Promise<void> {
  const { groups = {}, configWrites } = keysOf(account);
  if (!Object.hasOwn(groups, from) || Object.hasOwn(groups, to)) return;
  const advice = `group ${from} has become ${to}; rename it in channels.telegram.groups`;
  if (configWrites === false) return gateway.log.warn(advice);
  const ofAccount = `channels.telegram.accounts.${account.accountId}.groups`;
  const at = gateway.settings.get(`${ofAccount}.${from}`) === undefined ? "channels.telegram.groups" : ofAccount;
  try {
    await gateway.use(Config).write(
      {
        set: new Map<string, unknown>([
          [`${at}.${to}`, groups[from]],
          [`${at}.${from}`, undefined],
        ]),
      },
      { actor: "telegram" },
    );
    gateway.log.info(`group ${from} has become ${to}; the configuration has been changed`);
  } catch (error) {
    gateway.log.warn(`${advice} (${errorText(error)})`);
  }
}
