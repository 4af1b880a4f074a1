import { setImmediate } from "node:timers/promises";
import { errorText, fitImages, GatewayError, LONGEST_TIMER_MS } from "openclaw/plugin-sdk";
import type {
  ContentBlock,
  ModelCandidate,
  ModelsApi,
  PendingToolCall,
  RunRequest,
  Settings,
  Transcript,
  TranscriptMessage,
  Turn,
  TurnResult,
  Usage,
  Work,
} from "openclaw/plugin-sdk";
import { blocksOf } from "../block/turn-blocks.ts";
import type { TurnBlocks } from "../block/turn-blocks.ts";
import { withoutSent } from "../block/unsent.ts";
import { readDirectives } from "../command/directives.ts";
import type { Directives } from "../command/directives.ts";
import { findAgent } from "../roster.ts";
import type { BuiltPrompt } from "../prompt/system-prompt.ts";
import type { Run } from "../runs.ts";
import { toolboxes } from "./toolboxes.ts";
import { attachedImages } from "./attached-image.ts";
import { withCallersTools } from "./callers-tools.ts";
import { ContextRoom } from "./context-room.ts";
import { Failover } from "./failover.ts";
import { levelsOf } from "./levels.ts";
import type { Levels } from "./levels.ts";
import { runLoop } from "./loop.ts";
import type { LoopEnd } from "./loop.ts";
import { MemoryFlush } from "./memory-flush.ts";
import { brokenTurn } from "./outcome.ts";
import { payloadsOf } from "./payloads.ts";
import { toldBefore, toolFailure, toolSummary } from "./said-before.ts";
import { stamp } from "./stamp.ts";
import type { TurnParts } from "./turn-parts.ts";
import { contextOf, sumOf } from "./usage.ts";
import { withUsage } from "./usage-line.ts";

const TIMEOUT_SECONDS = 600;
/** Messages among which a recorded answer is looked for. */
const HISTORY = 200;

/**
 * One turn: the message goes into the transcript, the model answers, tools run in between, every step is
 * written down when it is complete. Exactly one lifecycle start and one end, whatever happens. Never throws.
 */
export async function answerTurn(turn: Turn, parts: TurnParts): Promise<TurnResult> {
  const { runs, gateway } = parts;
  const { work, session } = turn;
  const startedAt = performance.now();
  // Only who may use commands says how a message is answered.
  const { text } = work.envelope;
  const said = turn.mayDirect && text.includes("/") ? readDirectives(text, aliasesOf(gateway.settings)) : { text };
  const levels = levelsOf(work, session, gateway.settings, said);
  const run = runs.begin(work.runId, session.key, levels.verbose);
  const abort = new AbortController();
  const seconds = limitSeconds(turn, parts);
  const timer = seconds > 0 ? setTimeout(() => abort.abort(), Math.min(seconds * 1_000, LONGEST_TIMER_MS)) : undefined;
  const signal = AbortSignal.any([turn.signal, abort.signal]);
  const { blocks, tellModel } = blocksOf(turn, levels, signal, gateway);
  const result = await attempt(turn, { run, signal, said, levels, parts, blocks, tellModel }).catch(
    async (error: unknown) => {
      const broken = brokenTurn(error, turn, run, { signal: abort.signal, seconds });
      return { ...broken, payloads: await withoutSent(broken.payloads, blocks) };
    },
  );
  clearTimeout(timer);
  if (result.meta?.["aborted"] === true) await rememberAbort(parts, session.key);
  const durationMs = Math.round(performance.now() - startedAt);
  runs.end(run, result);
  void parts.agents.afterTurn.promise({
    agentId: session.agentId,
    sessionKey: session.key,
    success: result.status === "ok",
    durationMs,
    ...(result.error && { error: result.error.message }),
  });
  return { ...result, meta: { aborted: false, ...result.meta, durationMs } };
}

interface Attempt extends TurnBlocks {
  readonly run: Run;
  readonly signal: AbortSignal;
  readonly said: Directives;
  readonly levels: Levels;
  readonly parts: TurnParts;
}

