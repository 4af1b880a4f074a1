import { errorText, GatewayError } from "openclaw/plugin-sdk";
import type { ModelCandidate, SessionEntry, Settings, ToolResult, TranscriptMessage, Turn } from "openclaw/plugin-sdk";
import type { Run } from "../runs.ts";
import { failure } from "../tool-result.ts";
import type { ToolCall } from "../tools.ts";
import { Failover } from "./failover.ts";
import { runLoop } from "./loop.ts";
import type { LoopParts, Tools } from "./loop.ts";
import type { TurnParts } from "./turn-parts.ts";

/** Tokens before the threshold of compaction. */
const SOFT_TOKENS = 4_000;
/** Nothing waits longer for notes. */
const LIMIT_MS = 120_000;
const MAX_CALLS = 12;
const FILE_TOOLS: ReadonlySet<string> = new Set(["read", "write", "edit"]);
const ASK = `The older part of this conversation will soon be replaced by a summary. Write what should last (decisions, facts, wishes, open ends) into memory/{date}.md of the workspace now. Keep what the file already says. When there is nothing to keep, write nothing. Then answer NO_REPLY.`;
const SYSTEM = "This turn is for taking notes. Nobody reads its answer.";

interface FlushKeys {
  readonly enabled?: boolean;
  readonly softThresholdTokens?: number;
  readonly prompt?: string;
  readonly systemPrompt?: string;
}

export interface FlushParts {
  readonly turn: Turn;
  readonly parts: TurnParts;
  /** Of the turn that has ended: its prompt and tools are used once more. */
  readonly loop: Pick<LoopParts, "system" | "tools" | "thinking">;
  readonly history: (candidate: ModelCandidate) => Promise<TranscriptMessage[]>;
}

/** Has the agent write lasting notes before its conversation is made shorter: a turn that nobody sees (agent.md §10.6). */
export class MemoryFlush {
  readonly #about: FlushParts;

  constructor(about: FlushParts) {
    this.#about = about;
  }

  /** With so many tokens, and so much room before a compaction: once per compaction. */
  isDue(candidate: ModelCandidate, tokens: number, roomEnds: number): boolean {
    const { turn, parts, loop } = this.#about;
    const keys = flushKeys(parts.gateway.settings);
    if (keys.enabled === false || candidate.ownsLoop) return false;
    if (tokens <= roomEnds - (keys.softThresholdTokens ?? SOFT_TOKENS)) return false;
    const { session, work } = turn;
    // Who has no memory, or would have others write into it.
    if (/^agent:[^:]+:subagent:/.test(session.key) || work.envelope.options?.["heartbeat"] === true) return false;
    if (work.envelope.chatType !== "direct" && turn.isOwner !== true) return false;
    if (session.entry["memoryFlushCompactionCount"] === compactions(session.entry)) return false;
    return loop
      .tools(candidate)
      .offered()
      .some(({ name }) => name === "write");
  }

  /** Never throws: a conversation is made shorter with or without notes. */
  async run(candidate: ModelCandidate): Promise<void> {
    const { turn, parts } = this.#about;
    const { gateway, sessions } = parts;
    const { key } = turn.session;
    try {
      // Also when it fails: it is not tried at each turn.
      await sessions.update(key, (entry) => ({
        memoryFlushAt: Date.now(),
        memoryFlushCompactionCount: compactions(entry),
      }));
      await this.#notes(candidate);
    } catch (error) {
      if (!gateway.signal.aborted)
        gateway.log.warn(`session ${key} took no notes: ${errorText(error)}`, { err: error });
    }
  }

  async #notes(candidate: ModelCandidate): Promise<void> {
    const { turn, parts, loop, history } = this.#about;
    const { gateway, models } = parts;
    const { prompt = ASK, systemPrompt = SYSTEM } = flushKeys(gateway.settings);
    const signal = AbortSignal.any([gateway.signal, AbortSignal.timeout(LIMIT_MS)]);
    const run: Run = {
      runId: `${turn.work.runId}-notes`,
      sessionKey: turn.session.key,
      text: "",
      emit: () => undefined,
    };
    const text = prompt.replaceAll("{date}", today(gateway.settings));
    const question: TranscriptMessage = { role: "user", content: [{ type: "text", text }], timestamp: Date.now() };
    await runLoop([...(await history(candidate)), question], {
      run,
      settings: limited(gateway.settings),
      sessionKey: turn.session.key,
      system: `${loop.system}\n\n${systemPrompt}`,
      tools: (one) => fileTools(loop.tools(one)),
      signal,
      thinking: loop.thinking,
      tellsReasoning: false,
      turn: { isPostponed: () => false, markEffects: () => Promise.resolve() },
      // What is said here is not part of the conversation.
      transcript: { append: () => Promise.resolve() },
      failover: new Failover({
        candidates: [candidate],
        models,
        session: turn.session,
        run,
        signal,
        settings: gateway.settings,
      }),
      answerId: run.runId,
      asked: undefined,
      shorter: (_candidate, overflow) => Promise.reject(overflow as Error),
    });
  }
}

function flushKeys(settings: Settings): FlushKeys {
  return settings.get<FlushKeys>("agents.defaults.compaction.memoryFlush") ?? {};
}

function compactions(entry: SessionEntry): number {
  return Number(entry["compactionCount"] ?? 0);
}

/** Files of the workspace only: nothing is said, run or fetched. */
function fileTools(tools: Tools): Tools {
  return {
    offered: () => tools.offered().filter(({ name }) => FILE_TOOLS.has(name)),
    mayRunTogether: (names) => tools.mayRunTogether(names),
    run: (call: ToolCall): Promise<ToolResult> =>
      FILE_TOOLS.has(call.name)
        ? tools.run(call)
        : Promise.resolve(failure(`tool "${call.name}" is not for taking notes; use read, write and edit`)),
  };
}

function limited(settings: Settings): Settings {
  return {
    get: <T>(path: string) => (path === "agents.defaults.maxTurns" ? (MAX_CALLS as T) : settings.get<T>(path)),
  };
}

/** The day where the user is. */
function today(settings: Settings): string {
  const timeZone = settings.get<string>("agents.defaults.userTimezone");
  try {
    return new Intl.DateTimeFormat("en-CA", {
      dateStyle: "short",
      ...(timeZone !== undefined && { timeZone }),
    }).format();
  } catch (cause) {
    throw new GatewayError("INVALID_REQUEST", `agents.defaults.userTimezone "${timeZone}" is no time zone`, { cause });
  }
}
