import { ChannelError } from "openclaw/plugin-sdk";
import type {
  ChannelAccount,
  ChannelDef,
  ChannelLogin,
  DeliveryOutcome,
  Logger,
  OutboxEntry,
  ReplyAddress,
} from "openclaw/plugin-sdk";
import { renderStyled, tableMode } from "openclaw/plugin-sdk/markdown";
import { baseUrl, keysOf, RESTART_KEYS, startsDaemon, unconfigured } from "./account.ts";
import { run } from "./connection.ts";
import type { Live } from "./connection.ts";
import { failureOf, outcomeOf, SignalFailure } from "./failure.ts";
import type { MediaReference } from "./parse.ts";
import { normalizePerson, otherIds } from "./people.ts";
import { Rpc } from "./rpc.ts";
import { parseTarget, recipientOf, TARGET_HINT } from "./target.ts";

/** Authors of messages that we may react to: a reaction names its author. */
const MAX_AUTHORS = 2_000;
const UPLOAD_MS = 120_000;

/** Signal. Says who wrote what and does what it is told; who may write is not decided here. */
export function createSignal(log: Logger, login: ChannelLogin): ChannelDef {
  const lives = new Map<string, Live>();
  const authors = new Map<string, string>();
  const remember = (accountId: string, messageId: string, author: string) => {
    authors.set(`${accountId} ${messageId}`, author);
    if (authors.size > MAX_AUTHORS) authors.delete(authors.keys().next().value as string);
  };

  function running({ accountId }: ChannelAccount): Live {
    const live = lives.get(accountId);
    if (!live) throw new ChannelError("transient", `signal account ${accountId} is not running`);
    return live;
  }

  return {
    label: "Signal",
    meta: {
      detailLabel: "Signal REST",
      systemImage: "antenna.radiowaves.left.and.right",
      blurb: "A linked device of your phone, through signal-cli",
      order: 50,
    },
    capabilities: {
      chatTypes: ["direct", "group"],
      media: true,
      nativeMentions: true,
      reactions: true,
      delete: true,
      typing: true,
      readReceipts: true,
    },
    limits: { text: 4_000, mediaMaxMb: 8 },
    reportsConnection: true,
    restartKeys: RESTART_KEYS,
    people: { idLabel: "Signal number", normalize: normalizePerson, aliases: otherIds },
    targets: { hint: TARGET_HINT, parse: parseTarget },
    unconfigured,
    login,
    describe: (account) => ({
      baseUrl: baseUrl(account),
      dmPolicy: keysOf(account).dmPolicy ?? "pairing",
      mode: startsDaemon(account) ? "own-daemon" : "daemon",
    }),

    async start(context) {
      const { accountId } = context.account;
      try {
        await run({
          context: {
            ...context,
            accept(envelope) {
              // A reaction carries the id of a message that somebody else wrote.
              if (envelope.kind !== "reaction") remember(accountId, envelope.messageId, envelope.sender.id);
              return context.accept(envelope);
            },
          },
          log,
          known: (live) => void lives.set(accountId, live),
        });
      } finally {
        lives.delete(accountId);
      }
    },

    async deliver(entry, account, signal) {
      const live = lives.get(account.accountId);
      if (!live) return { outcome: "not_sent", retryable: true, reason: "the account is not running" };
      const outcome = await deliver(entry, account, live.rpc, signal);
      if (outcome.outcome === "sent") remember(account.accountId, outcome.messageId, live.reader.number);
      return outcome;
    },

    async typing({ to }, account) {
      await running(account).rpc.call("sendTyping", oneOf(to));
    },

    async markRead({ to }, messageId, account) {
      if (to.startsWith("group:")) return;
      const targetTimestamp = Number(messageId);
      await running(account).rpc.call("sendReceipt", {
        recipient: to.replace(/^uuid:/, ""),
        targetTimestamp,
        type: "read",
      });
    },

    async react({ to }, messageId, emoji, account) {
      if (keysOf(account).actions?.reactions === false)
        throw new ChannelError("transient", "reactions are switched off by channels.signal.actions.reactions");
      const known = authors.get(`${account.accountId} ${messageId}`);
      const targetAuthor = known ?? (to.startsWith("group:") ? undefined : to);
      if (targetAuthor === undefined)
        throw new ChannelError(
          "transient",
          `who wrote message ${messageId} is not known; a reaction in a group names the author`,
        );
      await running(account).rpc.call("sendReaction", {
        ...recipientOf(to),
        // Taking one back names any emoji.
        emoji: emoji === "" ? "👍" : emoji,
        targetAuthor: targetAuthor.replace(/^uuid:/, ""),
        targetTimestamp: Number(messageId),
        ...(emoji === "" && { remove: true }),
      });
    },

    async remove({ to }, messageId, account) {
      await running(account).rpc.call("remoteDelete", { ...recipientOf(to), targetTimestamp: Number(messageId) });
    },

    async download({ ref = "{}", contentType, fileName }, account, signal) {
      const { id, chatId } = JSON.parse(ref) as MediaReference;
      const place =
        chatId.startsWith("+") || chatId.startsWith("uuid:")
          ? { recipient: chatId.replace(/^uuid:/, "") }
          : { groupId: chatId };
      const { data } = await running(account).rpc.call<{ data: string }>(
        "getAttachment",
        { id, ...place },
        { signal, timeoutMs: UPLOAD_MS },
      );
      return {
        body: asStream(Buffer.from(data, "base64")),
        ...(contentType !== undefined && { contentType }),
        ...(fileName !== undefined && { fileName }),
      };
    },

    async probe(account, signal) {
      const missing = unconfigured(account);
      if (missing !== undefined) return { ok: false, error: missing };
      const startedAt = performance.now();
      const rpc = lives.get(account.accountId)?.rpc ?? new Rpc(baseUrl(account), keysOf(account).account as string);
      try {
        const { version } = await rpc.call<{ version?: string }>("version", {}, { signal });
        return {
          ok: true,
          status: 200,
          version: version ?? null,
          elapsedMs: Math.round(performance.now() - startedAt),
        };
      } catch (error) {
        return {
          ok: false,
          error: failureOf(error, signal).message,
          elapsedMs: Math.round(performance.now() - startedAt),
        };
      }
    },
  };
}

