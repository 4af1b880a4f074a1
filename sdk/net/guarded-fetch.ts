import type { LookupFunction } from "node:net";
import type { Response } from "undici";
import { GatewayError } from "../error.ts";
import { forbiddenHost } from "./address.ts";
import { BLOCKED, resolveHost, systemLookup } from "./resolve.ts";
import type { Address, LookupAll } from "./resolve.ts";

export interface GuardedFetchOptions {
  readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Not sent on to another origin by a redirect (security.md S-30). */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** Whole time, body included; default and most 30 000. */
  readonly timeoutMs?: number;
  /** Bytes of the body that are read, after decompression; default 2 MB. More is cut off, or refused with `refuseLonger`. */
  readonly maxBytes?: number;
  readonly refuseLonger?: boolean;
  /** At most and by default 3. */
  readonly maxRedirects?: number;
  /** `host` or `host:port` that an operator has allowed although it is not public. */
  readonly allowHosts?: readonly string[];
  /** Another way to find addresses, for tests. */
  readonly lookup?: LookupAll;
}

export interface GuardedResponse {
  readonly status: number;
  /** Where the answer came from, after redirects. */
  readonly url: string;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** There was more than `maxBytes`. */
  readonly isCut: boolean;
}

const TIMEOUT_MS = 30_000;
const IDLE_MS = 10_000;
const MAX_BYTES = 2 * 1024 * 1024;
const MAX_REDIRECTS = 3;
const MAX_URL = 8_192;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Ask an address that somebody else has chosen. Only http(s) to public addresses: every name is resolved once, checked,
 * and connected to as checked; every redirect is a new question. Throws `INVALID_REQUEST` for what may not be asked and
 * `UNAVAILABLE` for what gave no answer.
 */
export async function guardedFetch(given: string, options: GuardedFetchOptions = {}): Promise<GuardedResponse> {
  const { maxRedirects = MAX_REDIRECTS, timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES, signal } = options;
  const limit = AbortSignal.timeout(Math.min(timeoutMs, TIMEOUT_MS));
  const all = signal ? AbortSignal.any([signal, limit]) : limit;
  let url = parsed(given);
  let { headers = {}, method = "GET", body } = options;
  try {
    for (let hops = 0; ; hops++) {
      const isAllowed = allows(options.allowHosts ?? [], url);
      if (!isAllowed && forbiddenHost(url.hostname)) throw refused(BLOCKED);
      const addresses = await resolveHost(url.hostname, isAllowed, options.lookup ?? systemLookup);
      all.throwIfAborted();
      await using asked = await ask(url, { method, headers, body, signal: all }, addresses);
      const { response } = asked;
      const location = REDIRECTS.has(response.status) ? response.headers.get("location") : null;
      if (location === null) {
        const { bytes, isCut } = await readBody(response, maxBytes);
        if (isCut && options.refuseLonger) throw refused(`the answer of ${url.host} is larger than ${maxBytes} bytes`);
        return {
          status: response.status,
          url: url.href,
          contentType: response.headers.get("content-type") ?? "",
          headers: Object.fromEntries(response.headers),
          body: bytes,
          isCut,
        };
      }
      if (hops >= Math.min(maxRedirects, MAX_REDIRECTS)) throw refused(`${given} redirects too often`);
      const next = parsed(location, url);
      if (next.origin !== url.origin) headers = {};
      const isRepeated = response.status === 307 || response.status === 308;
      if (changes(method) && !isRepeated) [method, body] = ["GET", undefined];
      if (changes(method) && next.origin !== url.origin) throw refused(`${url.host} sends data on to ${next.host}`);
      url = next;
    }
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    signal?.throwIfAborted();
    throw failed(url, error, limit.aborted);
  }
}

interface Request {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly signal: AbortSignal;
}

/** One request to one of `addresses`, over a connection of its own, which goes with it. */
async function ask(url: URL, { method, headers, body, signal }: Request, addresses: readonly Address[]) {
  const undici = await import("undici");
  const agent = new undici.Agent({
    connections: 1,
    headersTimeout: IDLE_MS,
    bodyTimeout: IDLE_MS,
    connect: { timeout: IDLE_MS, lookup: pinned(addresses) },
    maxHeaderSize: 32_768,
  });
  const close = () => agent.destroy();
  try {
    const response = await undici.fetch(url, {
      method,
      headers: { ...headers },
      ...(body !== undefined && { body }),
      redirect: "manual",
      signal,
      dispatcher: agent,
    });
    return { response, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Does this method do something there? */
function changes(method: string): boolean {
  return method !== "GET" && method !== "HEAD";
}

/** Names are not asked for again. */
function pinned(addresses: readonly Address[]): LookupFunction {
  return (_hostname, { all }, callback) => {
    const [first] = addresses;
    if (all || !first) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };
}

async function readBody(response: Response, most: number): Promise<{ bytes: Buffer; isCut: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (!response.body) return { bytes: Buffer.alloc(0), isCut: false };
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > most) break;
  }
  return { bytes: Buffer.concat(chunks, size).subarray(0, most), isCut: size > most };
}

function parsed(text: string, base?: URL): URL {
  if (text.length > MAX_URL) throw refused(`the address is longer than ${MAX_URL} characters`);
  if (!URL.canParse(text, base?.href))
    throw refused(`"${text.slice(0, 200)}" is no address; give one with http:// or https://`);
  const url = new URL(text, base);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw refused(`addresses with ${url.protocol} are not fetched; give one with http:// or https://`);
  if (url.username !== "" || url.password !== "") throw refused("an address may not carry a user name or password");
  return url;
}

function allows(hosts: readonly string[], { hostname, host }: URL): boolean {
  return hosts.some((one) => one.toLowerCase() === host || one.toLowerCase() === hostname);
}

function refused(message: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", message);
}

function failed(url: URL, error: unknown, isLate: boolean): GatewayError {
  const cause = (error as { cause?: Error }).cause ?? (error as Error);
  const why = isLate ? "it took too long" : cause.message;
  return new GatewayError("UNAVAILABLE", `${url.host} gave no answer: ${why}`, { cause: error });
}
