import type { HttpCaller } from "../http.ts";
import type { PluginGateway, Settings } from "../gateway.ts";
import { secretEquals } from "../secret.ts";
import { ApiError } from "./api-error.ts";

/** One of `gateway.http.apiKeys`: a secret for programs that can do less than the gateway's own. */
export interface ApiKey {
  readonly id: string;
  readonly token: string;
  /** Names under `gateway.http.endpoints` that it opens. */
  readonly endpoints?: readonly string[];
  /** Agents it may ask; all without it. */
  readonly agentIds?: readonly string[];
  /** What session keys that it names have to begin with; without it, it may name none. */
  readonly sessionKeyPrefixes?: readonly string[];
  /** Asked instead of the agent's own model. */
  readonly model?: string;
}

const MIN_CHARS = 16;

/**
 * Lets the keys of `gateway.http.apiKeys` in at the paths of one endpoint, and nowhere else. A key that is short, or that
 * is some other secret too, opens nothing (security.md S-24). Needs the permission `auth`.
 */
export function admitApiKeys(gateway: PluginGateway, endpoint: string, isOurs: (path: string) => boolean): void {
  gateway.hooks.bearer.tap(({ secret, path }): HttpCaller | undefined => {
    if (!isOurs(path)) return undefined;
    const key = keysOf(gateway.settings).find(({ token }) => secretEquals(secret, token));
    if (!key?.endpoints?.includes(endpoint)) return undefined;
    const problem = problemOf(key, gateway.settings);
    if (problem !== undefined) return void gateway.diagnose(`gateway.http.apiKeys: key "${key.id}" ${problem}`);
    return { kind: "key", id: key.id, scopes: ["operator.write"] };
  });
}

/**
 * The key of a request, if it came with one. Refuses the gateway's own secret where `gateway.http.allowGatewayToken`
 * is off.
 */
export function apiKeyOf(caller: HttpCaller | undefined, settings: Settings): ApiKey | undefined {
  if (!caller || (caller.kind === "shared" && settings.get("gateway.http.allowGatewayToken") === false))
    throw new ApiError(401, "Unauthorized", { headers: { "www-authenticate": "Bearer" } });
  return caller.kind === "key" ? keysOf(settings).find(({ id }) => id === caller.id) : undefined;
}

function keysOf(settings: Settings): readonly ApiKey[] {
  const keys = settings.get<readonly ApiKey[]>("gateway.http.apiKeys") ?? [];
  return Array.isArray(keys) ? keys.filter((key: Partial<ApiKey> | null) => typeof key?.token === "string") : [];
}

function problemOf({ id, token }: ApiKey, settings: Settings): string | undefined {
  if (token.length < MIN_CHARS) return `is shorter than ${MIN_CHARS} characters; it opens nothing`;
  const others = [
    ...["gateway.auth.token", "gateway.auth.password", "hooks.token"].map((path) => settings.get<string>(path)),
    ...keysOf(settings)
      .filter((key) => key.id !== id)
      .map((key) => key.token),
  ];
  return others.some((other) => typeof other === "string" && secretEquals(other, token))
    ? "is the same as another secret; it opens nothing"
    : undefined;
}
