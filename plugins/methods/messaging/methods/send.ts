import { closed, GatewayError, IdempotencyKey, NonEmptyString, Type } from "openclaw/plugin-sdk";
import type { OutboxEntry, PluginGateway, ReplyPayload, SessionsApi } from "openclaw/plugin-sdk";
import type { Channels } from "../channels.ts";
import type { IdempotencyKeys } from "../idempotency.ts";
import type { Mirror } from "../mirror.ts";
import type { Outbox } from "../outbox.ts";
import { resolveTarget } from "../target.ts";
import type { Resolved } from "../target.ts";
import { SentShape } from "./shape.ts";

/** How long `send` waits for the channel before it answers that the message is queued. */
const SEND_WAIT_MS = 10_000;
const DEFAULT_CHANNEL = "whatsapp";

export interface SendParts {
  readonly channels: Channels;
  readonly outbox: Outbox;
  readonly keys: IdempotencyKeys;
  readonly mirror: Mirror;
  readonly sessions: SessionsApi;
}

const Address = {
  to: NonEmptyString,
  channel: Type.Optional(Type.String()),
  accountId: Type.Optional(Type.String()),
};

const SendParams = closed({
  ...Address,
  /** May be empty beside media. */
  message: Type.String(),
  mediaUrl: Type.Optional(Type.String()),
  mediaUrls: Type.Optional(Type.Array(Type.String())),
  gifPlayback: Type.Optional(Type.Boolean()),
  /** Thread or topic of the target. */
  threadId: Type.Optional(NonEmptyString),
  /** The network's id of a message to quote. */
  replyToId: Type.Optional(NonEmptyString),
  /** Without a sound, where the network has that. */
  silent: Type.Optional(Type.Boolean()),
  sessionKey: Type.Optional(Type.String()),
  idempotencyKey: IdempotencyKey,
});

const PollParams = closed({
  ...Address,
  question: NonEmptyString,
  options: Type.Array(NonEmptyString, { minItems: 2, maxItems: 12 }),
  maxSelections: Type.Optional(Type.Integer({ minimum: 1, maximum: 12 })),
  durationHours: Type.Optional(Type.Integer({ minimum: 1 })),
  idempotencyKey: IdempotencyKey,
});

/** `send` and `poll`: one effect per key, and an answer that says what became of it (protocol.md §9.6). */
export function registerSend(gateway: PluginGateway, parts: SendParts): void {
  gateway.method({
    name: "send",
    scope: "operator.write",
    idempotent: true,
    params: SendParams,
    result: SentShape,
    async handle(params) {
      const { to, channel = DEFAULT_CHANNEL, accountId, message, mediaUrl, mediaUrls, gifPlayback } = params;
      const { threadId, replyToId, silent } = params;
      const hasMedia = Boolean(mediaUrl) || Boolean(mediaUrls?.length);
      if (message === "" && !hasMedia) {
        const text = "invalid send params: at /message: must NOT have fewer than 1 characters";
        throw new GatewayError("INVALID_REQUEST", text);
      }
      const found = await resolveTarget({ to, channel, accountId }, parts.channels, "unsupported channel");
      const target = threadId === undefined ? found : { ...found, address: { ...found.address, threadId } };
      if (hasMedia) needs(target, "media");
      const sessionKey = params.sessionKey === undefined ? undefined : parts.mirror.keyOf(params.sessionKey);
      if (sessionKey !== undefined) await parts.sessions.assertMaySay(sessionKey, message);
      const payload = {
        text: message,
        ...(mediaUrl !== undefined && { mediaUrl }),
        ...(mediaUrls && { mediaUrls }),
        ...(gifPlayback !== undefined && { gifPlayback }),
        ...(replyToId !== undefined && { replyToId }),
        ...(silent !== undefined && { silent }),
      };
      const entry = await sendOnce("send", params, target, payload, parts);
      if (sessionKey !== undefined && entry.state === "sent" && message !== "") {
        await parts.mirror.append(sessionKey, message, `send:${entry.part?.of ?? entry.id}`);
      }
      return answer(params.idempotencyKey, entry);
    },
  });

  gateway.method({
    name: "poll",
    scope: "operator.admin",
    effect: "write",
    idempotent: true,
    params: PollParams,
    result: SentShape,
    async handle(params) {
      const { to, channel = DEFAULT_CHANNEL, accountId, question, options, maxSelections, durationHours } = params;
      const target = await resolveTarget({ to, channel, accountId }, parts.channels, "unsupported poll channel");
      if (target.definition.capabilities?.poll !== true) {
        throw new GatewayError("INVALID_REQUEST", `unsupported poll channel: ${channel}`);
      }
      const most = target.definition.limits?.pollOptions;
      if (most !== undefined && options.length > most) {
        throw new GatewayError("INVALID_REQUEST", `${target.label} takes at most ${most} poll options`);
      }
      const poll = {
        question,
        options,
        ...(maxSelections !== undefined && { maxSelections }),
        ...(durationHours !== undefined && { durationHours }),
      };
      const entry = await sendOnce("poll", params, target, { text: "", poll }, parts);
      return answer(params.idempotencyKey, entry);
    },
  });
}

async function sendOnce(
  method: string,
  { idempotencyKey, ...params }: { readonly idempotencyKey: string },
  target: Resolved,
  payload: ReplyPayload,
  { outbox, keys, channels }: SendParts,
): Promise<OutboxEntry> {
  let made: readonly OutboxEntry[] = [];
  const { entryId, isFirst } = await keys.once(method, idempotencyKey, params, async () => {
    mustBeLinked(target, channels);
    made = await outbox.prepare(target.address, [payload]);
    const last = made.at(-1);
    if (!last) throw new GatewayError("INVALID_REQUEST", "a plugin called the message off; nothing was sent");
    return { entryId: last.id, changes: made.map((entry) => outbox.insert(entry)) };
  });
  if (isFirst) outbox.send(made);
  return outbox.delivered(entryId, SEND_WAIT_MS);
}

/** What waits for a login might wait for ever: its caller is told at once. */
function mustBeLinked({ address: { channel, accountId }, label }: Resolved, channels: Channels): void {
  const status = channels.life(channel, accountId)?.status;
  if (status?.["state"] !== "logged-out") return;
  const details = { channel, accountId };
  throw new GatewayError("NOT_LINKED", `${label}: ${status.lastError ?? "not linked"}`, { details });
}

function needs({ definition, label }: Resolved, feature: "media"): void {
  if (definition.capabilities && definition.capabilities[feature] !== true) {
    throw new GatewayError("INVALID_REQUEST", `${label} does not support ${feature}`);
  }
}

/** What became of a delivery, as far as anybody can know. */
function answer(runId: string, { id, state, address, receipt, reason }: OutboxEntry): object {
  const { channel, accountId } = address;
  if (state === "sent") {
    const { messageId, chatId, extra } = receipt ?? {};
    return { runId, messageId, channel, ...(chatId !== undefined && { chatId }), ...extra };
  }
  if (state === "dead" || state === "expired" || state === "dropped") {
    const details = { queueId: id, channel, accountId };
    throw new GatewayError("UNAVAILABLE", `Error: ${reason ?? "delivery failed"}`, { details });
  }
  return { runId, status: state === "unknown" ? "unknown" : "queued", queueId: id, channel };
}
