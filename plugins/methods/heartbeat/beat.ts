import { randomUUID } from "node:crypto";
import { errorText, QUIET_RUN } from "openclaw/plugin-sdk";
import type {
  AgentInfo,
  HeartbeatEvent,
  MessagingApi,
  PluginGateway,
  ReplyPayload,
  Session,
  SessionsApi,
  SystemEventsApi,
  Work,
} from "openclaw/plugin-sdk";
import { isActiveAt } from "./active-hours.ts";
import { readAnswer, TOKEN } from "./acknowledgement.ts";
import { hasNothingToCheck } from "./checklist.ts";
import { promptOf } from "./prompt.ts";
import { visibilityOf } from "./settings.ts";
import type { HeartbeatSettings, Visibility } from "./settings.ts";
import { targetOf } from "./target.ts";
import type { Target } from "./target.ts";

export interface BeatParts {
  readonly gateway: PluginGateway;
  readonly messaging: MessagingApi;
  readonly sessions: SessionsApi;
  readonly events: SystemEventsApi;
  readonly now: () => number;
}

export interface Asked {
  readonly agent: AgentInfo;
  readonly heartbeat: HeartbeatSettings;
  /** `interval`, `wake`, `cron:<id>`, `hook:<name>`, `exec-event`, … */
  readonly reason: string;
  /** The session whose events are meant; by default the one of the settings. */
  readonly sessionKey?: string;
}

/** Why no turn was made of it; nothing is told of `disabled` and of what is tried again in a moment. */
export type Skipped = "disabled" | "quiet-hours" | "requests-in-flight" | "empty-heartbeat-file" | "alerts-disabled";

export type Beat = { readonly skipped: Skipped } | { readonly event: HeartbeatEvent };

const DELIVERY_WAIT_MS = 10_000;
const REPEAT_MS = 24 * 3_600_000;
const PREVIEW = 200;
/** Messages at the end of a transcript among which the answer is. */
const LOOKED_AT = 20;

/** One heartbeat: decided on, run as a turn of the session, and told where it matters (cron.md §6). */
export async function beat(asked: Asked, parts: BeatParts): Promise<Beat> {
  const { gateway, messaging, sessions, events, now } = parts;
  const { agent, heartbeat, reason } = asked;
  const { settings } = gateway;
  if (!events.heartbeatsEnabled() || heartbeat.everyMs === 0) return { skipped: "disabled" };
  const userZone = settings.get<string>("agents.defaults.userTimezone");
  if (!isActiveAt(new Date(now()), heartbeat.activeHours, userZone)) return { skipped: "quiet-hours" };
  if (await isBusy(messaging)) return { skipped: "requests-in-flight" };
  const isRelay = reason.startsWith("cron:") || reason === "exec-event";
  if (!isRelay && (await hasNothingToCheck(agent.workspace))) return { skipped: "empty-heartbeat-file" };
  const key = sessions.parseKey(asked.sessionKey ?? keyOf(agent.id, heartbeat, sessions)).canonical;
  const before = await sessions.get(key);
  const target = await targetOf(heartbeat, before?.entry, messaging);
  const visibility = visibilityAt(target, gateway);
  if (!visibility.showOk && !visibility.showAlerts && !visibility.useIndicator) return { skipped: "alerts-disabled" };
  const startedAt = performance.now();
  const text = promptOf(heartbeat, reason, events.pending(key), new Date(now()), userZone);
  const told = await turnAndTell({ key, before, target, visibility, text }, asked, parts).catch((error: unknown) => ({
    status: "failed" as const,
    reason: errorText(error),
  }));
  // Left to whoever comes next: the turn itself is not lost.
  if (gateway.signal.aborted) return { skipped: "disabled" };
  return { event: eventOf(told, visibility, { ts: now(), durationMs: Math.round(performance.now() - startedAt) }) };
}

interface Told {
  readonly status: HeartbeatEvent["status"];
  readonly reason?: string;
  readonly target?: Target;
  readonly text?: string;
  readonly hasMedia?: boolean;
  readonly silent?: boolean;
}

interface Place {
  readonly key: string;
  readonly before: Session | undefined;
  readonly target: Target;
  readonly visibility: Visibility;
  readonly text: string;
}

