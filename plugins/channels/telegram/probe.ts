import type { ChannelAccount, Probe } from "openclaw/plugin-sdk";
import { keysOf } from "./account.ts";
import type { Client } from "./client.ts";
import { failureOf } from "./failure.ts";

const MAX_AUDITED = 20;

/** Asks Telegram who the bot is, how updates come, and whether it is in the groups that the configuration names. */
export async function probeAccount(account: ChannelAccount, client: Client, signal: AbortSignal): Promise<Probe> {
  try {
    const [me, hook] = await Promise.all([
      client.call((raw, until) => raw.getMe(until), signal),
      client.call((raw, until) => raw.getWebhookInfo(until), signal),
    ]);
    const audit = await auditGroups(account, client, me.id, signal);
    return {
      ok: true,
      bot: {
        id: me.id,
        username: me.username,
        canJoinGroups: me.can_join_groups,
        canReadAllGroupMessages: me.can_read_all_group_messages,
        supportsInlineQueries: me.supports_inline_queries,
      },
      webhook: { url: hook.url ?? "", hasCustomCert: hook.has_custom_certificate },
      ...(audit && { audit }),
    };
  } catch (error) {
    const { kind, message } = failureOf(error, signal);
    return { ok: false, status: kind, error: message };
  }
}

/** Is the bot in the groups that are named by their ids? */
async function auditGroups(account: ChannelAccount, client: Client, botId: number, signal: AbortSignal) {
  const ids = Object.keys(keysOf(account).groups ?? {})
    .filter((id) => /^-\d+$/.test(id))
    .slice(0, MAX_AUDITED);
  if (ids.length === 0) return undefined;
  const groups = await Promise.all(
    ids.map(async (chatId) => {
      try {
        const { status } = await client.call(
          (raw, until) => raw.getChatMember({ chat_id: chatId, user_id: botId }, until),
          signal,
        );
        return { chatId, ok: status !== "left" && status !== "kicked", status };
      } catch (error) {
        return { chatId, ok: false, error: failureOf(error, signal).message };
      }
    }),
  );
  return { ok: groups.every(({ ok }) => ok), groups };
}
