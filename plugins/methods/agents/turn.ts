import { errorText, failureOf, GatewayError } from "openclaw/plugin-sdk";
import type {
  Agents,
  ContentBlock,
  HooksOf,
  ModelCandidate,
  ModelPart,
  ModelsApi,
  PluginGateway,
  SessionsApi,
  ToolPolicyApi,
  Transcript,
  TranscriptMessage,
  Turn,
  TurnResult,
  Usage,
} from "openclaw/plugin-sdk";
import { attachedImages } from "./attached-image.ts";
import { chooseModel } from "./model.ts";
import { Answer } from "./answer.ts";
import { findAgent } from "./roster.ts";
import type { Agent } from "./roster.ts";
import type { Run, Runs } from "./runs.ts";
import { stamp } from "./stamp.ts";
import { eventCopy } from "./tool-result.ts";
import { Toolbox } from "./tools.ts";

const TIMEOUT_SECONDS = 600;
const MAX_MODEL_CALLS = 200;
/** Messages of the session that the model sees. */
const HISTORY = 200;

export interface TurnParts {
  readonly gateway: PluginGateway;
  readonly sessions: SessionsApi;
  readonly runs: Runs;
  readonly agents: HooksOf<typeof Agents>;
  readonly models: ModelsApi;
  readonly policy: ToolPolicyApi;
}

type AssistantMessage = Extract<TranscriptMessage, { role: "assistant" }>;
type ToolCall = Extract<ContentBlock, { type: "toolCall" }>;

/**
 * One turn: the message goes into the transcript, the model answers, tools run in between, every step is
 * written down when it is complete. Exactly one lifecycle end, whatever happens. Never throws.
 */
export async function answerTurn(turn: Turn, parts: TurnParts): Promise<TurnResult> {
  const { gateway, runs } = parts;
  const { work, session } = turn;
  const startedAt = performance.now();
  const options = work.envelope.options ?? {};
  const verbose = session.entry.verboseLevel ?? gateway.settings.get<string>("agents.defaults.verboseDefault") ?? "off";
  const run = runs.begin(work.runId, session.key, verbose);
  const limit = new AbortController();
  const limitMs = timeoutMs(options["timeoutMs"], gateway);
  const timer = limitMs > 0 ? setTimeout(() => limit.abort(), limitMs) : undefined;
  const signal = AbortSignal.any([turn.signal, limit.signal]);
  const result = await attempt(turn, run, signal, parts).catch((error: unknown): TurnResult => {
    if (limit.signal.aborted)
      return failed("AGENT_TIMEOUT", `the agent gave no answer within ${limitMs / 1_000} s`, true);
    if (signal.aborted) return { status: "ok", payloads: partial(run), meta: { aborted: true, stopReason: "aborted" } };
    const details = error instanceof GatewayError ? error.details : undefined;
    return {
      ...failed("UNAVAILABLE", error instanceof GatewayError ? error.message : errorText(error)),
      ...(details && withDetails(error, details)),
    };
  });
  clearTimeout(timer);
  const durationMs = Math.round(performance.now() - startedAt);
  const aborted = result.meta["aborted"] === true;
  runs.end(run, result.status === "error" ? "error" : aborted ? "aborted" : "ok", result.error?.message);
  void parts.agents.afterTurn.promise({
    agentId: session.agentId,
    sessionKey: session.key,
    success: result.status === "ok",
    durationMs,
    ...(result.error && { error: result.error.message }),
  });
  return { ...result, meta: { aborted, ...result.meta, durationMs } };
}

