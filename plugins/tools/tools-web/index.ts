import { Agents, definePlugin, GatewayError } from "openclaw/plugin-sdk";
import type { Static } from "openclaw/plugin-sdk";
import { Cache } from "./cache.ts";
import { fetchKeys, FetchParameters, fetchPage } from "./fetch.ts";
import type { Page } from "./fetch.ts";
import { configuredSearch, search, SearchParameters } from "./search.ts";

const CACHED = 50;

export default definePlugin(({ hooks, settings, log }) => {
  const { tool } = hooks.of(Agents);
  const pages = new Cache<Page>(CACHED);
  const searches = new Cache<string>(CACHED);

  const opened = fetchKeys(settings).dangerouslyAllowHosts ?? [];
  if (opened.length > 0) log.warn(`tools.web.fetch.dangerouslyAllowHosts opens ${opened.join(", ")} to web_fetch`);

  tool.for("web_fetch").tap(
    {
      label: "Fetch",
      description: "Read a page of the public web as Markdown or plain text. It cannot reach private networks.",
      parameters: FetchParameters,
      parallelSafe: true,
      timeoutMs: 40_000,
      isAvailable: () => fetchKeys(settings).enabled !== false,
    },
    // The arguments were checked against the schema before the tool is called.
    ({ arguments: args, signal }) =>
      fetchPage(args as Static<typeof FetchParameters>, fetchKeys(settings), pages, signal),
  );
  tool.for("web_search").tap(
    {
      label: "Search",
      description: "Search the web. Gives titles, addresses and short texts; read a page with web_fetch.",
      parameters: SearchParameters,
      parallelSafe: true,
      timeoutMs: 40_000,
      isAvailable: () => configuredSearch(settings) !== undefined,
    },
    ({ arguments: args, signal }) => {
      const configured = configuredSearch(settings);
      if (!configured)
        throw new GatewayError("UNAVAILABLE", "web_search has no key; set tools.web.search.apiKey or BRAVE_API_KEY");
      return search(args as Static<typeof SearchParameters>, configured, searches, signal);
    },
  );
});
