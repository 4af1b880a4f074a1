import type { ChannelAccount, ChannelIssue } from "openclaw/plugin-sdk";
import { keysOf } from "./account.ts";
import type { GroupKeys } from "./account.ts";
import { userIdOf } from "./people.ts";

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
