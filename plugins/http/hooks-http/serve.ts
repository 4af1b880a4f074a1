import { Agents, Messaging, Models, Sessions, SystemEvents } from "openclaw/plugin-sdk";
import type { HttpExchange, PluginGateway } from "openclaw/plugin-sdk";
import { ApiError, apiErrorOf, badRequest, Fields, headerOf, readJson, Repeats } from "openclaw/plugin-sdk/http-api";
import { runAgent } from "./agent-action.ts";
import type { AgentAction, Begun } from "./agent-action.ts";
import { Endings, summaryOf } from "./endings.ts";
import { Guard } from "./guard.ts";
import { mapRequest } from "./mapped-request.ts";
import { mappedAgent, mappedWake, readAgent, readWake, repeatKeyOf } from "./requests.ts";
import { SessionRules } from "./session-key.ts";
import type { HooksConfig } from "./settings.ts";
import { wake } from "./wake-action.ts";

const MAX_BODY_BYTES = 262_144;
const MAX_KEY = 256;
const STOPPING = [503, { ok: false, error: "the gateway is stopping" }, { "retry-after": "5" }] as const;

interface Answer {
  readonly status: number;
  readonly body: object | string;
}

/** Serves everything below one path. */
export function serveHooks(gateway: PluginGateway, config: HooksConfig, path: string): void {
  const messaging = gateway.use(Messaging);
  const sessions = gateway.use(Sessions);
  const events = gateway.use(SystemEvents);
  const rules = new SessionRules(config, gateway.use(Agents), sessions);
  const endings = new Endings(gateway, messaging, events);
  const parts = { messaging, sessions, models: gateway.use(Models), rules, endings, events };
  const repeats = gateway.keep("repeats", () => new Repeats<Answer>());
  const guard = new Guard(config.token ?? "");
  const life = { isStopping: false };
  gateway.hooks.stopping.tap(() => void (life.isStopping = true));
  gateway.hooks.listening.tap(() => endings.resume());

  gateway.route({
    path,
    match: "prefix",
    auth: "none",
    methods: ["POST"],
    timeoutMs: 0,
    maxBodyBytes: config.maxBodyBytes ?? MAX_BODY_BYTES,
    problem: (error) => ({ ok: false, error }),
    guard: (request, address) => {
      if (request.method !== "POST") return undefined;
      return guard.refusal(request, address) ?? (life.isStopping ? STOPPING : undefined);
    },
    async handle(exchange) {
      try {
        const { status, body } = await answer(exchange);
        exchange.reply(status, body);
      } catch (error) {
        const known = apiErrorOf(error);
        if (!known) throw error;
        exchange.reply(known.status, { ok: false, error: known.message }, known.headers);
      }
    },
  });

  async function answer(exchange: HttpExchange): Promise<Answer> {
    const name = exchange.url.pathname.slice(path.length + 1).replace(/\/+$/, "");
    if (name === "") return NOT_FOUND;
    const payload = await readJson(exchange);
    const key = keyOf(exchange, payload);
    if (key === undefined) return act(exchange, name, payload, undefined);
    const repeated = repeats.once(`${name} ${key}`, payload, () => act(exchange, name, payload, `${name} ${key}`));
    if (!repeated) throw badRequest("idempotency key was used with another request");
    return repeated;
  }

  async function act(exchange: HttpExchange, name: string, payload: unknown, key: string | undefined): Promise<Answer> {
    if (name === "wake") return { status: 200, body: await wake(readWake(payload), parts) };
    if (name === "agent") {
      const action = readAgent(payload, key);
      return begun(await runAgent(action, parts), action.waitForCompletion, exchange.signal);
    }
    const { stateDir } = gateway.paths;
    const mapped = await mapRequest(exchange, name, payload, { config, stateDir, log: gateway.log });
    if (!mapped) return NOT_FOUND;
    if (mapped.length === 0) return { status: 204, body: "" };
    const runs: Begun[] = [];
    let woken: object | undefined;
    for (const [at, { mapping, raw }] of mapped.entries()) {
      if (mapping.action === "wake") woken = await wake(mappedWake(mapping, raw), parts);
      else runs.push(await runAgent(mappedRun(mapping, raw, key, at), parts));
    }
    const [first] = runs;
    if (!first) return { status: 200, body: woken ?? { ok: true } };
    const ids = runs.map(({ runId }) => runId);
    return { status: 202, body: { ok: true, runId: first.runId, ...(ids.length > 1 && { runIds: ids }) } };
  }

  async function begun({ runId, workId }: Begun, waits: boolean, signal: AbortSignal): Promise<Answer> {
    if (!waits || workId === undefined) return { status: 202, body: { ok: true, runId } };
    const ended = await messaging.ended(workId, AbortSignal.any([signal, gateway.signal]));
    const { text, isError } = summaryOf(ended);
    return {
      status: 200,
      body: { ok: true, runId, status: isError ? "error" : "ok", [isError ? "error" : "result"]: text },
    };
  }
}

const NOT_FOUND: Answer = { status: 404, body: "Not Found" };

function mappedRun(...[mapping, raw, key, at]: [...Parameters<typeof mappedAgent>, number]): AgentAction {
  return mappedAgent(mapping, raw, key === undefined ? undefined : `${key} ${at}`);
}

/** In a header, or in the body where that is an object. */
function keyOf({ request }: HttpExchange, payload: unknown): string | undefined {
  const header = headerOf(request.headers, "idempotency-key");
  if (header !== undefined && header.length > MAX_KEY)
    throw new ApiError(400, `idempotency-key is longer than ${MAX_KEY} characters`);
  if (header !== undefined) return header;
  const isObject = typeof payload === "object" && payload !== null && !Array.isArray(payload);
  return isObject ? repeatKeyOf(new Fields(payload)) : undefined;
}
