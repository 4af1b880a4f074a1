import { setTimeout as delay } from "node:timers/promises";
import type { Api, ApiClientOptions } from "grammy";
import type { Dispatcher, fetch as undiciFetch } from "undici";
import { failureOf, TelegramFailure } from "./failure.ts";

export interface ClientOptions {
  readonly token: string;
  readonly apiRoot: string;
  readonly timeoutSeconds: number;
  readonly proxy?: string | undefined;
  readonly autoSelectFamily?: boolean | undefined;
}

/** The Bot API for one token. Every failure is a {@link TelegramFailure}; nothing is tried twice. */
export interface Client {
  /** Makes one call. */
  call<T>(work: (api: RawApi, signal: CallSignal) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** The bytes of a file that Telegram holds. */
  download(fileId: string, signal: AbortSignal): Promise<{ body: AsyncIterable<Uint8Array>; path: string }>;
  /** Lets calls that are under way end, for a moment; then closes every connection. */
  close(): Promise<void>;
}

export type RawApi = Api["raw"];
/** The library types its own kind of signal; any that has `addEventListener` works. */
export type CallSignal = Parameters<Api["getMe"]>[0];

/** Telegram keeps connections longer; one that it has just closed must not be written to. */
const IDLE_MS = 4_000;
/** A message that is being sent when the account stops may come to its end (channels.md §1.10). */
const CLOSE_MS = 3_000;
const NEVER = new AbortController().signal;

/** Imports the library. */
export async function createClient(options: ClientOptions): Promise<Client> {
  const { token, apiRoot, timeoutSeconds } = options;
  const [{ Api }, undici] = await Promise.all([import("grammy"), import("undici")]);
  const { autoSelectFamily } = options;
  const ofNetwork = autoSelectFamily !== undefined && { autoSelectFamily };
  const dispatcher: Dispatcher =
    options.proxy === undefined
      ? new undici.Agent({ keepAliveTimeout: IDLE_MS, keepAliveMaxTimeout: IDLE_MS, ...ofNetwork })
      : new undici.ProxyAgent({ uri: options.proxy, proxyTunnel: true, keepAliveTimeout: IDLE_MS, ...ofNetwork });
  // The library would bring its own `fetch`, which knows no proxy, and puts the token into its errors.
  const fetch = fetchThrough(undici.fetch, dispatcher);
  const root = apiRoot.replace(/\/+$/, "");
  const api = new Api(token, { apiRoot: root, timeoutSeconds, fetch });

  async function call<T>(
    work: (api: RawApi, signal: CallSignal) => Promise<T>,
    signal: AbortSignal = NEVER,
  ): Promise<T> {
    try {
      signal.throwIfAborted();
      return await work(api.raw, signal as CallSignal);
    } catch (error) {
      throw failureOf(error, signal);
    }
  }

  return {
    call,
    async download(fileId, signal) {
      const { file_path: path = "" } = await call((raw, until) => raw.getFile({ file_id: fileId }, until), signal);
      if (!isPlainPath(path)) throw new TelegramFailure("rejected", "Telegram gave no usable path for the file");
      const url = `${root}/file/bot${token}/${path.split("/").map(encodeURIComponent).join("/")}`;
      try {
        const response = await undici.fetch(url, { dispatcher, signal, redirect: "error" });
        if (!response.ok || !response.body)
          throw new TelegramFailure("rejected", `the download was answered with ${response.status}`);
        return { body: response.body as AsyncIterable<Uint8Array>, path };
      } catch (error) {
        throw failureOf(error, signal);
      }
    },
    async close() {
      // Its end is waited for no longer than that, whatever becomes of it.
      const ended = dispatcher.close().catch(() => undefined);
      await Promise.race([ended, delay(CLOSE_MS, undefined, { ref: false })]);
      await dispatcher.destroy();
    },
  };
}

type Fetch = NonNullable<ApiClientOptions["fetch"]>;

/** A `fetch` for the library: its signal is one of a polyfill, and its agent is for another implementation. */
function fetchThrough(fetch: typeof undiciFetch, dispatcher: Dispatcher): Fetch {
  const through = async (url: string, init: RequestInit & { readonly headers?: Record<string, string> } = {}) => {
    const { method = "POST", headers = {}, body, signal } = init;
    // A header of the connection, which is not ours to set.
    const { connection: _connection, ...sent } = headers;
    const abort = new AbortController();
    if (signal?.aborted) abort.abort();
    signal?.addEventListener("abort", () => abort.abort(), { once: true });
    const response = await fetch(url, {
      method,
      headers: sent,
      ...(body && { body: body as never, duplex: "half" as const }),
      signal: abort.signal,
      redirect: "error",
      dispatcher,
    });
    const type = response.headers.get("content-type") ?? "";
    if (/json/i.test(type)) return response;
    // A page of something in between: its status says more than that it is no JSON.
    await response.body?.cancel();
    const error_code = response.status >= 400 ? response.status : 502;
    return { json: () => Promise.resolve({ ok: false, error_code, description: "with something else than JSON" }) };
  };
  // Typed for another implementation of fetch; the library only calls it and reads `json()`.
  return through as unknown as Fetch;
}

/** Relative and without ways up; what a Bot API server on this machine gives as an absolute path is none. */
function isPlainPath(path: string): boolean {
  return path !== "" && !path.startsWith("/") && !path.includes("\\") && !path.split("/").includes("..");
}
