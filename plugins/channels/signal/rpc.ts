import { failureOf, refusalOf, SignalFailure } from "./failure.ts";
import { Post } from "./post.ts";

const TIMEOUT_MS = 30_000;
const MAX_ANSWER_BYTES = 160 * 1_048_576;

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

/** JSON-RPC 2.0 over HTTP, as the daemon speaks it (channels.md §3.5). Throws a {@link SignalFailure}. */
export class Rpc {
  readonly #post: Post;
  readonly #account: string | undefined;
  #next = 1;

  /** Without an account for what concerns none, such as linking one. */
  constructor(baseUrl: string, account?: string) {
    this.#post = new Post(`${baseUrl}/api/v1/rpc`);
    this.#account = account;
  }

  async call<T>(method: string, params: object = {}, { signal, timeoutMs = TIMEOUT_MS }: CallOptions = {}): Promise<T> {
    const id = String(this.#next++);
    const body = JSON.stringify({
      jsonrpc: "2.0",
      id,
      method,
      params: { ...(this.#account !== undefined && { account: this.#account }), ...params },
    });
    const { status, text } = await this.#post
      .send(body, { signal, timeoutMs, maxBytes: MAX_ANSWER_BYTES })
      .catch((error: unknown) => {
        throw failureOf(error, signal);
      });
    if (status === 201 && text === "") return undefined as T;
    const answer = parsed(text, status);
    if (answer.error) throw refusalOf(answer.error.message ?? `error ${answer.error.code}`);
    if (answer.id !== id) throw new SignalFailure("lost", "signal-cli answered something else");
    return answer.result as T;
  }
}

interface Answer {
  readonly id?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code?: number; readonly message?: string };
}

function parsed(text: string, status: number): Answer {
  try {
    return JSON.parse(text) as Answer;
  } catch (error) {
    throw new SignalFailure("lost", `signal-cli answered ${status} without JSON`, error);
  }
}