async function attempt(turn: Turn, run: Run, signal: AbortSignal, parts: TurnParts): Promise<TurnResult> {
  const { gateway, sessions, agents, models } = parts;
  const { session, work } = turn;
  const agent = findAgent(gateway, session.agentId);
  if (!agent) throw new GatewayError("INVALID_REQUEST", `unknown agent id "${session.agentId}"; see agents.list`);
  const transcript = sessions.transcript(session);
  const context = { agentId: agent.id, sessionKey: session.key, runId: run.runId };
  const zone = gateway.settings.get<string>("agents.defaults.userTimezone");
  const first = {
    system: systemPrompt(agent),
    text: work.prompt ?? stamp(work.envelope.text, new Date(work.acceptedAt), zone),
  };
  const prompt = (await agents.beforeTurn.promise(first, context)) ?? first;
  // A turn that is run again finds its message there.
  const images = await attachedImages(work.envelope);
  await transcript.append(userMessage(prompt.text, images, work.acceptedAt), { sourceId: work.id });
  const answerId = `${work.id}/answer`;
  // The process may have died between the answer and the record of it.
  if (work.attempt > 1 && (await transcript.has(answerId))) return answered(transcript);
  const model = await chooseModel(models, session);
  const { provider, model: modelInfo } = model;
  const tools = new Toolbox(
    { ...context, isOwner: turn.isOwner === true, envelope: work.envelope, provider, model: modelInfo.id },
    { gateway, hooks: agents, policy: parts.policy },
    modelInfo.contextWindow,
  );
  const usages: Usage[] = [];
  for (let call = 0; call < MAX_MODEL_CALLS; call++) {
    signal.throwIfAborted();
    const answer = await ask(model, prompt.system, tools, transcript, run, signal, turn, models);
    usages.push(answer.usage);
    const calls = answer.content.filter((block): block is ToolCall => block.type === "toolCall");
    await transcript.append(answer, calls.length === 0 ? { sourceId: answerId } : {});
    if (calls.length === 0) {
      const total = sum(usages);
      await record(parts, session.key, model, total);
      await transcript.sync();
      return {
        status: "ok",
        payloads: payloadsOf(answer),
        meta: { agentMeta: agentMeta(session.entry.sessionId, model, total) },
      };
    }
    await turn.markEffects();
    for (const one of calls) await transcript.append(await toolMessage(one, run, signal, tools));
  }
  throw new GatewayError("UNAVAILABLE", `the agent made ${MAX_MODEL_CALLS} model calls without an end`, {
    details: { reason: "turn_limit" },
  });
}

/** The answer that an earlier process wrote down: the newest one, because a session has one turn at a time. */
async function answered(transcript: Transcript): Promise<TurnResult> {
  const messages = await transcript.messages({ limit: HISTORY });
  const answer = messages.findLast((message) => message.role === "assistant" && message.provider !== "openclaw");
  return { status: "ok", payloads: answer ? payloadsOf(answer as AssistantMessage) : [], meta: { recovered: true } };
}

/** One model call, streamed to clients as it comes. A failure is written down before it is thrown. */
async function ask(
  candidate: ModelCandidate,
  system: string,
  tools: Toolbox,
  transcript: Transcript,
  run: Run,
  signal: AbortSignal,
  { session, isPostponed }: Turn,
  models: ModelsApi,
): Promise<AssistantMessage> {
  const { provider, model, api, stream, defaultThinking } = candidate;
  const answer = new Answer();
  const base = { role: "assistant" as const, api, provider, model: model.id };
  try {
    const request = {
      system,
      messages: await transcript.messages({ limit: HISTORY }),
      tools: candidate.ownsLoop ? [] : tools.offered(),
      reasoning: session.entry.thinkingLevel ?? defaultThinking,
      sessionKey: session.key,
      signal,
    };
    for await (const part of stream(request)) {
      answer.add(part);
      if (part.type !== "text-delta") continue;
      run.text = answer.text;
      run.emit("assistant", { text: answer.text, delta: part.text });
    }
    signal.throwIfAborted();
    const { finish } = answer;
    if (!finish) throw new Error(`the stream of ${provider}/${model.id} ended without an end`);
    models.report(candidate, "ok", session);
    const content = answer.content();
    return { ...base, content, usage: usageOf(finish), stopReason: stopReason(finish), timestamp: Date.now() };
  } catch (error) {
    if (isPostponed()) throw error;
    const content = answer.content();
    if (!signal.aborted) models.report(candidate, failureOf(error), session);
    const stopped = signal.aborted ? ("aborted" as const) : ("error" as const);
    const note = stopped === "error" ? { errorMessage: errorText(error) } : {};
    await transcript.append({ ...base, content, usage: NO_USAGE, stopReason: stopped, ...note, timestamp: Date.now() });
    throw error;
  }
}

