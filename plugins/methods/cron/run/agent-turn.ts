import { randomUUID } from "node:crypto";
import { anyThinkingLevel, wrapUntrusted, zonedStamp } from "openclaw/plugin-sdk";
import type { Work } from "openclaw/plugin-sdk";
import type { Job, Payload } from "../job/job.ts";
import { announce } from "./announce.ts";
import { failed, notes, summaryOf } from "./outcome.ts";
import type { Outcome, RunContext } from "./outcome.ts";
import { agentOf } from "./parts.ts";
import type { RunParts } from "./parts.ts";

export type AgentTurn = Extract<Payload, { kind: "agentTurn" }>;

/** The turn's own limit lies behind the job's, which says what it was. */
const SLACK_MS = 60_000;
/** How long a turn that was stopped may take to let go. */
const UNWIND_MS = 15_000;

/** One turn in a session of the job's own, with a new transcript each time; then its answer is told. */
export async function runAgentTurn(
  job: Job,
  payload: AgentTurn,
  timeoutMs: number,
  run: RunContext,
  parts: RunParts,
): Promise<Outcome> {
  const { messaging, sessions, said, gateway } = parts;
  const agent = agentOf(job.agentId, parts);
  const isIsolated = job.sessionTarget === "isolated";
  const key = isIsolated
    ? `agent:${agent.id}:cron:${job.id.toLowerCase()}`
    : sessions.parseKey(job.sessionTarget.slice("session:".length)).canonical;
  const session = isIsolated ? await sessions.reset(key) : await sessions.open(key);
  const { sessionId } = session.entry;
  const runId = randomUUID();
  said.begin(runId);
  const { work } = await messaging.accept({
    channel: "webchat",
    messageId: `cron:${job.id}:${run.runAtMs}`,
    runId,
    sessionKey: key,
    chatId: key,
    chatType: "direct",
    text: promptOf(job, payload, run.runAtMs, gateway.settings.get<string>("agents.defaults.userTimezone")),
    sender: { id: `cron:${job.id}` },
    options: {
      ownTurn: true,
      lane: "cron",
      timeoutMs: timeoutMs + SLACK_MS,
      ...(payload.model !== undefined && { model: payload.model }),
      ...(payload.thinking !== undefined && { thinking: anyThinkingLevel(payload.thinking) }),
      ...(job.author?.isOwner === false && { commandAuthorized: false }),
    },
  });
  run.remember(work.id);
  const place = isIsolated
    ? { sessionId, sessionKey: `${session.key}:run:${sessionId}` }
    : { sessionId, sessionKey: key };
  if (isIsolated) await rememberRun(place.sessionKey, sessionId, parts);
  return { ...place, ...(await followed(job, agent, work, run, parts)) };
}

/** The end of a turn that was begun before a restart: messaging has taken it up again, or it had ended already. */
export async function resumeAgentTurn(job: Job, run: RunContext, parts: RunParts): Promise<Outcome | undefined> {
  const { messaging, sessions } = parts;
  const name = `cron:${job.id}:${run.runAtMs}`;
  const work =
    job.state.workId === undefined
      ? (await messaging.unfinished()).find(({ envelope }) => envelope.messageId === name)
      : await messaging.get(job.state.workId);
  // One of an earlier run is none of this one.
  if (work?.envelope.messageId !== name) return undefined;
  run.remember(work.id);
  const agent = agentOf(job.agentId, parts);
  const { sessionKey } = work;
  const sessionId = (await sessions.get(sessionKey))?.entry.sessionId;
  const place = sessionId === undefined ? {} : { sessionId, sessionKey: `${sessionKey}:run:${sessionId}` };
  const outcome = await followed(job, agent, work, run, parts);
  return { ...place, ...outcome, ...notes("taken up after a restart", outcome.note) };
}

async function followed(
  job: Job,
  agent: { readonly id: string; readonly note?: string },
  work: Work,
  run: RunContext,
  parts: RunParts,
): Promise<Outcome> {
  const ended = await endOf(work, run, parts);
  const { result, state } = ended;
  if (result?.status !== "ok") {
    const { error } = failed(result?.error?.message ?? `the run ended as ${state}`);
    const text = error as string;
    await announce(job, agent.id, { text: `Cron (error): ${text}`, payloads: [] }, run, parts, work.runId);
    return { status: "error", error: text, ...notes(agent.note) };
  }
  const text = result.payloads.map((one) => one.text).join("\n\n");
  const told = await announce(
    job,
    agent.id,
    { text: `Cron: ${text}`, payloads: result.payloads },
    run,
    parts,
    work.runId,
  );
  const note = notes(agent.note, told.note);
  if (told.problem !== undefined) return { ...summaryOf(text), ...note, ...failed(told.problem), delivered: false };
  return {
    status: "ok",
    ...summaryOf(text),
    ...(told.delivered !== undefined && { delivered: told.delivered }),
    ...note,
  };
}

/** Waits for the turn; when the run is aborted, the turn is, and has a moment to let go. */
async function endOf(work: Work, { signal }: RunContext, { messaging }: RunParts): Promise<Work> {
  try {
    return await messaging.ended(work.id, signal);
  } catch (error) {
    if (!signal.aborted || signal.reason === undefined || isLeft(signal)) throw error;
    messaging.abort(work.sessionKey, work.runId);
    await messaging.ended(work.id, AbortSignal.timeout(UNWIND_MS)).catch(() => undefined);
    throw error;
  }
}

/** The gateway stops or the plugin is exchanged: whoever comes next follows the turn. */
export const LEFT: DOMException = new DOMException("left to the next start", "AbortError");

function isLeft({ reason }: AbortSignal): boolean {
  return reason === LEFT;
}

/** The single run can be read under a key of its own, as long as such keys are kept. */
async function rememberRun(key: string, sessionId: string, { sessions, gateway }: RunParts): Promise<void> {
  await sessions
    .update(key, () => ({ sessionId, ephemeral: true }))
    .catch((error: unknown) => {
      gateway.log.warn(`the run ${key} has no entry of its own`, { err: error });
    });
}

function promptOf(
  { id, name, author }: Job,
  payload: AgentTurn,
  runAtMs: number,
  timeZone: string | undefined,
): string {
  const isFromHook = /^agent:[^:]+:hook:/.test(author?.sessionKey ?? "") && payload.allowUnsafeExternalContent !== true;
  const message = isFromHook ? wrapUntrusted(payload.message, "a hook") : payload.message;
  return `[cron:${id} ${name}] ${message}\nCurrent time: ${zonedStamp(new Date(runAtMs), timeZone)}`;
}
