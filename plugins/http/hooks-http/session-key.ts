import { randomUUID } from "node:crypto";
import type { AgentsApi, SessionsApi } from "openclaw/plugin-sdk";
import { ApiError, badRequest } from "openclaw/plugin-sdk/http-api";
import type { HooksConfig } from "./settings.ts";

export interface Place {
  readonly agentId: string;
  readonly sessionKey: string;
}

export interface PlaceRequest {
  readonly agentId: string | undefined;
  /** As the request or a template says it; `isTrusted` when nobody outside had a say in it. */
  readonly sessionKey: string | undefined;
  readonly isTrusted: boolean;
  /** Used when no key is named: a run of its own, the same one for the same request. */
  readonly fallbackId?: string;
}

/** Sessions that others than their own makers must not write into. */
const RESERVED = /^(?:subagent|cron|acp):/;

/** Decides where a webhook may write (http.md §7, security.md S-23). */
export class SessionRules {
  readonly #config: HooksConfig;
  readonly #agents: AgentsApi;
  readonly #sessions: SessionsApi;

  constructor(config: HooksConfig, agents: AgentsApi, sessions: SessionsApi) {
    this.#config = config;
    this.#agents = agents;
    this.#sessions = sessions;
  }

  /** The session of a run. */
  place({ agentId, sessionKey, isTrusted, fallbackId }: PlaceRequest): Place {
    const agent = this.agent(agentId);
    const { defaultSessionKey } = this.#config;
    const isOwn = sessionKey === undefined || sessionKey.trim() === "";
    const named = isOwn ? (defaultSessionKey ?? `hook:${fallbackId ?? randomUUID()}`) : sessionKey.trim();
    const full = /^agent:/i.test(named) ? named : `agent:${agent ?? this.#sessions.defaultAgentId()}:${named}`;
    const key = this.#parsed(full);
    this.#assertAgent(key.agentId);
    if (agent !== undefined && agent !== key.agentId)
      throw badRequest(`agent "${agent}" does not match session key agent "${key.agentId}"`);
    if (RESERVED.test(key.rest)) throw badRequest("sessionKey names a session that cannot be written to");
    if (!isOwn && !isTrusted) this.#assertAllowed(key.rest, key.canonical);
    return { agentId: key.agentId, sessionKey: key.canonical };
  }

  /** The agent that is named, if one is; refuses one that is not there or not open to webhooks. */
  agent(name: string | undefined): string | undefined {
    if (name === undefined || name.trim() === "") return undefined;
    const id = name.trim().toLowerCase();
    this.#assertAgent(id);
    return id;
  }

  #assertAgent(id: string): void {
    if (!this.#agents.list().some((agent) => agent.id === id)) throw badRequest(`Unknown agent '${id.slice(0, 100)}'.`);
    const { allowedAgentIds } = this.#config;
    if (allowedAgentIds && !allowedAgentIds.some((one) => one === "*" || one.toLowerCase() === id))
      throw new ApiError(403, `agent '${id}' is not open to webhooks; see hooks.allowedAgentIds`);
  }

  /** A key that somebody outside has chosen. */
  #assertAllowed(rest: string, canonical: string): void {
    const { allowRequestSessionKey, allowedSessionKeyPrefixes } = this.#config;
    if (allowRequestSessionKey === false)
      throw badRequest("sessionKey is not allowed; see hooks.allowRequestSessionKey");
    const prefixes = allowedSessionKeyPrefixes ?? (allowRequestSessionKey === true ? undefined : ["hook:"]);
    const isInside = (prefix: string) => rest.startsWith(prefix) || canonical.startsWith(prefix);
    if (prefixes && !prefixes.some((prefix) => isInside(prefix.trim().toLowerCase())))
      throw badRequest(`sessionKey has to begin with ${prefixes.join(" or ")}; see hooks.allowedSessionKeyPrefixes`);
  }

  #parsed(text: string) {
    try {
      return this.#sessions.parseKey(text);
    } catch (error) {
      throw badRequest(`sessionKey ${error instanceof Error ? error.message : "is no key"}`);
    }
  }
}