async function turnAndTell(place: Place, { heartbeat }: Asked, parts: BeatParts): Promise<Told> {
  const { gateway, messaging, sessions, now } = parts;
  const { key, before, target, visibility, text } = place;
  const id = randomUUID();
  const isShown = visibilityOf("webchat", undefined, gateway.settings).showOk;
  const { work } = await messaging.accept({
    channel: "webchat",
    messageId: `heartbeat:${id}`,
    runId: isShown ? id : `${QUIET_RUN}${id}`,
    sessionKey: key,
    chatId: key,
    chatType: "direct",
    text,
    sender: { id: "heartbeat" },
    options: { ownTurn: true, ...(heartbeat.model !== undefined && { model: heartbeat.model }) },
  });
  const { result, state } = await messaging.ended(work.id, gateway.signal);
  if (result?.status !== "ok")
    return { status: "failed", reason: result?.error?.message ?? `the turn ended as ${state}`, target };
  const spoken = await spokenIn(key, work, sessions);
  const media = result.payloads.flatMap(({ mediaUrl }) => mediaUrl ?? []);
  const answer = readAnswer(spoken.text, heartbeat.ackMaxChars);
  if (media.length === 0 && answer.kind !== "alert") {
    // Nobody spoke: the session is as old as it was.
    if (before) await sessions.update(key, () => ({ updatedAt: before.entry.updatedAt }));
    const silent = answer.kind === "empty" || !(await sayOk(id, target, visibility, messaging));
    return { status: answer.kind === "ok" ? "ok-token" : "ok-empty", target, silent };
  }
  const payloads = payloadsOf(result.payloads, answer.kind === "alert" ? answer.text : "", spoken, heartbeat);
  const said = payloads.map((one) => one.text).join("\n\n");
  const hasMedia = media.length > 0;
  if (!("address" in target)) return { status: "skipped", reason: target.reason, text: said, hasMedia };
  if (!visibility.showAlerts) return { status: "skipped", reason: "alerts-disabled", target, text: said, hasMedia };
  const sentAt = before?.entry["lastHeartbeatSentAt"];
  const isRecent = typeof sentAt === "number" && now() - sentAt < REPEAT_MS;
  if (isRecent && !hasMedia && before?.entry["lastHeartbeatText"] === said)
    return { status: "skipped", reason: "duplicate", target, text: said, hasMedia };
  const problem = await sendAll(id, target, payloads, messaging);
  if (problem !== undefined) return { status: "failed", reason: problem, target, text: said, hasMedia };
  await sessions.update(key, () => ({ lastHeartbeatText: said, lastHeartbeatSentAt: now() }));
  return { status: "sent", target, text: said, hasMedia };
}

/** Each part under an id of this heartbeat; the words for what went wrong. */
async function sendAll(
  id: string,
  target: Target,
  payloads: readonly ReplyPayload[],
  messaging: MessagingApi,
): Promise<string | undefined> {
  if (!("address" in target)) return target.reason;
  for (const [index, payload] of payloads.entries()) {
    const entry = await messaging.deliver(target.address, payload, `heartbeat:${id}:${index}`);
    const { state, reason } = await messaging.delivered(entry.id, DELIVERY_WAIT_MS);
    if (state === "dead" || state === "expired" || state === "dropped") return reason ?? `delivery ended as ${state}`;
  }
  return undefined;
}

async function sayOk(id: string, target: Target, { showOk }: Visibility, messaging: MessagingApi): Promise<boolean> {
  if (!showOk || !("address" in target)) return false;
  return (await sendAll(id, target, [{ text: TOKEN }], messaging)) === undefined;
}

/** What the answer is without the token, and before it what the agent thought where that is wanted. */
function payloadsOf(
  payloads: readonly ReplyPayload[],
  text: string,
  { thought }: Spoken,
  { includeReasoning }: HeartbeatSettings,
): ReplyPayload[] {
  const shown = payloads.map((one, index) =>
    index === payloads.length - 1 ? { ...one, text: spokenText(one, text) } : one,
  );
  const all = shown.length > 0 ? shown : [{ text }];
  return includeReasoning === true && thought !== "" ? [{ text: `Reasoning:\n${thought}` }, ...all] : all;
}

/** Tags of the answer were read already; the token may still stand there in bold. */
function spokenText({ text }: ReplyPayload, answer: string): string {
  return text.includes(TOKEN) ? answer : text;
}

interface Spoken {
  readonly text: string;
  readonly thought: string;
}

/** The answer as the model wrote it: what people are shown has lost its token. */
async function spokenIn(key: string, { acceptedAt }: Work, sessions: SessionsApi): Promise<Spoken> {
  const session = await sessions.get(key);
  const messages = session ? await sessions.transcript(session).messages({ limit: LOOKED_AT }) : [];
  const last = messages.findLast((one) => one.role === "assistant" && one.provider !== "openclaw");
  if (last?.role !== "assistant" || last.timestamp < acceptedAt) return { text: "", thought: "" };
  const all = (type: "text" | "thinking") =>
    last.content
      .flatMap((block) => {
        if (block.type === "text" && type === "text") return [block.text];
        return block.type === "thinking" && type === "thinking" ? [block.thinking] : [];
      })
      .join("\n")
      .trim();
  return { text: all("text"), thought: all("thinking") };
}

function eventOf(
  { status, reason, target, text, hasMedia, silent }: Told,
  { useIndicator }: Visibility,
  measured: { readonly ts: number; readonly durationMs: number },
): HeartbeatEvent {
  const address = target && "address" in target ? target.address : undefined;
  const indicatorType = status === "sent" ? "alert" : status === "failed" ? "error" : "ok";
  return {
    ...measured,
    status,
    ...(reason !== undefined && { reason }),
    ...(address && { channel: address.channel, to: address.to, accountId: address.accountId }),
    ...(text !== undefined && { preview: text.slice(0, PREVIEW) }),
    ...(hasMedia !== undefined && { hasMedia }),
    ...(silent !== undefined && { silent }),
    ...(useIndicator && status !== "skipped" && { indicatorType }),
  };
}

/** Something waits or runs that somebody has asked for. */
async function isBusy(messaging: MessagingApi): Promise<boolean> {
  const unfinished = await messaging.unfinished();
  return unfinished.some(({ envelope }) => (envelope.options?.["lane"] ?? "main") === "main");
}

function keyOf(agentId: string, { session = "main" }: HeartbeatSettings, sessions: SessionsApi): string {
  if (session === "main") return sessions.mainKey(agentId);
  return session.startsWith("agent:") ? session : `agent:${agentId}:${session}`;
}

function visibilityAt(target: Target, { settings }: PluginGateway): Visibility {
  if (!("address" in target)) return visibilityOf("webchat", undefined, settings);
  return visibilityOf(target.address.channel, target.address.accountId, settings);
}
