import { hostname } from "node:os";
import { MAX_BUFFERED_BYTES, MAX_PAYLOAD_BYTES, PROTOCOL_VERSION, TICK_INTERVAL_MS } from "openclaw/plugin-sdk";
import type { Client, HelloOk, Settings } from "openclaw/plugin-sdk";
import type { SharedAuth } from "../auth/shared.ts";
import { corsRules } from "./cors.ts";
import type { CorsConfig } from "./cors.ts";
import type { AccessRules, Login } from "./handshake.ts";

/** reliability.md §9. */
const MAX_CLIENTS = 500;
const NOBODY: readonly string[] = [];
/** Any of these says that Tailscale's proxy speaks for this gateway. */
const TAILSCALE = [
  ["mode", "serve"],
  ["mode", "funnel"],
  ["serve", true],
  ["funnel", true],
] as const;

/** What the configuration of this moment says about who gets in. */
export function accessRules(
  settings: Settings,
  auth: SharedAuth,
  { port, secure }: { readonly port: number; readonly secure: boolean },
): AccessRules {
  const get = <T>(key: string) => settings.get<T>(`gateway.${key}`);
  return {
    auth,
    port,
    secure,
    allowedOrigins: (get<string[]>("controlUi.allowedOrigins") ?? []).map((origin) => origin.toLowerCase()),
    cors: corsRules(get<CorsConfig>("http.cors")),
    hostNames: get<string[]>("hostNames") ?? [],
    trustedProxies: get<string[]>("trustedProxies") ?? NOBODY,
    tailscale: TAILSCALE.some(([key, value]) => get(`tailscale.${key}`) === value),
    maxClients: get<number>("maxClients") ?? MAX_CLIENTS,
    controlUiWithoutDevice:
      get("controlUi.allowInsecureAuth") === true || get("controlUi.dangerouslyDisableDeviceAuth") === true,
  };
}

export interface HelloFacts {
  readonly version: string;
  readonly configPath: string;
  readonly stateDir: string;
  readonly uptimeMs: number;
  readonly features: HelloOk["features"];
}

/** The first answer, before plugins have filled in what only they know (protocol.md §5). */
export function helloOf(client: Client, { deviceToken }: Login, facts: HelloFacts): HelloOk {
  const { version, configPath, stateDir, uptimeMs, features } = facts;
  return {
    type: "hello-ok",
    protocol: PROTOCOL_VERSION,
    server: { version, host: hostname(), connId: client.connId },
    features,
    snapshot: {
      presence: [],
      health: {},
      stateVersion: { presence: 0, health: 0 },
      uptimeMs,
      configPath,
      stateDir,
    },
    ...(deviceToken && { auth: deviceToken }),
    policy: { maxPayload: MAX_PAYLOAD_BYTES, maxBufferedBytes: MAX_BUFFERED_BYTES, tickIntervalMs: TICK_INTERVAL_MS },
  };
}
