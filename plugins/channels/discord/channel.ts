import { GatewayError, Skills } from "openclaw/plugin-sdk";
import type { ChannelAccount, ChannelDef, OutboxEntry, PluginGateway } from "openclaw/plugin-sdk";
import { renderMarkdown, tableMode } from "openclaw/plugin-sdk/markdown";
import { describe, unconfigured } from "./account.ts";
import { Accounts } from "./accounts.ts";
import { deliver, lookBack } from "./deliver.ts";
import { download } from "./download.ts";
import { failureOf } from "./failure.ts";
import { issuesOf } from "./issues.ts";
import { stripMentions } from "./parse.ts";
import { probe } from "./probe.ts";
import { editBody, emojiPath } from "./render.ts";
import { HINT, parseTarget, personId } from "./targets.ts";

/** Discord, as a bot: one connection per account. */
export function createDiscord(gateway: PluginGateway): ChannelDef {
  const accounts = new Accounts(gateway);
  gateway.hooks.configChanged.tap(() => accounts.showMenus());
  gateway.hooks.pluginState.tap(() => accounts.showMenus());
  gateway.hooks.of(Skills).changed.tap(() => accounts.showMenus());

  return {
    label: "Discord",
    meta: {
      detailLabel: "Discord Bot",
      systemImage: "bubble.left.and.bubble.right",
      blurb: "a bot in servers and direct messages",
      order: 20,
    },
    capabilities: {
      chatTypes: ["direct", "group", "channel"],
      threads: true,
      media: true,
      nativeMentions: true,
      reply: true,
      reactions: true,
      edit: true,
      delete: true,
      poll: true,
      buttons: true,
      cards: false,
      nativeCommands: true,
      typing: true,
      readReceipts: false,
    },
    limits: { text: 2_000, textHard: 2_000, caption: 2_000, lines: 17, mediaMaxMb: 8, pollOptions: 10, history: 20 },
    restartKeys: ["enabled", "token", "intents", "apiRoot"],
    reportsConnection: true,
    people: { idLabel: "Discord user id", normalize: personId },
    targets: {
      hint: HINT,
      parse: (raw, account) =>
        parseTarget(raw, (name, guild) => accounts.get(account)?.session.places.find(name, guild) ?? []),
    },
    unconfigured,
    describe,
    start: (context) => accounts.start(context),
    format,
    async deliver(entry, account, signal) {
      if (entry.payload.poll && isOff(account, "polls"))
        return { outcome: "not_sent", retryable: false, reason: offText("polls") };
      const live = accounts.get(account);
      if (!live) return { outcome: "not_sent", retryable: true, reason: "Discord is not connected" };
      return deliver(entry, live, signal);
    },
    async lookBack(entry, account, signal) {
      const live = accounts.get(account);
      if (!live) return { outcome: "unknown", reason: "Discord is not connected" };
      return lookBack(asSent(entry, account), live, signal);
    },
    stripMentions(text, account) {
      const session = accounts.get(account)?.session;
      return session ? stripMentions(text, session.bot.id, session.places.ownRoles()) : text;
    },
    probe: (account, signal) => probe(account, accounts.get(account)?.session, signal),
    issues: (account) => issuesOf(account, accounts.get(account)?.session),
    download,
    typing: (address, account) => accounts.connected(account).typing(address),
    async react(address, messageId, emoji, account) {
      allowed(account, "reactions");
      await told(() => accounts.connected(account).react(address, messageId, emoji === "" ? "" : emojiPath(emoji)));
    },
    async edit(address, messageId, payload, account) {
      allowed(account, "messages");
      const session = accounts.connected(account);
      await told(async () => {
        await session.api.object("PATCH", await session.pathOf(address, messageId), { body: editBody(payload) });
      });
    },
    async remove(address, messageId, account) {
      allowed(account, "messages");
      await told(() => accounts.connected(account).remove(address, messageId));
    },
  };
}

/** What the configuration does not let agents do. */
function isOff({ config }: ChannelAccount, action: string): boolean {
  return (config["actions"] as Readonly<Record<string, boolean>> | undefined)?.[action] === false;
}

function offText(action: string): string {
  return `Discord: channels.discord.actions.${action} is off`;
}

function allowed(account: ChannelAccount, action: string): void {
  if (isOff(account, action)) throw new GatewayError("INVALID_REQUEST", offText(action));
}

function format(markdown: string, { config }: ChannelAccount): string {
  return renderMarkdown(markdown, "discord", { tables: tableMode(config) });
}

/** An entry with the text that Discord was given. */
function asSent(entry: OutboxEntry, account: ChannelAccount): OutboxEntry {
  const { payload } = entry;
  if ((payload.format ?? "markdown") !== "markdown") return entry;
  return { ...entry, payload: { ...payload, text: format(payload.text, account) } };
}

/** Errors of the library hold what was sent; people are told what Discord said of it. */
async function told(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    const failure = failureOf(error);
    const code = failure.kind === "refused" ? "INVALID_REQUEST" : "UNAVAILABLE";
    throw new GatewayError(code, failure.text, {
      ...(failure.kind === "throttled" && { retryAfterMs: failure.retryAfterMs }),
    });
  }
}
