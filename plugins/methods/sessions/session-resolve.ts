import { closed, GatewayError, NonEmptyString, Type } from "openclaw/plugin-sdk";
import type { Session, Static } from "openclaw/plugin-sdk";
import { knownAgentId } from "./key.ts";
import type { KeyRules } from "./key.ts";
import type { SessionIndex } from "./session-index.ts";

export const ResolveParams = closed({
  key: Type.Optional(NonEmptyString),
  sessionId: Type.Optional(NonEmptyString),
  label: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  agentId: Type.Optional(NonEmptyString),
  spawnedBy: Type.Optional(NonEmptyString),
  includeGlobal: Type.Optional(Type.Boolean()),
  includeUnknown: Type.Optional(Type.Boolean()),
});
type ResolveParams = Static<typeof ResolveParams>;

export interface ResolveParts {
  readonly index: SessionIndex;
  readonly rules: KeyRules;
  /** The session of a key in any spelling; throws for what cannot be one. */
  readonly find: (key: string) => Promise<Session | undefined>;
}

/** `sessions.resolve`: the one session that is meant by a key, a session id or a label. Anything else is an error. */
export async function resolveSession(given: ResolveParams, { index, rules, find }: ResolveParts): Promise<Session> {
  const { key, sessionId, label, agentId } = given;
  const params = agentId === undefined ? given : { ...given, agentId: knownAgentId(agentId, rules) };
  const selectors = [key, sessionId, label].filter((selector) => selector !== undefined);
  if (selectors.length === 0) throw invalid("Either key, sessionId, or label is required");
  if (selectors.length > 1) throw invalid("Provide either key, sessionId, or label (not multiple)");
  if (key !== undefined) return (await find(key)) ?? missing(`No session found: ${key}`);
  if (sessionId !== undefined) {
    return only(await index.withSessionId(sessionId), params, sessionId, `with session id: ${sessionId}`);
  }
  return only(await index.withLabel(label ?? ""), params, undefined, `with label: ${label}`);
}

function only(found: readonly Session[], params: ResolveParams, plain: string | undefined, what: string): Session {
  const matching = found.filter((session) => matches(session, params));
  const [first, second] = matching;
  if (!first) return missing(`No session found${plain === undefined ? ` ${what}` : `: ${plain}`}`);
  if (second) throw invalid(`Multiple sessions found ${what} (${matching.map(({ key }) => key).join(", ")})`);
  return first;
}

function matches({ key, agentId, entry }: Session, params: ResolveParams): boolean {
  if (key === "global" && !params.includeGlobal) return false;
  if (key === "unknown" && !params.includeUnknown) return false;
  if (params.agentId !== undefined && agentId !== params.agentId) return false;
  return params.spawnedBy === undefined || entry["spawnedBy"] === params.spawnedBy;
}

function missing(message: string): never {
  throw new GatewayError("INVALID_REQUEST", message, { details: { code: "NOT_FOUND" } });
}

function invalid(message: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", message);
}
