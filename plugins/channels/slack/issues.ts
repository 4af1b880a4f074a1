import type { ChannelAccount, ChannelIssue } from "openclaw/plugin-sdk";
import { keysOf, placeOf } from "./account.ts";
import type { Session } from "./session.ts";

/** Without these the bot cannot hear, answer or say who wrote. */
const SCOPES: Readonly<Record<string, string>> = {
  "chat:write": "write",
  "im:history": "hear direct messages",
  "users:read": "tell who writes",
};

/** What keeps a connected bot from hearing or answering, and who has to mend it where (channels.md §3.3). */
export function issuesOf(account: ChannelAccount, session: Session | undefined): ChannelIssue[] {
  return [...configIssues(account), ...(session ? [...scopeIssues(session), ...refusals(session)] : [])];
}

function configIssues(account: ChannelAccount): ChannelIssue[] {
  const { channels = {}, userTokenReadOnly } = keysOf(account);
  const names = Object.keys(channels).filter((key) => key !== "*" && !/^[CG][A-Z0-9]+$/.test(key));
  const place = placeOf(account);
  return [
    ...names.map((name): ChannelIssue => ({
      kind: "config",
      message: `"${name}" in ${place}.channels is no id of a channel and opens none; channels can be renamed`,
      fix: "open the channel in Slack, choose its name and take the id at the end of the page, such as C0123456789",
    })),
    ...(userTokenReadOnly === false
      ? [
          {
            kind: "config",
            message: `${place}.userTokenReadOnly is false, but nothing is ever written in a person's name`,
            fix: "remove it; the bot writes with its own token",
          } as const,
        ]
      : []),
  ];
}

/** Slack tells which scopes a token has; where it does not, nothing is missing. */
function scopeIssues({ bot: { scopes } }: Session): ChannelIssue[] {
  if (scopes.length === 0) return [];
  const missing = Object.keys(SCOPES).filter((scope) => !scopes.includes(scope));
  return missing.map((scope) => ({
    kind: "permissions",
    message: `the bot lacks the scope ${scope}, and cannot ${SCOPES[scope] ?? "do all"}`,
    fix: 'add it on the page "OAuth & Permissions" of the app and install the app again',
  }));
}

function refusals({ refusals: known }: Session): ChannelIssue[] {
  return [...known].map(([id, text]) => ({ kind: "permissions", message: `${id}: ${text}` }));
}
