import { GatewayError } from "openclaw/plugin-sdk";
import type { ChannelAccount, ChannelDef, PluginGateway } from "openclaw/plugin-sdk";
import { renderMarkdown, tableMode } from "openclaw/plugin-sdk/markdown";
import { describe, keysOf, unconfigured } from "./account.ts";
import { Accounts } from "./accounts.ts";
import { deliver, lookBack } from "./deliver.ts";
import { findByName } from "./directory.ts";
import { download } from "./download.ts";
import { failureOf } from "./failure.ts";
import { issuesOf } from "./issues.ts";
import { stripMentions } from "./parse.ts";
import { probe } from "./probe.ts";
import { contentOf, emojiName, Unsendable } from "./render.ts";
import { HINT, parseTarget, personId } from "./targets.ts";
import { checkedTimestamp } from "./timestamp.ts";
import type { Webhooks } from "./webhook.ts";

/** Keys that the connection is made with; every other is read when it is needed (channels.md §1.18). */
const RESTART_KEYS = `enabled mode botToken appToken userToken signingSecret webhookPath slashCommand apiRoot`.split(
  " ",
);

/** Slack, as an app with a bot: one workspace per account, by Socket Mode or by requests to the gateway. */
export function createSlack(gateway: PluginGateway, webhooks: Webhooks): ChannelDef {
  const accounts = new Accounts(gateway, webhooks);
  return {
    label: "Slack",
    meta: {
      detailLabel: "Slack Bot",
      systemImage: "number",
      blurb: "a bot in the channels and direct messages of a workspace",
      order: 30,
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
      poll: false,
      buttons: true,
      cards: false,
      nativeCommands: true,
      typing: false,
      readReceipts: false,
    },
    limits: {
      text: 4_000,
      textHard: 40_000,
      caption: 4_000,
      mediaMaxMb: 20,
      // Slack lets about one message a second into a channel, with some more now and then.
      rate: { target: { count: 5, perMs: 5_000 } },
    },
    restartKeys: RESTART_KEYS,
    reportsConnection: true,
    people: { idLabel: "Slack user id", normalize: personId },
    targets: {
      hint: HINT,
      parse: (raw, account) =>
        parseTarget(raw, (name, kind) => told(() => findByName(accounts.connected(account).reads, name, kind))),
    },
    unconfigured: (account) => unconfigured(account),
    describe,
    start: (context) => accounts.start(context),
    format: (markdown, { config }) => renderMarkdown(markdown, "slack", { tables: tableMode(config) }),
    async deliver(entry, account, signal) {
      const live = accounts.get(account);
      if (!live) return { outcome: "not_sent", retryable: true, reason: "Slack is not connected" };
      return deliver(entry, live, signal);
    },
    async lookBack(entry, account, signal) {
      const live = accounts.get(account);
      if (!live) return { outcome: "unknown", reason: "Slack is not connected" };
      return lookBack(entry, live, signal);
    },
    stripMentions(text, account) {
      const session = accounts.get(account)?.session;
      return session ? stripMentions(text, session.bot.userId) : text;
    },
    probe: (account, signal) => probe(account, accounts.get(account)?.session, gateway.log, signal),
    issues: (account) => issuesOf(account, accounts.get(account)?.session),
    download: (media, account, signal) => download(media, account, accounts.get(account)?.session, signal),
    async react(address, messageId, emoji, account) {
      assertAction(account, "reactions");
      await told(() => accounts.connected(account).react(address, messageId, emoji === "" ? "" : emojiName(emoji)));
    },
    async edit(address, messageId, payload, account) {
      assertAction(account, "messages");
      const session = accounts.connected(account);
      await told(async () => {
        const channel = await session.channelOf(address);
        const ts = checkedTimestamp(messageId);
        // Blocks that are there would stay, and hide the text.
        await session.api.call("chat.update", { channel, ts, blocks: [], ...contentOf(payload) });
      });
    },
    async remove(address, messageId, account) {
      assertAction(account, "messages");
      await told(() => accounts.connected(account).remove(address, messageId));
    },
  };
}

/** What the configuration does not let agents do. */
function assertAction(account: ChannelAccount, name: string): void {
  if (keysOf(account).actions?.[name] === false)
    throw new GatewayError("INVALID_REQUEST", `channels.slack.actions.${name} is off`);
}

/** Errors of the library hold what was sent; people are told what Slack said of it. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    if (error instanceof Unsendable) throw new GatewayError("INVALID_REQUEST", error.message);
    const failure = failureOf(error);
    throw new GatewayError(failure.kind === "refused" ? "INVALID_REQUEST" : "UNAVAILABLE", failure.text, {
      ...(failure.kind === "throttled" && { retryAfterMs: failure.retryAfterMs }),
    });
  }
}
