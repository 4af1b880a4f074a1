import { modelError } from "openclaw/plugin-sdk";
import type { ModelPart, ModelRequest, StreamModel } from "openclaw/plugin-sdk";

export interface Watch {
  readonly signal: AbortSignal;
  /** Reference of the model, for the error. */
  readonly name: string;
  /** The first part and each part after it may take so long; 0 is for ever. */
  readonly limitMs: number;
}

/**
 * The parts of one request. Stops at once when the signal aborts, and when the model is silent for too long, whether or
 * not the provider's library listens; what it holds is let go of in every case.
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
  try {
    for (;;) {
      const step = await Promise.race([parts.next(), halted.promise]);
      if (step.done) {
        isOver = true;
        return;
      }
      isHeard = true;
      timer?.refresh();
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
