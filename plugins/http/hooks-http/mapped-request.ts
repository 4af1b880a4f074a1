import { join } from "node:path";
import { errorText } from "openclaw/plugin-sdk";
import type { HttpExchange, Logger } from "openclaw/plugin-sdk";
import { ApiError, Fields } from "openclaw/plugin-sdk/http-api";
import { filled, itemsOf, mappingFor } from "./mapping.ts";
import type { Mapping } from "./mapping.ts";
import type { HooksConfig } from "./settings.ts";
import type { TemplateValues } from "./template.ts";
import { transformed } from "./transform.ts";

/** A mapping for one request: with its templates, and with them filled in. */
export interface Mapped {
  readonly raw: Mapping;
  readonly mapping: Mapping;
}

/** Kept from templates and transforms: they open something. */
const SECRET = /^(?:authorization|proxy-authorization|cookie|x-openclaw-token)$|token|secret|api-?key/;

/**
 * What a request under another name means; `undefined` when nothing does, nothing in the list when a transform says that
 * it means nothing.
 */
export async function mapRequest(
  { url, request }: HttpExchange,
  name: string,
  payload: unknown,
  { config, stateDir, log }: { readonly config: HooksConfig; readonly stateDir: string; readonly log: Logger },
): Promise<readonly Mapped[] | undefined> {
  const mapping = mappingFor(name, payload, config);
  if (!mapping) return undefined;
  const headers = Object.fromEntries(
    Object.entries(request.headers).flatMap(([key, value]) =>
      typeof value === "string" && !SECRET.test(key) ? [[key, value] as const] : [],
    ),
  );
  const query = Object.fromEntries(url.searchParams);
  const values: TemplateValues = { payload, headers, query, path: url.pathname, now: new Date().toISOString() };
  try {
    const changed = mapping.transform
      ? await transformed(mapping.transform, config.transformsDir ?? join(stateDir, "hooks", "transforms"), {
          payload,
          headers,
          url: url.pathname + url.search,
          path: url.pathname,
        })
      : undefined;
    if (changed === null) return [];
    return itemsOf(mapping, values).map((item) => ({
      raw: mapping,
      mapping: { ...filled(mapping, item), ...changes(changed) },
    }));
  } catch (error) {
    log.error(`hook mapping ${mapping.id ?? name} failed: ${errorText(error)}`, { err: error });
    throw new ApiError(500, "hook mapping failed", { cause: error });
  }
}

/** What a transform may say, each field as what it has to be. Others are left alone. */
function changes(given: unknown): Partial<Mapping> {
  if (given === undefined) return {};
  const said = new Fields(given, "transform");
  const texts = {
    name: said.text("name"),
    agentId: said.text("agentId"),
    sessionKey: said.text("sessionKey"),
    messageTemplate: said.text("message"),
    textTemplate: said.text("text"),
    channel: said.text("channel"),
    to: said.text("to"),
    accountId: said.text("accountId"),
    model: said.text("model"),
    thinking: said.text("thinking"),
    action: said.oneOf("kind", ["agent", "wake"] as const) ?? said.oneOf("action", ["agent", "wake"] as const),
    wakeMode:
      said.oneOf("wakeMode", ["now", "next-heartbeat"] as const) ??
      said.oneOf("mode", ["now", "next-heartbeat"] as const),
    deliver: said.flag("deliver"),
    timeoutSeconds: said.number("timeoutSeconds", { min: 1, max: 86_400, whole: true }),
  };
  return Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined));
}
