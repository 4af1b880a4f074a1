import type { ChannelAccount, ChannelIssue } from "openclaw/plugin-sdk";
import { keysOf } from "./account.ts";
import { grantedIntents } from "./intents.ts";
import { lacking } from "./permission.ts";
import type { Session } from "./session.ts";

/** What keeps a connected bot from hearing or answering, and who has to mend it where (channels.md §3.2). */
export function issuesOf(account: ChannelAccount, session: Session | undefined): ChannelIssue[] {
  if (!session) return [];
  const { messageContent } = grantedIntents(session.bot.flags);
  const intent: ChannelIssue[] =
    messageContent === "disabled"
      ? [
          {
            kind: "intent",
            message: "the bot does not see what is written in servers, unless it is mentioned",
            fix: 'turn on Message Content Intent on the page "Bot" of the Discord developer portal',
          },
        ]
      : [];
  const refusals = [...session.refusals].map(([id, text]): ChannelIssue => ({
    kind: "permissions",
    message: `channel ${id}: ${text}`,
  }));
  return [...intent, ...configuredPlaces(account, session), ...refusals];
}

/** Places that the configuration names and the bot cannot see or write in. */
function configuredPlaces(account: ChannelAccount, { places, bot }: Session): ChannelIssue[] {
  const guilds = Object.entries(keysOf(account).guilds ?? {}).filter(([id]) => id !== "*");
  return guilds.flatMap(([guildId, keys]): ChannelIssue[] => {
    const guild = places.guild(guildId);
    if (!guild)
      return [
        {
          kind: "permissions",
          message: `the bot is not in the server ${guildId}`,
          fix: "invite it, or take the server out of guilds",
        },
      ];
    const channels = Object.entries(keys?.channels ?? {}).filter(([id, rules]) => {
      return id !== "*" && rules?.allow !== false && rules?.enabled !== false;
    });
    return channels.flatMap(([id]): ChannelIssue[] => {
      const channel = places.channel(id);
      const lacks = channel ? lacking(channel, guild, bot.id) : ["View Channel"];
      if (lacks.length === 0) return [];
      const name = channel ? `#${channel.name} (${id})` : id;
      return [
        {
          kind: "permissions",
          message: `the bot may not ${lacks.join(" and ")} in ${name} of ${guild.name}`,
          fix: `give its role ${lacks.join(" and ")} in that channel, or take the channel out of guilds.${guildId}.channels`,
        },
      ];
    });
  });
}
