import type { Frame, RawClient } from "../raw-client.ts";

/** A run takes its time on a machine that has other things to do. */
const PATIENCE_MS = 10_000;
const SHORT_PATIENCE_MS = 500;

interface RunPayload {
  readonly runId?: string;
  readonly state?: string;
  readonly stream?: string;
  readonly data?: { readonly phase?: string };
}

export function isRunEvent({ type, event }: Frame): boolean {
  return type === "event" && (event === "agent" || event === "chat");
}

/** The events of the runs that a recorded client began: one of each kind, since how many there are is a matter of time. */
export class RunEvents {
  readonly #runs: Set<string>;
  readonly #seen = new Set<string>();

  /** `begun`: the runs of all clients that were there together. */
  constructor(begun: Set<string> = new Set()) {
    this.#runs = begun;
  }

  /** The client sent this. */
  begun(frame: unknown): void {
    const { params } = (frame ?? {}) as { params?: { idempotencyKey?: unknown; event?: unknown } };
    if (typeof params?.idempotencyKey === "string") this.#runs.add(params.idempotencyKey);
    if (params?.event === "voice.transcript") this.#runs.add("voice");
  }

  /** Not one of other clients, and not one like another before. */
  isWanted(expected: Frame): boolean {
    const runId = runOf(expected);
    const isOwn = this.#runs.has(runId) || runId === "inject";
    if (!isOwn || this.#seen.has(this.name(expected))) return false;
    this.#seen.add(this.name(expected));
    return true;
  }

  /** `isMissed`: somebody would mind if it did not come. */
  counterpart(client: RawClient, expected: Frame, isMissed: boolean): Promise<Frame> {
    const wanted = this.name(expected);
    const patienceMs = isMissed ? PATIENCE_MS : SHORT_PATIENCE_MS;
    return client.next(wanted, (frame) => isRunEvent(frame) && this.name(frame) === wanted, patienceMs);
  }

  /** `chat end of run-1`: all ends are one kind, because what is a failure here was an answer there. */
  name(frame: Frame): string {
    const { state, stream, data } = payloadOf(frame);
    const kind = state ?? (stream === "assistant" ? stream : `${stream} ${data?.phase}`);
    const plain = kind
      .replace(/^(?:final|error|aborted)$/, "end")
      .replace(/^lifecycle (?:end|error)$/, "lifecycle end");
    // A node that follows the session is told once more, without a number.
    const copy = frame.seq === undefined ? ", unnumbered" : "";
    return `${String(frame.event)} ${plain} of ${runOf(frame)}${copy}`;
  }
}

/** Runs that have no name of the client's go by who began them. */
function runOf(frame: Frame): string {
  const { runId = "" } = payloadOf(frame);
  if (/^<uuid:\d+>$/.test(runId)) return "voice";
  return runId.replace(/^(inject|voice)-.*/, "$1");
}

function payloadOf({ payload }: Frame): RunPayload {
  return (payload ?? {}) as RunPayload;
}
