import type { CliContext } from "openclaw/plugin-sdk";
import { credentialsOf } from "../credential.ts";
import type { Credential } from "../credential.ts";
import type { ProfileStore } from "../profile-store.ts";
import { knownProviders, settingsOf } from "./place.ts";

/** What the command line may say of providers without loading their plugins. */
const VARIABLES: Readonly<Record<string, readonly string[]>> = {
  anthropic: ["ANTHROPIC_OAUTH_TOKEN", "ANTHROPIC_API_KEY"],
  google: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
  "vercel-ai-gateway": ["AI_GATEWAY_API_KEY"],
  zai: ["ZAI_API_KEY", "Z_AI_API_KEY"],
};
const LOCAL: ReadonlySet<string> = new Set(["offline", "ollama", "lmstudio", "claude-cli", "codex-cli"]);
const LOOPBACK = /^https?:\/\/(?:localhost|127(?:\.\d+){3}|\[::1\])(?::|\/|$)/;

export interface Availability {
  readonly credentials: readonly Credential[];
  /** On this machine: no account is needed. */
  readonly isLocal: boolean;
  readonly isKnown: boolean;
  /** A turn would find what it needs. */
  readonly isAvailable: boolean;
}

export function availabilityOf(context: CliContext, store: ProfileStore, provider: string): Availability {
  const settings = settingsOf(context);
  const { baseUrl, apiKey, oauth } = settings.providers()[provider] ?? {};
  const credentials = credentialsOf(
    {
      provider,
      store,
      order: settings.order(provider),
      configured: apiKey,
      env: VARIABLES[provider] ?? [`${provider.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}_API_KEY`],
      environment: process.env,
      oauth,
    },
    Date.now(),
  );
  const isLocal =
    settings.isCliBackend(provider) || (baseUrl === undefined ? LOCAL.has(provider) : LOOPBACK.test(baseUrl));
  const isKnown = knownProviders(context).has(provider);
  return {
    credentials,
    isLocal,
    isKnown,
    isAvailable: isKnown && (isLocal || baseUrl !== undefined || credentials.length > 0),
  };
}
