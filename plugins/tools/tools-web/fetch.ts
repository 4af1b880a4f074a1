import { GatewayError, oneOf, textResult, Type, wrapUntrusted } from "openclaw/plugin-sdk";
import type { Settings, Static, ToolResult } from "openclaw/plugin-sdk";
import { guardedFetch } from "openclaw/plugin-sdk/net";
import type { Cache } from "./cache.ts";
import { pageText } from "./page-text.ts";
import type { ExtractMode } from "./page-text.ts";

export const FetchParameters = Type.Object({
  url: Type.String({ minLength: 1, maxLength: 8_192, description: "with http:// or https://" }),
  extractMode: Type.Optional(oneOf(["markdown", "text"])),
  maxChars: Type.Optional(Type.Integer({ minimum: 100, description: "default 50000" })),
});

interface FetchKeys {
  readonly enabled?: boolean;
  readonly maxChars?: number;
  readonly timeoutSeconds?: number;
  readonly cacheTtlMinutes?: number;
  readonly maxRedirects?: number;
  readonly userAgent?: string;
  readonly dangerouslyAllowHosts?: readonly string[];
}

/** A page as it was read, before it is cut to what was asked for. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly title: string;
  readonly text: string;
  readonly isCut: boolean;
}

const MAX_CHARS = 50_000;
const CACHE_MINUTES = 15;
/** Texts that are shown as they are. */
const PLAIN = /^(text\/|application\/(json|xml|.*\+json|.*\+xml|javascript|x-ndjson|yaml|toml))/;

export function fetchKeys(settings: Settings): FetchKeys {
  return settings.get<FetchKeys>("tools.web.fetch") ?? {};
}

/** The tool `web_fetch`: the readable part of a page, marked as somebody else's words. */
export async function fetchPage(
  { url, extractMode = "markdown", maxChars }: Static<typeof FetchParameters>,
  keys: FetchKeys,
  cache: Cache<Page>,
  signal: AbortSignal,
): Promise<ToolResult> {
  const key = `${extractMode} ${url}`;
  const cached = cache.get(key);
  const page = cached ?? (await read(url, extractMode, keys, signal));
  if (!cached && page.status < 400) cache.set(key, page, (keys.cacheTtlMinutes ?? CACHE_MINUTES) * 60_000);
  const most = Math.min(maxChars ?? MAX_CHARS, keys.maxChars ?? MAX_CHARS);
  const text = page.text.slice(0, most);
  const isCut = page.isCut || page.text.length > most;
  const head = [page.title, ...(page.status === 200 ? [] : [`HTTP status ${page.status}`])].filter(
    (line) => line !== "",
  );
  const body = [...head, ...(head.length > 0 ? [""] : []), text, ...(isCut ? ["", "[the rest was left out]"] : [])];
  const { status, title, url: finalUrl } = page;
  return {
    ...textResult(wrapUntrusted(body.join("\n"), finalUrl), {
      url,
      finalUrl,
      status,
      title,
      extractMode,
      length: text.length,
      truncated: isCut,
      cached: cached !== undefined,
    }),
    ...(status >= 400 && { isError: true }),
  };
}

async function read(url: string, mode: ExtractMode, keys: FetchKeys, signal: AbortSignal): Promise<Page> {
  const { timeoutSeconds = 30, maxRedirects = 3, dangerouslyAllowHosts = [], userAgent } = keys;
  const answer = await guardedFetch(url, {
    signal,
    timeoutMs: timeoutSeconds * 1_000,
    maxRedirects,
    allowHosts: dangerouslyAllowHosts,
    headers: {
      accept: "text/markdown, text/html;q=0.9, text/plain;q=0.8, */*;q=0.1",
      "user-agent": userAgent ?? "Mozilla/5.0 (compatible; openclaw)",
    },
  });
  const type = answer.contentType.toLowerCase();
  const isHtml = type === "" ? /^\s*<(!doctype|html)/i.test(answer.body.toString("latin1", 0, 200)) : /html/.test(type);
  if (!isHtml && type !== "" && !PLAIN.test(type))
    throw new GatewayError("INVALID_REQUEST", `${url} is ${type.split(";")[0]}, which is no text`);
  const { url: finalUrl, status, isCut } = answer;
  const raw = decoded(answer.body, type);
  if (!isHtml) return { url: finalUrl, status, title: "", text: raw, isCut };
  return { url: finalUrl, status, isCut, ...(await pageText(raw, mode, finalUrl)) };
}

/** By the charset of the header, else of the page itself. */
function decoded(body: Buffer, type: string): string {
  const inHeader = /charset=["']?([\w-]+)/.exec(type)?.[1];
  const inPage = /<meta[^>]+charset=["']?([\w-]+)/i.exec(body.toString("latin1", 0, 2_048))?.[1];
  for (const charset of [inHeader, inPage]) {
    try {
      if (charset !== undefined) return new TextDecoder(charset).decode(body);
    } catch {
      // A charset that nobody knows: the next one.
    }
  }
  return new TextDecoder().decode(body);
}
