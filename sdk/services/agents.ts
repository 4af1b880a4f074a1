import { AsyncParallelHook, AsyncSeriesBailHook, AsyncSeriesWaterfallHook, SyncHook, SyncWaterfallHook } from "tapable";
import { KeyedHook, limit } from "../hook.ts";
import { defineService } from "../service.ts";
import type { Envelope, ReplyAddress, ReplyPayload } from "./envelope.ts";
import type { ModelPart, ModelTool, Sampling, ToolChoice } from "./models.ts";
import type { ContentBlock, Session, ToolResultMessage, TranscriptMessage } from "./sessions.ts";

/** Progress of one run (protocol.md §11). `seq` counts from 1 inside the run. */
export interface RunEvent {
  readonly runId: string;
  readonly sessionKey: string;
  readonly seq: number;
  readonly ts: number;
  readonly stream: "lifecycle" | "assistant" | "reasoning" | "tool" | "compaction" | "error";
  readonly data: Readonly<Record<string, unknown>>;
}

export interface RunState {
  readonly runId: string;
  readonly sessionKey: string;
  readonly status: "running" | "ok" | "error" | "aborted";
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly error?: string;
}

/** What goes to the model at the start of a turn. */
export interface Prompt {
  readonly system: string;
  readonly text: string;
}

/**
 * What somebody who waits for the answer asks beyond the message, such as a program with tools of its own. Kept in memory
 * only: a run whose envelope has the option `attended` ends when nobody has such a request for it any more.
 */
export interface RunRequest {
  /** What stands before the message that is answered. It goes into the transcript with it. */
  readonly before?: readonly TranscriptMessage[];
  /** Images that belong to the message. */
  readonly images?: readonly ContentBlock[];
  /** Nothing new was said: the answer is to `before`, such as results of the caller's tools. */
  readonly continues?: boolean;
  /**
   * Tools that the caller runs. Each hides one of ours that has its name. A call of one ends the run, which says so in
   * `meta.pendingToolCalls`.
   */
  readonly tools?: readonly ModelTool[];
  /** Other than `auto`, only the caller's tools are offered. */
  readonly toolChoice?: ToolChoice;
  readonly sampling?: Sampling;
}

/** A call of a tool that the caller of a run has to make. */
export interface PendingToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** The turn that uses a tool: whose it is, what it answers, and with which model. */
export interface ToolTurn {
  readonly agentId: string;
  readonly sessionKey: string;
  readonly runId: string;
  /** Nobody but owners wrote what the turn answers (security.md S-43). */
  readonly isOwner: boolean;
  /** The message that is answered. */
  readonly envelope?: Envelope;
  readonly provider?: string;
  readonly model?: string;
}

export interface ToolOptions {
  readonly description: string;
  /** JSON Schema of the arguments; checked before the tool runs. */
  readonly parameters: object;
  readonly label?: string;
  /** Only offered when the tool policy allows it by name. */
  readonly optional?: boolean;
  /** Only for turns that nobody but owners had a say in. */
  readonly ownerOnly?: boolean;
  /** May run beside other tools of the same answer that say so too. */
  readonly parallelSafe?: boolean;
  /** Names of groups it belongs to, for `group:<name>` in the tool policy. */
  readonly groups?: readonly string[];
  /** Default 120 000; 0: it keeps its own time. */
  readonly timeoutMs?: number;
  /** Asked at the beginning of each turn; `false` while what the tool needs is not there. */
  readonly isAvailable?: (turn: ToolTurn) => boolean;
}

export interface ToolContext extends ToolTurn {
  readonly toolCallId: string;
  readonly name: string;
  readonly arguments: Record<string, unknown>;
  readonly signal: AbortSignal;
  update(partial: unknown): void;
}

export interface ToolResult {
  readonly content: readonly ContentBlock[];
  readonly details?: unknown;
  readonly isError?: boolean;
}

/** A tool's answer in words. */
export function textResult(text: string, details?: unknown): ToolResult {
  return { content: [{ type: "text", text }], ...(details !== undefined && { details }) };
}

/** A tool's answer in facts: the model reads them as JSON. */
export function jsonResult(facts: object): ToolResult {
  return textResult(JSON.stringify(facts, null, 2), facts);
}

/** The turn that a hook is about. */
export interface TurnContext {
  readonly agentId: string;
  readonly sessionKey: string;
  readonly runId: string;
}

/** The turn whose answer it is, and the message that is answered. */
export interface ReplyContext extends TurnContext {
  readonly envelope: Envelope;
}

/** A file of the workspace that is part of the prompt. */
export interface PromptFile {
  readonly name: string;
  readonly path: string;
  /** Empty when it is missing. */
  readonly text: string;
  readonly missing: boolean;
}

export interface AgentInfo {
  readonly id: string;
  readonly name: string;
  readonly isDefault: boolean;
  readonly workspace: string;
}

/** A task for an agent of its own, asked for by a session (agent.md §14). */
export interface SpawnRequest {
  readonly task: string;
  /** The session that is told of the end. */
  readonly requesterKey: string;
  readonly label?: string;
  /** Another agent than the requester's, where that is allowed. */
  readonly agentId?: string;
  readonly model?: string;
  readonly thinking?: string;
  /** 0, the default: as long as it takes. */
  readonly runTimeoutSeconds?: number;
  /** Forget the session of the task when its end is told. Default `keep`: until it is archived. */
  readonly cleanup?: "keep" | "delete";
  /** Where the requester's own answer goes, and so what it says of the end. */
  readonly replyTo?: ReplyAddress;
  /** The requester's turn is one of its owners alone. */
  readonly isOwner?: boolean;
  /** Sessions one after the other that have led to this. */
  readonly relays?: number;
}

