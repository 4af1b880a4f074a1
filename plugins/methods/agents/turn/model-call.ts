import { errorText, failureOf, fitImages, modelError } from "openclaw/plugin-sdk";
import type {
  Agents,
  AssistantMessage,
  HooksOf,
  ModelCandidate,
  RunRequest,
  Settings,
  TranscriptMessage,
  TurnContext,
} from "openclaw/plugin-sdk";
import type { BlockStream } from "../block/stream.ts";
import { tidy } from "../context/tidy.ts";
import type { Run } from "../runs.ts";
import type { Toolbox } from "../tools.ts";
import { withCallersTools } from "./callers-tools.ts";
import { assertRoom } from "./context-room.ts";
import type { Failover } from "./failover.ts";
import { GrowingAnswer } from "./growing-answer.ts";
import { NO_USAGE, usageOf } from "./usage.ts";
import { watchedStream } from "./watched-stream.ts";

/** How long a model may be silent (agent.md §6). */
const SILENCE_SECONDS = 120;

export type Tools = Pick<Toolbox, "offered" | "mayRunTogether" | "run">;

export interface ModelCallParts {
  readonly run: Run;
  readonly settings: Settings;
  readonly sessionKey: string;
  readonly system: string;
  readonly tools: (candidate: ModelCandidate) => Tools;
  readonly signal: AbortSignal;
  /** Level for a candidate, which may have none. */
  readonly thinking: (candidate: ModelCandidate) => string;
  readonly tellsReasoning: boolean;
  readonly asked: RunRequest | undefined;
  /** What plugins say of this turn; without them it is none of their business. */
  readonly plugins?: { readonly hooks: HooksOf<typeof Agents>; readonly context: TurnContext };
  /** Where the answer is sent in parts. */
  readonly blocks?: BlockStream | undefined;
}

export interface Answer {
  readonly message: AssistantMessage;
  readonly candidate: ModelCandidate;
  /** Calls whose arguments cannot be read, by id. */
  readonly problems: ReadonlyMap<string, string>;
}

/** A model call that came to nothing, with what is left of its answer for the transcript. */
export class CallFailed extends Error {
  readonly remains: AssistantMessage;

  constructor(remains: AssistantMessage, cause: unknown) {
    super("the model call came to nothing", { cause });
    this.remains = remains;
  }
}

/** One answer of a model, streamed to clients as it comes. Throws {@link CallFailed}. */
export async function callModel(
  failover: Failover,
  messages: readonly TranscriptMessage[],
  parts: ModelCallParts,
): Promise<Answer> {
  let growing: GrowingAnswer | undefined;
  const { hooks, context } = parts.plugins ?? {};
  const told = (context && (await hooks?.beforeModelCall.promise(messages, context))) ?? messages;
  const readable = await withFittingImages(tidy(told));
  const attempt = async (candidate: ModelCandidate): Promise<Answer> => {
    parts.blocks?.forget();
    growing = new GrowingAnswer(parts.run, parts.tellsReasoning, parts.blocks);
    const message = await stream(candidate, readable, growing, parts);
    return { message, candidate, problems: growing.problems };
  };
  try {
    return await failover.ask(attempt, () => growing?.isShown === true);
  } catch (error) {
    const isAborted = parts.signal.aborted;
    throw new CallFailed(
      {
        ...labels(failover.candidate),
        content: growing?.remains() ?? [],
        usage: NO_USAGE,
        stopReason: isAborted ? "aborted" : "error",
        ...(!isAborted && { errorMessage: errorText(error) }),
        timestamp: Date.now(),
      },
      error,
    );
  }
}

/** Transcripts that others wrote hold images of any size. */
async function withFittingImages(messages: readonly TranscriptMessage[]): Promise<readonly TranscriptMessage[]> {
  const fitting: TranscriptMessage[] = [];
  for (const message of messages) {
    const content = message.role === "assistant" ? message.content : await fitImages(message.content);
    fitting.push(content === message.content ? message : { ...message, content });
  }
  return fitting;
}

/** Does the context have to become smaller before the model can answer? */
export function isOverflow(error: unknown): boolean {
  const cause = error instanceof CallFailed ? error.cause : error;
  return failureOf(cause).reason === "context_overflow";
}

async function stream(
  candidate: ModelCandidate,
  messages: readonly TranscriptMessage[],
  growing: GrowingAnswer,
  { settings, sessionKey, system, tools, signal, thinking, asked, plugins }: ModelCallParts,
): Promise<AssistantMessage> {
  const { model, reference } = candidate;
  assertRoom(candidate, settings);
  // A command that uses tools of its own says nothing meanwhile; it has a time limit of its own.
  const limitSeconds = candidate.ownsLoop
    ? 0
    : (settings.get<number>("agents.defaults.streamIdleSeconds") ?? SILENCE_SECONDS);
  const limitMs = limitSeconds * 1_000;
  const request = {
    system,
    messages,
    tools: candidate.ownsLoop ? [] : withCallersTools(tools(candidate).offered(), asked),
    reasoning: thinking(candidate),
    sessionKey,
    ...asked?.sampling,
    ...(asked?.toolChoice && { toolChoice: asked.toolChoice }),
  };
  for await (const part of watchedStream(candidate.stream, request, { signal, name: reference, limitMs })) {
    growing.take(part);
    if (plugins?.hooks.modelPart.isUsed()) plugins.hooks.modelPart.call(part, plugins.context);
  }
  signal.throwIfAborted();
  const { finish } = growing;
  if (!finish) throw modelError(`the answer of ${reference} broke off`, reference, { reason: "network" });
  const content = growing.blocks();
  if (finish.reason === "content-filter") {
    const message = `${reference} refused to answer this (content filter)`;
    throw modelError(message, reference, { reason: "content_filter" });
  }
  return {
    ...labels(candidate),
    content,
    usage: usageOf(finish, model.cost),
    stopReason: finish.reason === "length" ? "length" : content.some(isCall) ? "toolUse" : "stop",
    timestamp: Date.now(),
  };
}

function labels({ api, provider, model }: ModelCandidate) {
  return { role: "assistant" as const, api, provider, model: model.id };
}

function isCall({ type }: { readonly type: string }): boolean {
  return type === "toolCall";
}
