import { readFile } from "node:fs/promises";
import { errorText } from "openclaw/plugin-sdk";
import type { Logger, ModelsApi, ProviderAccess } from "openclaw/plugin-sdk";
import { boundedBody } from "openclaw/plugin-sdk/net";
import type { Plan, Way } from "./plan.ts";
import { listen } from "./program.ts";
import { PROVIDERS, transcriber } from "./providers.ts";

const MAX_ANSWER = 2_000_000;
/** Of a transcript that nobody has limited: as much as fits into a message to a model. */
const MAX_TEXT = 100_000;
const ERROR_CHARS = 200;

export interface Understanding {
  readonly models: ModelsApi;
  readonly agentId: string;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** The words of the first way that works; the others are told in the log. Nothing when none does. */
export async function understand(plan: Plan, about: Understanding): Promise<string | undefined> {
  const ways = plan.ways.length > 0 ? plan.ways : await waysByThemselves(plan, about);
  for (const own of ways) {
    const way: Way = { ...plan.standing, ...own };
    const name = way.command ?? way.provider ?? "a model without a provider";
    if (way.maxBytes !== undefined && plan.size > way.maxBytes) continue;
    const limit = AbortSignal.timeout((way.timeoutSeconds ?? 60) * 1_000);
    const signal = AbortSignal.any([about.signal, limit]);
    try {
      const text = (await one(plan, way, { ...about, signal })).trim();
      if (text !== "")
        return text.length > (way.maxChars ?? MAX_TEXT) ? `${text.slice(0, way.maxChars ?? MAX_TEXT)}…` : text;
      about.log.debug(`${plan.kind}: ${name} found nothing in it`);
      return undefined;
    } catch (error) {
      if (about.signal.aborted) return undefined;
      const why = limit.aborted ? `it took longer than ${way.timeoutSeconds} s` : errorText(error);
      about.log.warn(`${plan.kind} was not understood by ${name}: ${why}`);
    }
  }
  return undefined;
}

function one(plan: Plan, way: Way, about: Understanding): Promise<string> {
  if (way.type === "cli" || (way.provider === undefined && way.command !== undefined))
    return listen(plan, way, about.signal);
  return ask(plan, way, about);
}

async function ask(plan: Plan, way: Way, { models, agentId, signal }: Understanding): Promise<string> {
  const id = (way.provider ?? "").toLowerCase();
  const known = await accessTo(id, { models, agentId });
  const baseUrl = way.baseUrl ?? known?.baseUrl ?? PROVIDERS[id]?.baseUrl;
  const provider = PROVIDERS[id] ?? transcriber("", "");
  const path = `tools.media.${plan.kind}.models`;
  if (!provider.kinds.includes(plan.kind)) throw new Error(`it takes no ${plan.kind}; see ${path}`);
  if (!known || baseUrl === undefined) throw new Error(`there is no key; put one in: openclaw models auth add ${id}`);
  const model = way.model ?? provider.model;
  if (model === "") throw new Error(`it needs a model; set ${path}[].model`);
  // A key goes only to the address that it belongs to, unless the owner names another one.
  const access: ProviderAccess = { ...known, headers: { ...known.headers, ...way.headers } };
  const bytes = new Uint8Array(await readFile(plan.path));
  const request = provider.request({ plan, way, bytes, access }, baseUrl.replace(/\/+$/, ""), model);
  const response = await fetch(request, { signal, redirect: "error" });
  const body = (await boundedBody(response, MAX_ANSWER)).toString("utf8");
  if (!response.ok)
    throw new Error(`it answered ${response.status}: ${withoutKey(body, access).slice(0, ERROR_CHARS)}`);
  const text = provider.text(JSON.parse(body));
  if (typeof text !== "string") throw new Error("its answer has no text");
  return text;
}

/** Providers that no plugin of models knows have their key in a variable or under models.providers. */
async function accessTo(
  id: string,
  { models, agentId }: Pick<Understanding, "models" | "agentId">,
): Promise<ProviderAccess | undefined> {
  const known = await models.access(id, agentId);
  if (known) return known;
  const variable = PROVIDERS[id]?.variable;
  const apiKey = variable === undefined ? undefined : process.env[variable];
  return apiKey ? { baseUrl: undefined, apiKey, headers: {} } : undefined;
}

/** Without a configured way: a provider of the agent's own models; with `enabled: true` any that has a key. */
async function waysByThemselves({ kind, anyProvider, own }: Plan, about: Understanding): Promise<Way[]> {
  const mine = new Set(own.map((reference) => reference.split("/")[0]?.toLowerCase()));
  const able = Object.entries(PROVIDERS).filter(
    ([id, { kinds }]) => kinds.includes(kind) && (anyProvider || mine.has(id)),
  );
  const open = await Promise.all(able.map(async ([id]) => ((await accessTo(id, about)) ? [{ provider: id }] : [])));
  return open.flat();
}

function withoutKey(text: string, { apiKey }: ProviderAccess): string {
  return apiKey ? text.replaceAll(apiKey, "***") : text;
}
