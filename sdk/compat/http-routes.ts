import { METHODS } from "node:http";
import type { HttpExchange } from "../http.ts";
import { limitBody } from "./body-limit.ts";
import type { PluginHttpHandler, PluginHttpRoute } from "./contract.ts";
import type { Established } from "./established.ts";

type Handler = PluginHttpRoute["handler"];
type Reach = "none" | "local" | "gateway";

/** Largest body of a request to an established plugin, which reads the socket itself. */
const MAX_BODY_BYTES = 20 * 1024 * 1024;

/** `api.registerHttpRoute`, `api.registerHttpHandler` and `registerPluginHttpRoute` of the SDK. */
export function createHttp(plugin: Established) {
  const { gateway } = plugin;
  /** A route stays tapped when it is taken down, and abstains: only the scope can untap. */
  const routes = new Map<string, Handler | undefined>();
  let handlers = 0;

  /** Who may reach a path: whom the manifest or the operator lets in, else this machine and holders of the token. */
  function reachOf(path: string | undefined): Reach {
    const listed = gateway.manifest.contributes?.http?.find((route) => route.path === path)?.auth;
    const entries = gateway.settings.get<Record<string, { http?: { public?: boolean } }>>("plugins.entries");
    if (entries?.[gateway.id]?.http?.public === true) return "none";
    if (listed !== undefined) return listed;
    gateway.diagnose(
      "its http routes answer this machine, and others only with the gateway token; to open one to all, list it in " +
        `contributes.http with auth "none", or set plugins.entries.${gateway.id}.http.public to true for all of them, ` +
        "and reload the plugin",
    );
    return "local";
  }

  function mount({ path: given, handler, match = "exact", auth }: PluginHttpRoute): () => void {
    const path = given.trim().startsWith("/") ? given.trim() : `/${given.trim()}`;
    if (routes.get(path)) {
      gateway.diagnose(`http route ${path} is registered twice; the first one answers`);
      return () => undefined;
    }
    const isTapped = routes.has(path);
    routes.set(path, handler);
    if (!isTapped) {
      const options = {
        auth: auth === "gateway" ? auth : reachOf(path),
        match,
        methods: METHODS,
        accepts: ["*/*"],
        maxBodyBytes: MAX_BODY_BYTES,
        yields: true,
      };
      gateway.hooks.http.for(path).tap(options, (exchange) => serve(routes.get(path), exchange));
    }
    return () => {
      if (routes.get(path) === handler) routes.set(path, undefined);
    };
  }

  function registerHttpRoute(route: PluginHttpRoute): void {
    if (typeof route?.path !== "string" || typeof route.handler !== "function") {
      return gateway.diagnose("registerHttpRoute: a route was skipped; it needs a path and a handler");
    }
    mount(route);
  }

  function registerHttpHandler(handler: PluginHttpHandler): void {
    if (typeof handler !== "function") {
      return gateway.diagnose("registerHttpHandler: something was skipped that is not a function");
    }
    plugin.needsStart("http handlers");
    const key = `${gateway.id}#${++handlers}`;
    gateway.hooks.unrouted.for(key).tap({ auth: reachOf(undefined), yields: true }, async (exchange) => {
      limitBody(exchange, MAX_BODY_BYTES);
      return (await handler(exchange.request, exchange.response)) === true ? true : undefined;
    });
  }

  return { registerHttpRoute, registerHttpHandler, mount };
}

/** What the handler returns means nothing: it may answer later, within the route's time. */
async function serve(handler: Handler | undefined, exchange: HttpExchange): Promise<true> {
  if (handler) {
    limitBody(exchange, MAX_BODY_BYTES);
    await handler(exchange.request, exchange.response);
  } else exchange.reply(404, "Not Found");
  return true;
}
