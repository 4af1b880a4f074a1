import type { APIMessage, RawFile, REST } from "discord.js";
import { GarbledAnswer } from "./failure.ts";

/** One request, headers and body included. */
const REQUEST_MS = 15_000;

export interface RequestParts {
  readonly body?: unknown;
  readonly files?: RawFile[];
  readonly query?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** False: the path itself is the key, as of an interaction. */
  readonly auth?: boolean;
  readonly limitMs?: number;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The REST API of one account, through the library's buckets. Nothing is retried here, and nothing waits for ever. */
export class Api {
  readonly #rest: REST;

  constructor(rest: REST) {
    this.#rest = rest;
  }

  /** Resolves with the answer as it came; see `failureOf` for what it rejects with. */
  async request(method: Method, path: `/${string}`, parts: RequestParts = {}): Promise<unknown> {
    const { body, files, query, signal, auth = true, limitMs = REQUEST_MS } = parts;
    const limit = AbortSignal.timeout(limitMs);
    const answer: unknown = await this.#rest.request({
      // The library's enumeration of methods has these words as its values.
      method: method as never,
      fullRoute: path,
      auth,
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      ...(body !== undefined && { body }),
      ...(files && files.length > 0 && { files }),
      ...(query && { query: new URLSearchParams(query) }),
    });
    return answer;
  }

  async object(
    method: Method,
    path: `/${string}`,
    parts: RequestParts = {},
  ): Promise<Readonly<Record<string, unknown>>> {
    const answer = await this.request(method, path, parts);
    if (typeof answer !== "object" || answer === null || answer instanceof ArrayBuffer) throw new GarbledAnswer();
    return answer as Readonly<Record<string, unknown>>;
  }

  /** Messages of a channel, oldest first. */
  async history(
    channelId: string,
    query: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<APIMessage[]> {
    const list = await this.object("GET", `/channels/${channelId}/messages`, { query, signal });
    if (!Array.isArray(list)) throw new GarbledAnswer();
    return (list as APIMessage[]).toSorted((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
  }
}