async function attempt(turn: Turn, about: Attempt): Promise<TurnResult> {
  const { run, signal, said, levels, parts, blocks } = about;
  const { gateway, sessions, agents, models, prompts } = parts;
  const { settings } = gateway;
  const { session, work } = turn;
  const agent = findAgent(gateway, session.agentId);
  if (!agent) throw new GatewayError("INVALID_REQUEST", `unknown agent id "${session.agentId}"; see agents.list`);
  const transcript = sessions.transcript(session);
  const context = { agentId: agent.id, sessionKey: session.key, runId: run.runId };
  const asked = await requestOf(turn, parts);
  const images = [...(await attachedImages(work.envelope)), ...(await fitImages(asked?.images ?? []))];
  const override = (await chosenModel(said, agent.id, models)) ?? work.envelope.options?.["model"];
  const answerId = `${work.id}/answer`;
  // The process may have died between the answer and the record of it.
  if (work.attempt > 1 && (await transcript.has(answerId))) return answered(transcript);
  const candidates = models.candidates({
    agentId: agent.id,
    session,
    images: images.some(isImage) || (asked?.before ?? []).some(({ content }) => content.some(isImage)),
    ...(typeof override === "string" && { override }),
  });
  await parts.agents.tool.all();
  const isOwner = (await agents.othersSpeak.promise(context)) !== true && turn.isOwner === true;
  const tools = toolboxes({ ...context, isOwner, envelope: work.envelope }, parts);
  // Without a model there is no prompt, but the message is written down all the same.
  const built = await candidates.then(promptFor, () => undefined);
  // A program says what it means, word for word.
  const first = { system: built?.text ?? "", text: asked ? said.text : promptOf(work, said, settings) };
  const prompt = (await agents.beforeTurn.promise(first, context)) ?? first;
  const given = [
    ...(asked?.before ?? []).map((message, at) => ({ message, sourceId: `${work.id}/before-${at}` })),
    ...(asked?.continues === true
      ? []
      : [{ message: userMessage(prompt.text, images, work.acceptedAt), sourceId: work.id }]),
  ];
  const write = async () => {
    for (const { message, sourceId } of given) await transcript.append(message, { sourceId });
  };
  // The model is asked first: it takes longer than the disk. A turn that is run again finds its message there.
  const isLater = built !== undefined && work.attempt <= 1;
  if (!isLater) await write();
  const failover = new Failover({ candidates: await candidates, models, session, run, signal, settings });
  about.tellModel(() => failover.candidate);
  const room = new ContextRoom({ session, transcript, run, signal, parts });
  // Read before anything is written: what is given must not be in it too.
  const known = await room.history(failover.candidate);
  const recorded = isLater ? setImmediate().then(write) : Promise.resolve();
  // Told by whoever waits for it.
  recorded.catch(() => undefined);
  const end = await runLoop(isLater ? [...known, ...given.map(({ message }) => message)] : known, {
    recorded,
    run,
    settings,
    sessionKey: session.key,
    system: prompt.system,
    tools,
    signal,
    thinking: levels.thinking,
    tellsReasoning: levels.reasoning !== "off",
    turn,
    transcript,
    failover,
    answerId,
    asked,
    blocks,
    plugins: { hooks: agents, context },
    shorter: (candidate, overflow) => room.shorter(candidate, overflow),
  }).finally(() => recorded);
  const total = sumOf(end.usages);
  const report = built?.report();
  await transcript.sync();
  // Not waited for, so that it is written together with the end of the message.
  void record(parts, session.key, end, report);
  const answer = payloadsOf(end.answer, levels.reasoning === "on");
  const isToNetwork = work.envelope.sessionKey === undefined && !blocks;
  const spoken = [...toldBefore(end, isToNetwork), ...answer, ...(answer.length === 0 ? toolFailure(end) : [])];
  const payloads = await withoutSent(
    (await agents.replyPayloads.promise(spoken, { ...context, envelope: work.envelope })) ?? spoken,
    blocks,
  );
  // Clients see tools at work; others are told afterwards.
  const isTold = work.envelope.replyTo !== undefined || said.verbose !== undefined;
  const summary = isTold ? toolSummary(end, levels.verbose) : [];
  const loop = { system: prompt.system, tools, thinking: levels.thinking };
  const flush = new MemoryFlush({ turn, parts, loop, history: (candidate) => room.history(candidate) });
  if (await room.afterAnswer(end.candidate, end.usages.at(-1), flush)) await transcript.sync();
  // Only whoever waits for this very answer is told; it stays with the record of the message.
  const isAsked = work.envelope.options?.["ownTurn"] === true;
  return {
    status: "ok",
    payloads: [...withUsage(payloads, total, session.entry["responseUsage"]), ...summary],
    meta: {
      stopReason: end.answer.stopReason,
      ...(end.pending.length > 0 && { pendingToolCalls: end.pending.map(pendingCall) }),
      agentMeta: agentMeta(session.entry.sessionId, end, total),
      ...(report && isAsked && { systemPromptReport: report }),
    },
  };

  async function promptFor([candidate]: readonly ModelCandidate[]): Promise<BuiltPrompt | undefined> {
    if (!candidate || !agent) return undefined;
    return prompts.build({
      agent,
      session,
      work,
      place: turn.place,
      candidate,
      tools: candidate.ownsLoop ? [] : withCallersTools(tools(candidate).offered(), asked),
      thinking: levels.thinking(candidate),
      reasoning: levels.reasoning,
    });
  }
}

