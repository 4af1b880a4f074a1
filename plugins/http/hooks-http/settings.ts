import { secretEquals } from "openclaw/plugin-sdk";
import type { Settings } from "openclaw/plugin-sdk";
import type { Mapping } from "./mapping.ts";

/** The section `hooks`, as far as webhooks go. */
export interface HooksConfig {
  readonly enabled?: boolean;
  readonly path?: string;
  readonly token?: string;
  readonly maxBodyBytes?: number;
  readonly defaultSessionKey?: string;
  readonly allowRequestSessionKey?: boolean;
  readonly allowedSessionKeyPrefixes?: readonly string[];
  readonly allowedAgentIds?: readonly string[];
  readonly presets?: readonly string[];
  readonly transformsDir?: string;
  readonly mappings?: readonly Mapping[];
}

const MIN_TOKEN = 16;

/** Where webhooks are, without a slash at the end. */
export function pathOf({ path = "/hooks" }: HooksConfig): string {
  return path.replace(/\/+$/, "");
}

/** What keeps webhooks from being served; a token that opens something else too opens too much (security.md S-21, S-24). */
export function problemOf(
  { token = "" }: HooksConfig,
  settings: Settings,
  isOwnSecret: (text: string) => boolean,
): string | undefined {
  if (token.trim().length < MIN_TOKEN)
    return `webhooks need hooks.token with at least ${MIN_TOKEN} characters; set it, or switch hooks.enabled off`;
  const keys = settings.get<readonly { readonly token?: unknown }[]>("gateway.http.apiKeys");
  const others: readonly (readonly [string, unknown])[] = [
    ["gateway.auth.token", settings.get("gateway.auth.token")],
    ["gateway.auth.password", settings.get("gateway.auth.password")],
    ...(Array.isArray(keys) ? keys : []).map(
      (key: { token?: unknown }, at) => [`gateway.http.apiKeys[${at}].token`, key.token] as const,
    ),
  ];
  const same = others.find(([, other]) => typeof other === "string" && secretEquals(other, token));
  const name = same?.[0] ?? (isOwnSecret(token) ? "the gateway's own secret" : undefined);
  return name && `hooks.token is the same as ${name}; give webhooks a token of their own`;
}
