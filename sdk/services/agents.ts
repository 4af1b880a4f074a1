import { AsyncParallelHook, AsyncSeriesBailHook, AsyncSeriesWaterfallHook, SyncHook } from "tapable";
import { KeyedHook } from "../hook.ts";
import { defineService } from "../service.ts";
import type { ContentBlock } from "./sessions.ts";

/** Progress of one run (protocol.md §11). `seq` counts from 1 inside the run. */
export interface RunEvent {
  readonly runId: string;
  readonly sessionKey: string;
  readonly seq: number;
  readonly ts: number;
  readonly stream: "lifecycle" | "assistant" | "reasoning" | "tool" | "error";
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

export interface ToolOptions {
  readonly description: string;
  /** JSON Schema of the arguments; checked before the tool runs. */
  readonly parameters: object;
  readonly label?: string;
  /** Only offered when the tool policy allows it by name. */
  readonly optional?: boolean;
  readonly timeoutMs?: number;
}

export interface ToolContext {
  readonly toolCallId: string;
  readonly name: string;
  readonly arguments: Record<string, unknown>;
  readonly agentId: string;
  readonly sessionKey: string;
  readonly runId: string;
  readonly signal: AbortSignal;
  update(partial: unknown): void;
}

export interface ToolResult {
  readonly content: readonly ContentBlock[];
  readonly details?: unknown;
  readonly isError?: boolean;
}

export interface AgentInfo {
  readonly id: string;
  readonly name: string;
  readonly isDefault: boolean;
  readonly workspace: string;
}

export interface AgentsApi {
  list(): readonly AgentInfo[];
  run(runId: string): RunState | undefined;
  /** Resolves when the run has ended, or with `undefined` after `timeoutMs`. */
  wait(runId: string, timeoutMs: number): Promise<RunState | undefined>;
  /** Send tool events of a run to this connection; only to clients with the capability `tool-events`. */
  watch(runId: string, connId: string): void;
  /** The last whole text of a running answer. */
  partialText(runId: string): string | undefined;
}

export const Agents = defineService<AgentsApi, ReturnType<typeof createHooks>>("agents", createHooks);

function createHooks() {
  return {
    /** Every event of every run, in order. */
    runEvent: new SyncHook<[RunEvent]>(["event"], "agents.runEvent"),
    /** Change the prompt before the first model call of a turn. */
    beforeTurn: new AsyncSeriesWaterfallHook<[Prompt, { agentId: string; sessionKey: string; runId: string }]>(
      ["prompt", "context"],
      "agents.beforeTurn",
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