/** What whoever waits for the run asks of it. They are gone when nobody knows of it any more. */
async function requestOf({ work, session }: Turn, { agents }: TurnParts): Promise<RunRequest | undefined> {
  if (work.envelope.options?.["attended"] !== true) return undefined;
  const asked = await agents.asked.promise({ runId: work.runId, session });
  if (asked) return asked;
  throw new GatewayError("UNAVAILABLE", "whoever asked for this run is gone", { details: { reason: "caller_gone" } });
}

function pendingCall({ id, name, arguments: given }: LoopEnd["pending"][number]): PendingToolCall {
  return { id, name, arguments: given };
}

function isImage({ type }: ContentBlock): boolean {
  return type === "image";
}

/** Short names that the owner gave to models. */
function aliasesOf(settings: Settings): ReadonlySet<string> {
  const listed = settings.get<Readonly<Record<string, { readonly alias?: string }>>>("agents.defaults.models") ?? {};
  return new Set(Object.values(listed).flatMap(({ alias }) => (alias === undefined ? [] : [alias.toLowerCase()])));
}

/** The model that the message itself asks for; refused like that of `/model` alone. */
async function chosenModel({ model }: Directives, agentId: string, models: ModelsApi): Promise<string | undefined> {
  if (model === undefined) return undefined;
  const { provider, model: id, profileId } = await models.choose(model, agentId);
  return `${provider}/${id}${profileId === undefined ? "" : `@${profileId}`}`;
}

/** The answer that an earlier process wrote down: the newest one, because a session has one turn at a time. */
async function answered(transcript: Transcript): Promise<TurnResult> {
  const messages = await transcript.messages({ limit: HISTORY });
  const answer = messages.findLast((message) => message.role === "assistant" && message.provider !== "openclaw");
  const payloads = answer?.role === "assistant" ? payloadsOf(answer, false) : [];
  return { status: "ok", payloads, meta: { recovered: true } };
}

/** A session says that its last turn was cut off, until the next one ends well. */
async function rememberAbort({ sessions, gateway }: TurnParts, key: string): Promise<void> {
  await sessions
    .update(key, () => ({ abortedLastRun: true }))
    .catch((error: unknown) => {
      gateway.log.warn(`session ${key} cannot remember that its turn was aborted: ${errorText(error)}`);
    });
}

/** The session remembers what its last turn used (agent.md §11). The answer stands when it cannot. */
async function record(
  { sessions, gateway }: TurnParts,
  key: string,
  { candidate, usages }: LoopEnd,
  report: object | undefined,
): Promise<void> {
  const { provider, model } = candidate;
  const last = usages.at(-1);
  const total = sumOf(usages);
  const used = {
    modelProvider: provider,
    model: model.id,
    contextTokens: model.contextWindow,
    inputTokens: total.input,
    outputTokens: total.output,
    totalTokens: last ? contextOf(last) : 0,
    systemSent: true,
    abortedLastRun: false,
    ...(report && { systemPromptReport: report }),
  };
  await sessions
    .update(key, () => used)
    .catch((error: unknown) => {
      gateway.log.warn(`session ${key} cannot remember what its turn used: ${errorText(error)}`);
    });
}

/** What was said, with who and when before it, and without the directives in it. */
function promptOf({ prompt, envelope, acceptedAt }: Work, { text }: Directives, settings: Settings): string {
  if (prompt !== undefined) return prompt.replace(envelope.text, () => text);
  return stamp(text, new Date(acceptedAt), settings.get<string>("agents.defaults.userTimezone"));
}

function userMessage(text: string, images: readonly ContentBlock[], timestamp: number): TranscriptMessage {
  return { role: "user", content: [{ type: "text", text }, ...images], timestamp };
}

function agentMeta(sessionId: string, { candidate }: LoopEnd, { totalTokens, cost: _cost, ...usage }: Usage): object {
  const { provider, model, profileId } = candidate;
  return {
    sessionId,
    provider,
    model: model.id,
    ...(profileId !== undefined && { profileId }),
    usage: { ...usage, total: totalTokens },
  };
}

/** 0 is no limit. */
function limitSeconds({ work }: Turn, { gateway }: TurnParts): number {
  const asked = work.envelope.options?.["timeoutMs"];
  if (typeof asked === "number") return asked / 1_000;
  return gateway.settings.get<number>("agents.defaults.timeoutSeconds") ?? TIMEOUT_SECONDS;
}