export interface Spawned {
  readonly runId: string;
  readonly childSessionKey: string;
  /** What was asked for and could not be had. */
  readonly warning?: string;
}

/** A sub-agent, as it is remembered until it is archived. */
export interface SubagentRun {
  readonly runId: string;
  readonly workId: string;
  readonly childSessionKey: string;
  readonly requesterKey: string;
  readonly task: string;
  readonly label?: string;
  readonly cleanup: "keep" | "delete";
  readonly replyTo?: ReplyAddress;
  readonly relays?: number;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly outcome?: "ok" | "error" | "timeout" | "unknown";
  /** The requester was told. */
  readonly announcedAt?: number;
  readonly archiveAt?: number;
}

export interface AgentsApi {
  list(): readonly AgentInfo[];
  run(runId: string): RunState | undefined;
  /** Resolves when the run has ended, or with `undefined` after `timeoutMs`. */
  wait(runId: string, timeoutMs: number): Promise<RunState | undefined>;
  /** Send tool events of a run to this connection; only to clients with the capability `tool-events`. */
  watch(runId: string, connId: string): void;
  /**
   * Start a sub-agent in a session of its own. Durable when it resolves; its end is told to the requester's session as a
   * message, also after a restart. Refused for a sub-agent.
   */
  spawn(request: SpawnRequest): Promise<Spawned>;
  /** Sub-agents that a session has started and that are not archived, oldest first. */
  subagents(requesterKey: string): Promise<readonly SubagentRun[]>;
  /**
   * Run one tool for somebody who is no model, as a turn of that session could: under the same policy, checks and limits.
   * `undefined`: the turn has no such tool. What goes wrong in the tool is a result with `isError`.
   */
  useTool(
    turn: ToolTurn,
    call: Pick<ToolContext, "name" | "toolCallId" | "arguments" | "signal">,
  ): Promise<ToolResult | undefined>;
  /** Tools that such a turn may use, as a model is told of them. */
  toolsOf(turn: ToolTurn): Promise<readonly ModelTool[]>;
  /** The last whole text of a running answer. */
  partialText(runId: string): string | undefined;
}

export const Agents = defineService<AgentsApi, ReturnType<typeof createHooks>>("agents", createHooks);

function createHooks() {
  return {
    /** Every event of every run, in order. */
    runEvent: new SyncHook<[RunEvent]>(["event"], "agents.runEvent"),
    /** A run begins that somebody waits for: what do they ask of it? First answer wins; without one it ends. */
    asked: new AsyncSeriesBailHook<[{ readonly runId: string; readonly session: Session }], RunRequest | void>(
      ["run"],
      "agents.asked",
    ),
    /** Which files of the workspace a prompt has: return another list. Each is shortened as usual. */
    bootstrapFiles: new AsyncSeriesWaterfallHook<[readonly PromptFile[], Omit<TurnContext, "runId">]>(
      ["files", "context"],
      "agents.bootstrapFiles",
    ),
    /**
     * Does somebody speak in this turn, beside whoever wrote its message, who is no owner? Then it has no owner's rights
     * (security.md S-43). First answer wins; asked before `beforeTurn`.
     */
    othersSpeak: new AsyncSeriesBailHook<[TurnContext], true | void>(["context"], "agents.othersSpeak"),
    /** Change the prompt before the first model call of a turn. */
    beforeTurn: new AsyncSeriesWaterfallHook<[Prompt, TurnContext]>(["prompt", "context"], "agents.beforeTurn"),
    /** What the model is sent in this call: return other messages. The transcript stays as it is. */
    beforeModelCall: new AsyncSeriesWaterfallHook<[readonly TranscriptMessage[], TurnContext]>(
      ["messages", "context"],
      "agents.beforeModelCall",
    ),
    /** A part of an answer came. Observers only. */
    modelPart: new SyncHook<[ModelPart, TurnContext]>(["part", "context"], "agents.modelPart"),
    /** The result of a tool before it is written down and read by the model: return another one. */
    toolResultPersist: new SyncWaterfallHook<[ToolResultMessage, TurnContext]>(
      ["message", "context"],
      "agents.toolResultPersist",
    ),
    /** A conversation is going to be made shorter, or was. */
    beforeCompaction: new AsyncParallelHook<[{ readonly agentId: string; readonly sessionKey: string }]>(
      ["context"],
      "agents.beforeCompaction",
    ),
    afterCompaction: new AsyncParallelHook<
      [
        {
          readonly agentId: string;
          readonly sessionKey: string;
          readonly tokensBefore: number;
          readonly tokensAfter: number;
        },
      ]
    >(["context"], "agents.afterCompaction"),
    /** What is said outside at the end of a turn: return another list. A tap may take 45 s. */
    replyPayloads: limit(
      new AsyncSeriesWaterfallHook<[readonly ReplyPayload[], ReplyContext]>(
        ["payloads", "context"],
        "agents.replyPayloads",
      ),
      45_000,
    ),
    /** A turn has ended. */
    afterTurn: new AsyncParallelHook<
      [{ agentId: string; sessionKey: string; success: boolean; error?: string; durationMs: number }]
    >(["outcome"], "agents.afterTurn"),
    /** May this tool run, and with which arguments? Taps may also change those in place, so that several can. */
    beforeTool: new AsyncSeriesBailHook<
      [ToolContext],
      { readonly block?: string; readonly arguments?: Record<string, unknown> } | void
    >(["call"], "agents.beforeTool"),
    /** A tool has run. */
    afterTool: new AsyncParallelHook<[ToolContext, ToolResult, number]>(
      ["call", "result", "durationMs"],
      "agents.afterTool",
    ),
    /** One tool per key. */
    tool: new KeyedHook<[ToolContext], ToolResult, ToolOptions>(["call"], "agents.tool", "tools"),
  };
}
