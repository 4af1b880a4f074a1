import { agentOfKey, anyThinkingLevel, GatewayError, readAttachments, saveImage } from "openclaw/plugin-sdk";
import type {
  Call,
  MessagingApi,
  OutboxEntry,
  PluginGateway,
  ReplyAddress,
  SessionsApi,
  Static,
  Work,
} from "openclaw/plugin-sdk";
import { AgentParams } from "./agent-params.ts";
import { findAgent } from "./roster.ts";
import type { Runs } from "./runs.ts";
import { AgentAnswerShape } from "./answer-shape.ts";

const DELIVERY_WAIT_MS = 10_000;
const NO_SESSION_TEXT = "Error: Pass --to <E.164>, --session-id, or --agent to choose a session";

type Params = Static<typeof AgentParams>;

/** The method `agent`: durable, then `accepted`, then the end of the run on the same id (protocol.md §9.2). */
export function registerAgentMethod(
  gateway: PluginGateway,
  messaging: MessagingApi,
  sessions: SessionsApi,
  runs: Runs,
): void {
  gateway.method({
    name: "agent",
    scope: "operator.write",
    params: AgentParams,
    idempotent: true,
    timeoutMs: 0,
    result: AgentAnswerShape,
    async handle(params, call) {
      const runId = params.idempotencyKey;
      checkHints(params, gateway, messaging);
      const sessionKey = await chooseSession(params, sessions);
      if (sessionKey === undefined) return noSession(runId, call);
      const { images, dropped } = readAttachments(params.attachments ?? []);
      await sessions.assertMaySay(sessionKey, params.message);
      if (call.client.caps.has("tool-events")) runs.watch(runId, call.client.connId);
      const replyTo = params.deliver ? await replyAddress(params, sessionKey, messaging, sessions) : undefined;
      await label(sessionKey, params, sessions);
      const media = await Promise.all(images.map((image) => saveImage(image, gateway.paths.stateDir)));
      const { work } = await messaging.accept({
        channel: "webchat",
        messageId: `agent:${runId}`,
        runId,
        sessionKey,
        chatId: sessionKey,
        chatType: "direct",
        text: [params.message, ...dropped.map((name) => `[attachment left out: ${name} is no image]`)].join("\n"),
        ...(media.length > 0 && { media }),
        sender: { id: call.client.deviceId ?? call.client.connect.client.id },
        ...(replyTo && { replyTo }),
        options: {
          scopes: [...call.client.scopes].toSorted(),
          ...(params.timeout !== undefined && { timeoutMs: params.timeout * 1_000 }),
          ...(params.thinking !== undefined && { thinking: anyThinkingLevel(params.thinking) }),
          // Whoever asks waits for the answer to this and to nothing else.
          ownTurn: true,
          ...(params.lane !== undefined && { lane: params.lane }),
          ...(params.extraSystemPrompt !== undefined && { extraSystemPrompt: params.extraSystemPrompt }),
        },
      });
      call.accept({ runId, status: "accepted", acceptedAt: work.acceptedAt });
      const ended = await messaging.ended(work.id);
      return final(ended, replyTo ? await deliveryOf(ended, messaging) : undefined);
    },
  });
}

function checkHints(
  { agentId, channel, replyChannel, sessionKey }: Params,
  gateway: PluginGateway,
  messaging: MessagingApi,
): void {
  const known = new Set(["last", "webchat", "whatsapp", ...messaging.channels().map(({ id }) => id)]);
  const unknown = [channel, replyChannel].find((name) => name !== undefined && !known.has(name));
  if (unknown !== undefined) throw refused(`unknown channel: ${unknown}`);
  if (agentId !== undefined && !findAgent(gateway, agentId)) throw refused(`unknown agent id "${agentId}"`);
  const keyAgent = agentOfKey(sessionKey ?? "");
  if (agentId !== undefined && keyAgent !== undefined && keyAgent !== agentId) {
    throw refused(`agent "${agentId}" does not match session key agent "${keyAgent}"`);
  }
  if (keyAgent !== undefined && !findAgent(gateway, keyAgent)) throw refused(`unknown agent id "${keyAgent}"`);
}

async function chooseSession(
  { sessionKey, sessionId, agentId, to }: Params,
  sessions: SessionsApi,
): Promise<string | undefined> {
  if (sessionKey !== undefined) return sessions.parseKey(sessionKey).canonical;
  if (sessionId !== undefined) {
    const session = await sessions.findById(sessionId);
    if (!session) throw refused(`no session found: ${sessionId}`);
    return session.key;
  }
  return agentId !== undefined || to !== undefined ? sessions.mainKey(agentId) : undefined;
}

