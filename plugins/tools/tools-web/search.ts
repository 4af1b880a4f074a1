import { GatewayError, Type, wrapUntrusted, textResult } from "openclaw/plugin-sdk";
import type { Settings, Static, ToolResult } from "openclaw/plugin-sdk";
import { guardedFetch } from "openclaw/plugin-sdk/net";
import type { Cache } from "./cache.ts";

export const SearchParameters = Type.Object({
  query: Type.String({ minLength: 1, maxLength: 1_000 }),
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 10, description: "results; default 5" })),
  country: Type.Optional(Type.String({ maxLength: 10, description: "two letters, such as DE" })),
  search_lang: Type.Optional(Type.String({ maxLength: 10 })),
  freshness: Type.Optional(
    Type.String({ maxLength: 30, description: "pd, pw, pm, py or 2026-01-01to2026-02-01; Brave only" }),
  ),
});
type Query = Static<typeof SearchParameters>;

interface ProviderKeys {
  readonly apiKey?: string;
  readonly baseUrl?: string;
  readonly model?: string;
}

interface SearchKeys extends ProviderKeys {
  readonly enabled?: boolean;
  readonly provider?: string;
  readonly maxResults?: number;
  readonly timeoutSeconds?: number;
  readonly cacheTtlMinutes?: number;
  readonly perplexity?: ProviderKeys;
}

interface Provider {
  readonly name: string;
  readonly env: string;
  readonly baseUrl: string;
  ask(query: Query, count: number, keys: ProviderKeys, request: Ask): Promise<string>;
}

type Ask = (path: string, options: { headers: Record<string, string>; body?: string }) => Promise<unknown>;

export interface Search {
  readonly provider: Provider;
  readonly keys: SearchKeys;
  readonly own: ProviderKeys;
  readonly apiKey: string;
}

const COUNT = 5;
const CACHE_MINUTES = 15;

const BRAVE: Provider = {
  name: "brave",
  env: "BRAVE_API_KEY",
  baseUrl: "https://api.search.brave.com",
  async ask({ query, country, search_lang: language, freshness }, count, { apiKey = "" }, request) {
    const parameters = new URLSearchParams({ q: query, count: String(count) });
    if (country !== undefined) parameters.set("country", country);
    if (language !== undefined) parameters.set("search_lang", language);
    if (freshness !== undefined) parameters.set("freshness", freshness);
    const answer = (await request(`/res/v1/web/search?${parameters}`, {
      headers: { accept: "application/json", "x-subscription-token": apiKey },
    })) as { web?: { results?: { title?: string; url?: string; description?: string; age?: string }[] } };
    const results = (answer.web?.results ?? []).slice(0, count);
    if (results.length === 0) return "nothing was found";
    return results
      .map(({ title = "", url = "", description = "", age }, index) =>
        [`${index + 1}. ${plain(title)}`, `   ${url}`, `   ${plain(description)}${age ? ` (${age})` : ""}`].join("\n"),
      )
      .join("\n");
  },
};

const PERPLEXITY: Provider = {
  name: "perplexity",
  env: "PERPLEXITY_API_KEY",
  baseUrl: "https://api.perplexity.ai",
  async ask({ query }, _count, { apiKey = "", model = "sonar-pro" }, request) {
    const answer = (await request("/chat/completions", {
      headers: { "content-type": "application/json", authorization: `Bearer ${apiKey}` },
      body: JSON.stringify({ model, messages: [{ role: "user", content: query }] }),
    })) as { choices?: { message?: { content?: string } }[]; citations?: string[] };
    const sources = (answer.citations ?? []).map((url, index) => `[${index + 1}] ${url}`);
    return [answer.choices?.[0]?.message?.content ?? "nothing was found", "", ...sources].join("\n").trim();
  },
};

/** The search that is configured and has a key; without one there is no tool. */
export function configuredSearch(settings: Settings): Search | undefined {
  const keys = settings.get<SearchKeys>("tools.web.search") ?? {};
  if (keys.enabled === false) return undefined;
  const provider = keys.provider === "perplexity" ? PERPLEXITY : BRAVE;
  const own = provider === PERPLEXITY ? { ...keys.perplexity } : keys;
  const apiKey = own.apiKey ?? process.env[provider.env];
  return apiKey ? { provider, keys, own, apiKey } : undefined;
}

/** The tool `web_search`. */
export async function search(
  query: Query,
  { provider, keys, own, apiKey }: Search,
  cache: Cache<string>,
  signal: AbortSignal,
): Promise<ToolResult> {
  const count = query.count ?? keys.maxResults ?? COUNT;
  const baseUrl = own.baseUrl ?? provider.baseUrl;
  const key = JSON.stringify([provider.name, baseUrl, query, count]);
  const ask: Ask = async (path, { headers, body }) => {
    const answer = await guardedFetch(`${baseUrl}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers,
      signal,
      timeoutMs: (keys.timeoutSeconds ?? 30) * 1_000,
      // An operator wrote this address, no model.
      allowHosts: [new URL(baseUrl).host],
      ...(body !== undefined && { body }),
    });
    if (answer.status === 401 || answer.status === 403)
      throw new GatewayError(
        "UNAVAILABLE",
        `${provider.name} refused the key (${answer.status}); set tools.web.search.apiKey or ${provider.env}`,
      );
    if (answer.status !== 200) throw new GatewayError("UNAVAILABLE", `${provider.name} answered ${answer.status}`);
    try {
      return JSON.parse(String(answer.body)) as unknown;
    } catch (cause) {
      throw new GatewayError("UNAVAILABLE", `${provider.name} gave an answer that is no JSON`, { cause });
    }
  };
  const cached = cache.get(key);
  const text = cached ?? (await provider.ask(query, count, { ...own, apiKey }, ask));
  if (cached === undefined) cache.set(key, text, (keys.cacheTtlMinutes ?? CACHE_MINUTES) * 60_000);
  const details = { provider: provider.name, query: query.query, cached: cached !== undefined };
  return textResult(wrapUntrusted(text, `a web search with ${provider.name}`), details);
}

/** Found words are marked with tags. */
function plain(html: string): string {
  return html
    .replaceAll(/<[^>]{0,200}>/g, "")
    .replaceAll("&quot;", '"')
    .replaceAll("&#x27;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
