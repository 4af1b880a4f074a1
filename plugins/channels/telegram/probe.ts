import type { ChannelAccount, ChannelIssue, Probe } from "openclaw/plugin-sdk";
import { keysOf } from "./account.ts";
import type { GroupKeys } from "./account.ts";
import type { Client } from "./client.ts";
import { failureOf } from "./failure.ts";
import { userIdOf } from "./people.ts";

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

/** What is known of a bot from `getMe`. */
export interface BotFacts {
  readonly canReadAll: boolean;
}

/** What the operator can mend: names where ids belong, and a bot that is not shown what it is to hear. */
export function issuesOf(account: ChannelAccount, bot: BotFacts | undefined): ChannelIssue[] {
  const keys = keysOf(account);
  const issues: ChannelIssue[] = [];
  const names = listsOf(account)
    .flat()
    .map(String)
    .filter((entry) => entry.trim() !== "*" && userIdOf(entry) === undefined);
  for (const name of new Set(names)) {
    issues.push({
      kind: "config",
      message: `"${name}" is no Telegram user id and lets nobody in; names can be taken over`,
      fix: "let this person write to the bot, then take the id from openclaw pairing list, or from /whoami",
    });
  }
  const hearsAll = groupsOf(keys.groups).some(({ requireMention }) => requireMention === false);
  if (hearsAll && bot?.canReadAll === false) {
    issues.push({
      kind: "permissions",
      message: "requireMention is false for a group, but privacy mode hides its messages from the bot",
      fix: "turn it off with /setprivacy at @BotFather, then remove the bot from the group and add it again",
    });
  }
  return issues;
}

function listsOf(account: ChannelAccount): (readonly (string | number)[])[] {
  const { allowFrom = [], groupAllowFrom = [], groups } = keysOf(account);
  return [allowFrom, groupAllowFrom, ...groupsOf(groups).map((group) => group.allowFrom ?? [])];
}

/** Groups and their topics. */
export function groupsOf(groups: Readonly<Record<string, GroupKeys | undefined>> = {}): GroupKeys[] {
  return Object.values(groups).flatMap((group) => (group ? [group, ...groupsOf(group.topics)] : []));
}
