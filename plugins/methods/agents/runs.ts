import { emitToFollowers, Nodes } from "openclaw/plugin-sdk";
import type { Emit, HooksOf, Agents, PluginGateway, RunEvent, RunState, TurnResult } from "openclaw/plugin-sdk";
import { RunEventShape } from "./run-event-shape.ts";

const KEPT_MS = 600_000;
const MAX_KEPT = 1_000;

/** One run while it lasts: numbers its events and remembers the text so far. */
export interface Run {
  readonly runId: string;
  readonly sessionKey: string;
  /** Text of the answer so far. */
  text: string;
  emit(stream: RunEvent["stream"], data: Readonly<Record<string, unknown>>): void;
}

interface Entry {
  state: RunState;
  readonly run: Run;
  readonly waiting: ((state: RunState) => void)[];
}

/** Every run of the last ten minutes: its events as they happen, its outcome afterwards. */
export class Runs {
  readonly #gateway: PluginGateway;
  readonly #emit: Emit<RunEvent>;
  readonly #hooks: () => HooksOf<typeof Agents>;
  readonly #entries: Map<string, Entry>;
  /** Connections that started a run and read tool events, by run id. */
  readonly #watchers: Map<string, Set<string>>;

  constructor(gateway: PluginGateway, hooks: () => HooksOf<typeof Agents>) {
    this.#gateway = gateway;
    this.#hooks = hooks;
    // Runs go on while the plugin is reloaded, and whoever asks the next generation has to be told of them.
    this.#entries = gateway.keep("runs", () => new Map<string, Entry>());
    this.#watchers = gateway.keep("watchers", () => new Map<string, Set<string>>());
    this.#emit = emitToFollowers(gateway.use(Nodes), gateway.event<RunEvent>("agent", { payload: RunEventShape }));
  }

  /** `connId` started this run and declared the capability `tool-events`. */
  watch(runId: string, connId: string): void {
    const watchers = this.#watchers.get(runId) ?? new Set();
    this.#watchers.set(runId, watchers.add(connId));
    // One that was refused after this has no end that would forget it.
    if (this.#watchers.size > MAX_KEPT) this.#watchers.delete(this.#watchers.keys().next().value as string);
  }

  begin(runId: string, sessionKey: string, verbose: string): Run {
    let seq = 0;
    const run: Run = {
      runId,
      sessionKey,
      text: "",
      emit: (stream, data) => {
        const event: RunEvent = { runId, sessionKey, seq: ++seq, ts: Date.now(), stream, data };
        if (stream === "tool") this.#tellTool(event, verbose);
        else this.#emit(event);
        this.#hooks().runEvent.call(event);
      },
    };
    const startedAt = Date.now();
    this.#entries.set(runId, { run, waiting: [], state: { runId, sessionKey, status: "running", startedAt } });
    run.emit("lifecycle", { phase: "start", startedAt });
    return run;
  }

  /** The one terminal event of a run, whatever it ended with. */
  end(run: Run, { status: ended, meta, error }: TurnResult): void {
    const entry = this.#entries.get(run.runId);
    if (!entry) return;
    const isAborted = ended === "ok" && meta["aborted"] === true;
    const status = ended === "error" ? "error" : isAborted ? "aborted" : "ok";
    const endedAt = Date.now();
    const { startedAt } = entry.state;
    entry.state = { ...entry.state, status, endedAt, ...(error && { error: error.message }) };
    const reason = (error?.details as { reason?: unknown } | undefined)?.reason ?? error?.code;
    const stopped = isAborted && { aborted: true, stopReason: meta["stopReason"] };
    if (error) run.emit("lifecycle", { phase: "error", error: error.message, reason, startedAt, endedAt });
    else run.emit("lifecycle", { phase: "end", startedAt, endedAt, ...stopped });
    for (const resolve of entry.waiting.splice(0)) resolve(entry.state);
    this.#watchers.delete(run.runId);
    this.#forget();
  }

  get(runId: string): RunState | undefined {
    return this.#entries.get(runId)?.state;
  }

  partialText(runId: string): string | undefined {
    return this.#entries.get(runId)?.run.text;
  }

  /** The outcome, or `undefined` after `timeoutMs`. A run that has not begun yet is waited for too. */
  async wait(runId: string, timeoutMs: number): Promise<RunState | undefined> {
    const deadline = Date.now() + timeoutMs;
    let entry = this.#entries.get(runId);
    while (!entry && Date.now() < deadline) {
      await this.#pause(Math.min(50, deadline - Date.now()));
      entry = this.#entries.get(runId);
    }
    if (!entry) return undefined;
    if (entry.state.status !== "running") return entry.state;
    const { promise, resolve } = Promise.withResolvers<RunState | undefined>();
    entry.waiting.push(resolve);
    const timer = this.#gateway.setTimeout(() => resolve(undefined), Math.max(0, deadline - Date.now()));
    return promise.finally(() => clearTimeout(timer));
  }

  /** Tool events go only to who asked for them, and only as far as the session's level says (protocol.md §11). */
  #tellTool(event: RunEvent, verbose: string): void {
    const to = this.#watchers.get(event.runId);
    if (!to || verbose === "off") return;
    const { result: _result, partialResult: _partial, ...short } = event.data;
    this.#emit(verbose === "full" ? event : { ...event, data: short }, { to });
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#gateway.setTimeout(resolve, ms));
  }

  #forget(): void {
    const oldest = Date.now() - KEPT_MS;
    for (const [runId, { state }] of this.#entries) {
      const old = state.endedAt !== undefined && state.endedAt < oldest;
      if (!old && this.#entries.size <= MAX_KEPT) break;
      if (state.status !== "running") this.#entries.delete(runId);
    }
  }
}
