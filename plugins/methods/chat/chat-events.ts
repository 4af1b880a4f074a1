import type { Emit, RunEvent } from "openclaw/plugin-sdk";

const DELTA_MS = 150;

export interface ChatEvent {
  readonly runId: string;
  readonly sessionKey: string;
  readonly seq: number;
  readonly state: "delta" | "final" | "aborted" | "error";
  readonly message?: object;
  readonly errorMessage?: string;
  readonly stopReason?: string;
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
  /** Runs that were told to be aborted: their later events say nothing more. */
  readonly #aborted = new Set<string>();

  constructor(emit: Emit<ChatEvent>) {
    this.#emit = emit;
  }

  follow({ runId, sessionKey, seq, stream, data }: RunEvent): void {
    if (this.#aborted.has(runId)) {
      if (isEnd(stream, data)) this.#aborted.delete(runId);
      return;
    }
    const progress = this.#progress.get(runId) ?? { text: "", lastDeltaAt: 0, lastSeq: 0, told: "" };
    this.#progress.set(runId, progress);
    progress.lastSeq = seq;
    if (stream === "assistant") {
      progress.text = data["text"] as string;
      if (Date.now() - progress.lastDeltaAt >= DELTA_MS) this.#tell(runId, sessionKey, seq, progress);
    } else if (stream === "tool" && progress.told !== progress.text) {
      this.#tell(runId, sessionKey, seq, progress);
    } else if (isEnd(stream, data)) {
      this.#progress.delete(runId);
      if (data["phase"] === "error") {
        this.#emit({ runId, sessionKey, seq, state: "error", errorMessage: String(data["error"]) });
      } else if (data["aborted"] === true) {
        this.#emit({ runId, sessionKey, seq, state: "aborted", stopReason: "rpc" });
      } else {
        const message = progress.text === "" ? undefined : assistantMessage(progress.text);
        this.#emit({ runId, sessionKey, seq, state: "final", ...(message && { message }) });
      }
    }
  }

  /** The user stopped a run: say so at once. */
  aborted(runId: string, sessionKey: string, stopReason: "rpc" | "stop"): void {
    const seq = (this.#progress.get(runId)?.lastSeq ?? 0) + 1;
    this.#progress.delete(runId);
    this.#aborted.add(runId);
    this.#emit({ runId, sessionKey, seq, state: "aborted", stopReason });
  }

  /** A text that no run made, such as the answer of a command. */
  final(runId: string, sessionKey: string, seq: number, message?: object): void {
    this.#emit({ runId, sessionKey, seq, state: "final", ...(message && { message }) });
  }

  /** A message that ended badly before any run began. */
  failed(runId: string, sessionKey: string, errorMessage: string): void {
    this.#emit({ runId, sessionKey, seq: 1, state: "error", errorMessage });
  }

  #tell(runId: string, sessionKey: string, seq: number, progress: Progress): void {
    progress.lastDeltaAt = Date.now();
    progress.told = progress.text;
    const message = assistantMessage(progress.text);
    this.#emit({ runId, sessionKey, seq, state: "delta", message }, { droppable: true });
  }
}

export function assistantMessage(text: string): object {
  return { role: "assistant", content: [{ type: "text", text }], timestamp: Date.now() };
}

function isEnd(stream: string, data: Readonly<Record<string, unknown>>): boolean {
  return stream === "lifecycle" && (data["phase"] === "end" || data["phase"] === "error");
}