/** One attempt. The daemon has no token for repeats: what was cut off is not known. */
async function deliver(
  { address, payload, media = [] }: OutboxEntry,
  account: ChannelAccount,
  rpc: Rpc,
  signal: AbortSignal | undefined,
): Promise<DeliveryOutcome> {
  const { text, styles } =
    payload.format === "plain" || payload.format === "native"
      ? { text: payload.text, styles: [] }
      : renderStyled(payload.text, { tables: tableMode(account.config) });
  try {
    const { timestamp } = await rpc.call<{ timestamp?: number }>(
      "send",
      {
        ...recipientOf(address.to),
        message: text,
        ...(media.length > 0 && { attachments: media.map(({ path }) => path) }),
        ...(styles.length > 0 && {
          textStyle: styles.map(({ start, length, style }) => `${start}:${length}:${style}`),
        }),
      },
      { signal, timeoutMs: UPLOAD_MS },
    );
    if (timestamp === undefined) return { outcome: "unknown", reason: "signal-cli told no timestamp" };
    return { outcome: "sent", messageId: String(timestamp), chatId: chatOf(address) };
  } catch (error) {
    return outcomeOf(error instanceof SignalFailure ? error : failureOf(error, signal));
  }
}

function chatOf({ to }: ReplyAddress): string {
  return to.startsWith("group:") ? to.slice("group:".length) : to;
}

async function* asStream(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** A single recipient, for methods that take one. */
function oneOf(to: string): object {
  return to.startsWith("group:") ? { groupId: to.slice("group:".length) } : { recipient: to.replace(/^uuid:/, "") };
}
