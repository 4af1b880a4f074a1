import type { webApi } from "@slack/bolt";
import type { Library } from "./library.ts";
import { logTo } from "./log-adapter.ts";
import type { Log } from "./log-adapter.ts";

type Web = InstanceType<typeof webApi.WebClient>;

/** One call, answer included. */
const CALL_MS = 15_000;

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly limitMs?: number;
}

export type Answer = Readonly<Record<string, unknown>>;

export interface ApiParts {
  readonly library: Library;
  readonly apiRoot: string;
  readonly log: Log;
  /** The account stops: nothing goes on being asked. */
  readonly signal: AbortSignal;
}

/** Options for every client of the Web API: nothing is retried here, and nothing waits for ever. */
export function clientOptions({ apiRoot, log, signal }: Omit<ApiParts, "library">) {
  return {
    slackApiUrl: apiRoot,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    timeout: CALL_MS,
    logger: logTo(log),
    fetch: (url: string | URL | Request, init: RequestInit = {}) =>
      fetch(url, { ...init, signal: init.signal ? AbortSignal.any([init.signal, signal]) : signal }),
  };
}

/** The Web API with one token. */
export class Api {
  readonly #web: Web;

  constructor(parts: ApiParts, token: string) {
    this.#web = new parts.library.webApi.WebClient(token, clientOptions(parts) as webApi.WebClientOptions);
  }

  /** Resolves with an answer that is `ok`; see `failureOf` for what it rejects with. */
  async call(method: string, args: object = {}, { signal, limitMs = CALL_MS }: CallOptions = {}): Promise<Answer> {
    const limit = AbortSignal.timeout(limitMs);
    const until = signal ? AbortSignal.any([signal, limit]) : limit;
    const asked = this.#web.apiCall(method, args as Record<string, unknown>);
    const cut = Promise.withResolvers<never>();
    const stop = () => cut.reject(until.reason as Error);
    if (until.aborted) stop();
    until.addEventListener("abort", stop, { once: true });
    try {
      return (await Promise.race([asked, cut.promise])) as unknown as Answer;
    } finally {
      until.removeEventListener("abort", stop);
      // What comes after nobody waits for it any more is no fault.
      asked.catch(() => undefined);
      cut.promise.catch(() => undefined);
    }
  }
}
