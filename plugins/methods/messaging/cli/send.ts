import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import { defineCommand } from "openclaw/plugin-sdk";
import { answered, chooseChannel, usage } from "./choose-channel.ts";
import { text } from "./text.ts";

const WAIT_MS = 30_000;
const COMMAND = "message send";

interface Sent {
  readonly runId: string;
  readonly messageId?: string;
  readonly chatId?: string;
  readonly status?: "queued" | "unknown";
  readonly queueId?: string;
}

/** `openclaw message send` (cli.md §4.1). The key it prints makes a repeated call harmless. */
export default defineCommand({
  options: {
    target: { type: "string", alias: "t", describe: "who gets it, in the channel's own syntax" },
    message: { type: "string", alias: "m", describe: "the text" },
    media: { type: "string", describe: "path or URL of a file" },
    channel: { type: "string", describe: "channel id" },
    account: { type: "string", describe: "account of the channel" },
    "reply-to": { type: "string", describe: "the network's id of a message to quote" },
    "thread-id": { type: "string", describe: "thread or topic of the target" },
    silent: { type: "boolean", describe: "without a sound, where the network has that" },
    "gif-playback": { type: "boolean", describe: "a video that plays as a GIF, where the network has that" },
    "dry-run": { type: "boolean", describe: "only say what would be sent" },
    "idempotency-key": { type: "string", describe: "repeat a call without sending twice" },
  },
  async run(context) {
    const { args, print } = context;
    const to = text(args["target"]);
    const message = text(args["message"]);
    const [mediaUrl, replyToId, threadId] = ["media", "reply-to", "thread-id"].map((name) => text(args[name]));
    if (to === undefined) throw usage("--target is needed", COMMAND);
    if (message === undefined && mediaUrl === undefined) throw usage("--message or --media is needed", COMMAND);
    const idempotencyKey = text(args["idempotency-key"]) ?? randomUUID();
    const client = await context.connect();
    try {
      const channel = text(args["channel"]) ?? chooseChannel(context, to, COMMAND);
      const accountId = text(args["account"]);
      const base = {
        ok: true,
        action: "send",
        channel,
        accountId: accountId ?? "default",
        target: to,
        to,
        idempotencyKey,
      };
      if (args["dry-run"] === true) {
        print({ ...base, dryRun: true }, `Would send to ${to} via ${channel}`);
        return;
      }
      const params = {
        to,
        channel,
        message: message ?? "",
        idempotencyKey,
        ...(accountId !== undefined && { accountId }),
        ...(mediaUrl !== undefined && { mediaUrl: located(mediaUrl) }),
        ...(replyToId !== undefined && { replyToId }),
        ...(threadId !== undefined && { threadId }),
        ...(args["silent"] === true && { silent: true }),
        ...(args["gif-playback"] === true && { gifPlayback: true }),
      };
      const sent = await answered(client.request<Sent>("send", params, { timeoutMs: WAIT_MS }));
      print({ ...base, messageId: sent.messageId, chatId: sent.chatId, payload: sent }, line(sent, channel, to));
    } finally {
      await client.close();
    }
  },
});

/** A file here is one that the shell means; else the gateway looks for it in the workspace. */
function located(media: string): string {
  if (isAbsolute(media) || /^[a-z][a-z0-9+.-]+:/i.test(media)) return media;
  const path = resolve(media);
  return existsSync(path) ? path : media;
}

function line({ status, messageId, queueId }: Sent, channel: string, to: string): string {
  if (status === undefined) return `Sent via ${channel} to ${to} (id ${messageId})`;
  return status === "queued"
    ? `Queued for ${channel} to ${to} (queue id ${queueId})`
    : `Outcome unknown: ${channel} to ${to} (queue id ${queueId})`;
}
