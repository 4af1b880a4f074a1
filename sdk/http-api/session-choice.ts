import { createHash, randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { AgentsApi } from "../services/agents.ts";
import type { SessionKey, SessionsApi } from "../services/sessions.ts";
import type { ApiKey } from "./api-key.ts";
import { ApiError, badRequest } from "./api-error.ts";

export interface SessionChoice {
  readonly agentId: string;
  readonly sessionKey: string;
  /** Nobody comes back to it: it holds this one request. */
  readonly isEphemeral: boolean;
}

export interface ChoiceOptions {
  readonly headers: IncomingHttpHeaders;
  /** `model` of the request: it may name an agent. */
  readonly model: string;
  readonly user: string | undefined;
  /** First part of the keys: `openai` or `openresponses`. */
  readonly namespace: string;
  readonly key: ApiKey | undefined;
}

const MODEL_AGENT = /^(?:openclaw[:/]|agent:)(.+)$/s;
/** Sessions that others than their own makers must not write into. */
const RESERVED = /^(?:subagent|cron|acp):/;
const MAX_USER = 200;

/** Which agent and which session a request is for (http.md §4). */
export function chooseSession(options: ChoiceOptions, agents: AgentsApi, sessions: SessionsApi): SessionChoice {
  const asked = askedAgent(options, agents, sessions);
  const named = headerOf(options.headers, "x-openclaw-session-key");
  if (named !== undefined) return namedSession(named, asked, options, agents, sessions);
  const agentId = asked ?? sessions.defaultAgentId();
  assertMayAsk(agentId, options.key);
  const rest = options.user === undefined ? `${options.namespace}:${randomUUID()}` : userPart(options.user, options);
  const { canonical } = sessions.parseKey(`agent:${agentId}:${rest}`);
  return { agentId, sessionKey: canonical, isEphemeral: options.user === undefined };
}

/** A session that a request goes on with, where it is one of the agent that the request names and that its key may ask. */
export function continuedSession(
  choice: SessionChoice,
  options: Pick<ChoiceOptions, "headers" | "model" | "key">,
  agents: AgentsApi,
  sessions: SessionsApi,
): SessionChoice {
  assertSameAgent(askedAgent(options, agents, sessions), choice.agentId);
  assertMayAsk(choice.agentId, options.key);
  return choice;
}

/** The agents that may be asked, as models, in the order of the configuration. */
export function agentModels(agents: AgentsApi, key: ApiKey | undefined): readonly string[] {
  const open = agents.list().filter(({ id }) => mayAsk(id, key));
  const names = open.some(({ isDefault }) => isDefault) ? ["openclaw", "openclaw/default"] : [];
  return [...names, ...open.map(({ id }) => `openclaw/${id}`)];
}

/** The value of a header that was given once and is not blank. */
export function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  const text = typeof value === "string" ? value.trim() : "";
  return text === "" ? undefined : text;
}

function askedAgent(
  { headers, model }: Pick<ChoiceOptions, "headers" | "model">,
  agents: AgentsApi,
  sessions: SessionsApi,
): string | undefined {
  const name = headerOf(headers, "x-openclaw-agent-id") ?? MODEL_AGENT.exec(model)?.[1];
  if (name === undefined) return undefined;
  const id = name.trim().toLowerCase();
  if (agents.list().some((agent) => agent.id === id)) return id;
  if (id === "default") return sessions.defaultAgentId();
  throw badRequest(`Unknown agent '${name.slice(0, 100)}'.`, "model");
}

function namedSession(
  named: string,
  asked: string | undefined,
  { key }: ChoiceOptions,
  agents: AgentsApi,
  sessions: SessionsApi,
): SessionChoice {
  const session = parsed(named, sessions);
  if (!agents.list().some(({ id }) => id === session.agentId)) throw badRequest(`Unknown agent '${session.agentId}'.`);
  assertSameAgent(asked, session.agentId);
  if (RESERVED.test(session.rest)) throw badRequest("this session cannot be written to; name another one");
  assertMayAsk(session.agentId, key);
  const prefixes = key?.sessionKeyPrefixes ?? [];
  if (key && !prefixes.some((prefix) => isBelow(session, prefix)))
    throw new ApiError(403, "the API key may not name this session");
  return { agentId: session.agentId, sessionKey: session.canonical, isEphemeral: false };
}

function assertSameAgent(asked: string | undefined, agentId: string): void {
  if (asked !== undefined && asked !== agentId)
    throw badRequest(`agent "${asked}" does not match session key agent "${agentId}"`);
}

function parsed(named: string, sessions: SessionsApi): SessionKey {
  try {
    return sessions.parseKey(named);
  } catch (error) {
    throw badRequest(`x-openclaw-session-key ${error instanceof Error ? error.message : "is no key"}`);
  }
}

function isBelow({ canonical, rest }: SessionKey, prefix: string): boolean {
  const text = prefix.trim().toLowerCase();
  return text !== "" && (rest.startsWith(text) || canonical.startsWith(text));
}

function assertMayAsk(agentId: string, key: ApiKey | undefined): void {
  if (!mayAsk(agentId, key)) throw new ApiError(403, `the API key may not ask agent "${agentId}"`);
}

function mayAsk(agentId: string, key: ApiKey | undefined): boolean {
  return key?.agentIds?.some((id) => id.toLowerCase() === agentId) ?? true;
}

/** Keys have no capitals and no slashes: who differs only there must not meet in one session. */
function userPart(user: string, { namespace, key }: ChoiceOptions): string {
  const isPlain = user.length <= MAX_USER && /^[a-z0-9._@+-]+$/.test(user);
  const name = isPlain ? user : `${readable(user)}~${createHash("sha256").update(user).digest("hex").slice(0, 16)}`;
  return key ? `${namespace}-user:${key.id.toLowerCase()}:${name}` : `${namespace}-user:${name}`;
}

function readable(user: string): string {
  return user
    .toLowerCase()
    .replaceAll(/[^a-z0-9._@+-]+/g, "-")
    .slice(0, 48);
}
