import { modelError } from "openclaw/plugin-sdk";
import type { ModelPart, ModelRequest, StreamModel } from "openclaw/plugin-sdk";

/** What a model may say in one answer, and what it may think: more than any of them can, and what a client can be told. */
const MAX_BYTES = 1_000_000;
/** Calls of tools in one answer. */
const MAX_CALLS = 200;

export interface Watch {
  readonly signal: AbortSignal;
  /** Reference of the model, for the error. */
  readonly name: string;
  /** The first part and each part after it may take so long; 0 is for ever. */
  readonly limitMs: number;
}

/**
 * The parts of one request. Stops at once when the signal aborts, and when the model is silent for too long or comes to no
 * end, whether or not the provider's library listens; what it holds is let go of in every case.
 */
export async function* watchedStream(
  stream: StreamModel,
  request: Omit<ModelRequest, "signal">,
  { signal, name, limitMs }: Watch,
): AsyncGenerator<ModelPart> {
  signal.throwIfAborted();
  const abort = new AbortController();
  const halted = Promise.withResolvers<never>();
  // Nobody may be waiting when it is rejected.
  halted.promise.catch(() => undefined);
  const halt = (reason: unknown) => {
    halted.reject(reason as Error);
    abort.abort(reason);
  };
  const stop = () => halt(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  let isHeard = false;
  const silent = () => {
    const what = isHeard ? "said nothing more" : "said nothing";
    halt(modelError(`${name} ${what} for ${limitMs / 1_000} s`, name, { reason: "timeout" }));
  };
  const timer = limitMs > 0 ? setTimeout(silent, limitMs) : undefined;
  const parts = stream({ ...request, signal: abort.signal })[Symbol.asyncIterator]();
  let isOver = false;
  let said = 0;
  let thought = 0;
  let calls = 0;
  const count = (part: ModelPart) => {
    if (part.type === "text-delta") said += Buffer.byteLength(part.text);
    else if (part.type === "reasoning-delta") thought += Buffer.byteLength(part.text);
    else if (part.type === "tool-call") calls++;
    if (Math.max(said, thought) > MAX_BYTES) throw endless(`more than ${MAX_BYTES} bytes`, name);
    if (calls > MAX_CALLS) throw endless(`more than ${MAX_CALLS} calls of tools`, name);
  };
  try {
    for (;;) {
      const step = await Promise.race([parts.next(), halted.promise]);
      if (step.done) {
        isOver = true;
        return;
      }
      isHeard = true;
      timer?.refresh();
      count(step.value);
      yield step.value;
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    if (!isOver) {
      abort.abort();
      void Promise.resolve(parts.return?.()).catch(() => undefined);
    }
  }
}

function endless(what: string, name: string): Error {
  return modelError(`the answer of ${name} has ${what} and was cut off`, name, { reason: "format" });
}