/** What the caller says of the session itself: its label, and which session has made it. */
async function label(key: string, { label: text, spawnedBy }: Params, sessions: SessionsApi): Promise<void> {
  if (text === undefined && spawnedBy === undefined) return;
  if (text !== undefined) {
    const { agentId } = sessions.parseKey(key);
    const others = await sessions.list({ agentId });
    if (others.some((one) => one.key !== key && one.entry.label === text))
      throw refused(`label already in use: ${text}`);
  }
  if (spawnedBy !== undefined && !sessions.parseKey(key).rest.startsWith("subagent:")) {
    throw refused("spawnedBy is only supported for subagent:* sessions");
  }
  await sessions.update(key, (entry) => ({
    ...(text !== undefined && { label: text }),
    ...(spawnedBy !== undefined && entry["spawnedBy"] === undefined && { spawnedBy }),
  }));
}

/** Nothing was started, so the second answer may say so as a failure. */
function noSession(runId: string, call: Call): never {
  call.accept({ runId, status: "accepted", acceptedAt: Date.now() });
  throw new GatewayError("UNAVAILABLE", NO_SESSION_TEXT, {
    payload: { runId, status: "error", summary: NO_SESSION_TEXT },
  });
}

/** Where the answer goes too; without a target, or on the channel `last`, where the session's last message came from. */
async function replyAddress(
  { channel, replyChannel, to, replyTo, accountId, replyAccountId, threadId }: Params,
  sessionKey: string,
  messaging: MessagingApi,
  sessions: SessionsApi,
): Promise<ReplyAddress> {
  const chosen = replyChannel ?? channel;
  const target = replyTo ?? to;
  if ((chosen ?? target) === undefined || chosen === "last") return lastAddress(sessionKey, sessions);
  if (chosen === undefined) throw refused("deliver to a target needs its channel");
  if (target === undefined) throw refused(`deliver on ${chosen} needs a target`);
  const address = await messaging.address(chosen, target, replyAccountId ?? accountId);
  return threadId === undefined ? address : { ...address, threadId };
}

async function lastAddress(sessionKey: string, sessions: SessionsApi): Promise<ReplyAddress> {
  const entry = (await sessions.get(sessionKey))?.entry;
  if (entry?.lastChannel === undefined || entry.lastTo === undefined) {
    throw refused("deliver needs a channel and a target: no message has come to this session from a channel yet");
  }
  const { lastChannel: channel, lastTo: to, lastAccountId: accountId = "default", lastThreadId: threadId } = entry;
  return { channel, accountId, to, ...(typeof threadId === "string" && { threadId }) };
}

/** An accepted run that failed ends `ok:true` with `status:"error"`: established clients repeat any `ok:false`. */
export function final({ runId, result, state }: Work, delivery: object | undefined): object {
  if (!result)
    return {
      runId,
      status: "error",
      summary: `the run ended as ${state}`,
      error: { code: "UNAVAILABLE", message: state },
    };
  const { status, payloads, meta, error } = result;
  const usage = (meta["agentMeta"] as { usage?: { input: number; output: number } } | undefined)?.usage;
  const shown = {
    payloads: payloads.map(({ text, mediaUrl = null, mediaUrls }) => ({
      text,
      mediaUrl,
      ...(mediaUrls && { mediaUrls }),
      channelSendMetrics: null,
    })),
    meta,
    stats: { durationMs: meta["durationMs"], tokensIn: usage?.input ?? 0, tokensOut: usage?.output ?? 0 },
    ...(delivery && { delivery }),
  };
  if (status === "ok") return { runId, status, summary: "completed", result: shown };
  return { runId, status, summary: error?.message ?? "failed", error, result: shown };
}

async function deliveryOf({ id }: Work, messaging: MessagingApi): Promise<object> {
  const entries = await messaging.deliveries(id);
  const last = entries.at(-1);
  if (!last) return { status: "failed", error: "there was nothing to deliver" };
  const settled = await messaging.delivered(last.id, DELIVERY_WAIT_MS);
  const words: Record<OutboxEntry["state"], string> = {
    sent: "sent",
    unknown: "unknown",
    dead: "failed",
    expired: "failed",
    dropped: "failed",
    pending: "queued",
    attempting: "queued",
  };
  return {
    status: words[settled.state],
    queueId: settled.id,
    ...(settled.reason !== undefined && { error: settled.reason }),
  };
}

function refused(text: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", `invalid agent params: ${text}`);
}