async function toolMessage(call: ToolCall, run: Run, signal: AbortSignal, tools: Toolbox): Promise<TranscriptMessage> {
  const about = { name: call.name, toolCallId: call.id };
  run.emit("tool", { phase: "start", ...about, args: call.arguments });
  const result = await tools.run({
    ...about,
    arguments: call.arguments,
    signal,
    update: (partialResult) => run.emit("tool", { phase: "update", ...about, partialResult }),
  });
  const isError = result.isError === true;
  run.emit("tool", {
    phase: "result",
    ...about,
    isError,
    result: eventCopy(result),
  });
  return {
    role: "toolResult",
    toolCallId: call.id,
    toolName: call.name,
    content: result.content,
    ...(result.details !== undefined && { details: result.details }),
    isError,
    timestamp: Date.now(),
  };
}

/** The session remembers what its last turn used (sessions.md §2, counters). */
async function record(
  { sessions }: TurnParts,
  key: string,
  { provider, model }: ModelCandidate,
  usage: Usage,
): Promise<void> {
  await sessions.update(key, () => ({
    modelProvider: provider,
    model: model.id,
    contextTokens: model.contextWindow,
    inputTokens: usage.input,
    outputTokens: usage.output,
    totalTokens: usage.input + usage.cacheRead + usage.cacheWrite,
    systemSent: true,
  }));
}

function systemPrompt({ name, workspace }: Agent): string {
  return [
    `You are ${name}, a personal assistant reached through chat apps. Answer in plain text, briefly.`,
    `Workspace: ${workspace}`,
  ].join("\n");
}

function userMessage(text: string, images: readonly ContentBlock[], timestamp: number): TranscriptMessage {
  return { role: "user", content: [{ type: "text", text }, ...images], timestamp };
}

function payloadsOf({ content }: AssistantMessage): { text: string }[] {
  const text = content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n\n");
  return text.trim() === "" ? [] : [{ text }];
}

function partial(run: Run): { text: string }[] {
  return run.text.trim() === "" ? [] : [{ text: run.text }];
}

const NO_USAGE: Usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: 0 };

function usageOf({ usage }: Extract<ModelPart, { type: "finish" }>): Usage {
  return { ...usage, totalTokens: usage.input + usage.output + usage.cacheRead + usage.cacheWrite };
}

function sum(usages: readonly Usage[]): Usage {
  const add = (key: keyof Usage) => usages.reduce((total, usage) => total + usage[key], 0);
  return {
    input: add("input"),
    output: add("output"),
    cacheRead: add("cacheRead"),
    cacheWrite: add("cacheWrite"),
    totalTokens: add("totalTokens"),
  };
}

function stopReason({ reason }: Extract<ModelPart, { type: "finish" }>): AssistantMessage["stopReason"] {
  if (reason === "tool-calls") return "toolUse";
  return reason === "length" ? "length" : "stop";
}

function agentMeta(sessionId: string, { provider, model }: ModelCandidate, { totalTokens, ...usage }: Usage): object {
  return { sessionId, provider, model: model.id, usage: { ...usage, total: totalTokens } };
}

function failed(code: string, message: string, retryable?: boolean): TurnResult {
  return { status: "error", payloads: [], meta: {}, error: { code, message, ...(retryable && { retryable }) } };
}

function withDetails(error: unknown, details: object): Pick<TurnResult, "error"> {
  const { code, message } = error as GatewayError;
  return { error: { code, message, details } };
}

function timeoutMs(asked: unknown, { settings }: PluginGateway): number {
  if (typeof asked === "number") return asked;
  return (settings.get<number>("agents.defaults.timeoutSeconds") ?? TIMEOUT_SECONDS) * 1_000;
}
