import type { Emit, RunEvent } from "openclaw/plugin-sdk";
import { visibleSoFar, visibleText } from "openclaw/plugin-sdk";

const DELTA_MS = 150;
/** How long an aborted run is remembered (protocol.md §13), and how many of them. */
const ABORTED_MS = 3_600_000;
const MAX_ABORTED = 10_000;

export type StopReason = "rpc" | "stop" | "timeout" | "shutdown" | "disconnect" | "dropped" | "collected";

export interface ChatEvent {
  readonly runId: string;
  readonly sessionKey: string;
  readonly seq: number;
  readonly state: "delta" | "final" | "aborted" | "error";
  readonly message?: object;
  readonly errorMessage?: string;
  readonly stopReason?: string;
  readonly mergedInto?: string;
}

interface Progress {
  text: string;
  lastDeltaAt: number;
  lastSeq: number;
  /** The text of the last delta; what came after it is in the final one. */
  told: string;
}

/** Chat events made from run events: whole texts at most every 150 ms, and exactly one end per run (protocol.md §11). */
export class ChatEvents {
  readonly #emit: Emit<ChatEvent>;
  readonly #progress = new Map<string, Progress>();
  /** Runs that were told to be aborted or answered with another, and when: they have had their one end. Oldest first. */
  readonly #aborted = new Map<string, number>();

  /** The text of a run so far, for runs that began before this generation of the plugin. */
  readonly #textSoFar: (runId: string) => string | undefined;

  constructor(emit: Emit<ChatEvent>, textSoFar: (runId: string) => string | undefined) {
    this.#emit = emit;
    this.#textSoFar = textSoFar;
  }

  follow({ runId, sessionKey, seq, stream, data }: RunEvent): void {
    if (this.#aborted.has(runId)) return;
    const progress = this.#progress.get(runId) ?? {
      text: "",
      lastDeltaAt: Number.NEGATIVE_INFINITY,
      lastSeq: 0,
      told: "",
    };
    this.#progress.set(runId, progress);
    progress.lastSeq = seq;
    if (stream === "assistant") {
      progress.text = String(data["text"] ?? "");
      if (performance.now() - progress.lastDeltaAt >= DELTA_MS) this.#tell(runId, sessionKey, seq, progress);
    } else if (stream === "tool" && progress.told !== visibleSoFar(progress.text)) {
      this.#tell(runId, sessionKey, seq, progress);
    } else if (isEnd(stream, data)) {
      this.#progress.delete(runId);
      if (data["phase"] === "error") {
        this.#emit({ runId, sessionKey, seq, state: "error", errorMessage: String(data["error"]) });
      } else if (data["aborted"] === true) {
        this.#emit({ runId, sessionKey, seq, state: "aborted", stopReason: String(data["stopReason"] ?? "rpc") });
      } else {
        const text = visibleText(progress.text || (this.#textSoFar(runId) ?? ""));
        const message = text.trim() === "" ? undefined : assistantMessage(text);
        this.#emit({ runId, sessionKey, seq, state: "final", ...(message && { message }) });
      }
    }
  }

  /** The user stopped a run: say so at once. */
  aborted(runId: string, sessionKey: string, stopReason: StopReason): void {
    if (this.#aborted.has(runId)) return;
    const seq = (this.#progress.get(runId)?.lastSeq ?? 0) + 1;
    this.#progress.delete(runId);
    this.#aborted.set(runId, Date.now());
    this.#prune();
    this.#emit({ runId, sessionKey, seq, state: "aborted", stopReason });
  }

  isAborted(runId: string): boolean {
    return this.#aborted.has(runId);
  }

  /** A text that no run made, such as the answer of a command. */
  final(runId: string, sessionKey: string, seq: number, message?: object): void {
    this.#emit({ runId, sessionKey, seq, state: "final", ...(message && { message }) });
  }

  /** A message that is answered as part of another one. */
  collected(runId: string, sessionKey: string, mergedInto: string): void {
    if (this.#aborted.has(runId)) return;
    this.#aborted.set(runId, Date.now());
    this.#prune();
    this.#emit({ runId, sessionKey, seq: 1, state: "final", stopReason: "collected", mergedInto });
  }

  /** A message that ended badly before any run began. */
  failed(runId: string, sessionKey: string, errorMessage: string): void {
    this.#emit({ runId, sessionKey, seq: 1, state: "error", errorMessage });
  }

  #prune(): void {
    const oldest = Date.now() - ABORTED_MS;
    for (const [runId, at] of this.#aborted) {
      if (at >= oldest && this.#aborted.size <= MAX_ABORTED) return;
      this.#aborted.delete(runId);
    }
  }

  #tell(runId: string, sessionKey: string, seq: number, progress: Progress): void {
    const text = visibleSoFar(progress.text);
    if (text === "" || text === progress.told) return;
    progress.lastDeltaAt = performance.now();
    progress.told = text;
    this.#emit({ runId, sessionKey, seq, state: "delta", message: assistantMessage(text) }, { droppable: true });
  }
}

export function assistantMessage(text: string): object {
  return { role: "assistant", content: [{ type: "text", text }], timestamp: Date.now() };
}

function isEnd(stream: string, data: Readonly<Record<string, unknown>>): boolean {
  return stream === "lifecycle" && (data["phase"] === "end" || data["phase"] === "error");
}
