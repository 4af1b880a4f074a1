import type { CredentialKind } from "openclaw/plugin-sdk";
import { restsUntil } from "./cooldown.ts";
import { isRenewable } from "./oauth.ts";
import type { Profile } from "./profile-file.ts";
import type { ProfileStore } from "./profile-store.ts";
import type { OAuthClient } from "./setting.ts";

/** One way to be let in by a provider. */
export interface Credential {
  /** Under which its figures are kept; a profile's own id, or one made of the provider and the place. */
  readonly id: string;
  readonly isProfile: boolean;
  readonly kind: CredentialKind;
  readonly secret: string | undefined;
  /** Where a person finds it. */
  readonly place: string;
  /** The command that puts another one in. */
  readonly remedy: string;
  /** It is renewed before it ends. */
  readonly isRenewable?: boolean;
}

export function addKey(provider: string): string {
  return `put one in: openclaw models auth add ${provider}`;
}

/** The command that puts another in the place of a profile. */
export function another(id: string, { type, provider }: Pick<Profile, "type" | "provider">): string {
  const [command, usual] = type === "api_key" ? ["add", "default"] : ["paste-token", "manual"];
  const name = id === `${provider}:${usual}` ? "" : ` --profile-id ${id}`;
  return `put another in: openclaw models auth ${command} ${provider}${name}`;
}

export function signIn(provider: string): string {
  return `sign in again: openclaw models auth login ${provider}`;
}

export interface CredentialSource {
  readonly provider: string;
  readonly store: ProfileStore;
  /** `auth.order.<provider>` of the configuration. */
  readonly order: readonly string[];
  /** `models.providers.<id>.apiKey`. */
  readonly configured: string | undefined;
  /** Variables that may hold a key. */
  readonly env: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly oauth?: OAuthClient | undefined;
}

/** Of two credentials that never failed, the one that renews itself goes first. */
const KINDS = ["oauth", "token", "api_key", "none"];

/**
 * All credentials of a provider, best first: as ordered, else the least recently used; those that rest at the end, the
 * one that is back soonest first. Then the configuration, then the environment (agent.md §7.3). The same secret counts
 * once. Expired ones are left out.
 */
export function credentialsOf(source: CredentialSource, now: number): Credential[] {
  const profiles = ordered(source, now);
  const others = [fromConfig(source), fromEnvironment(source)].filter((one) => one !== undefined);
  const seen = new Set<string>();
  return [...profiles, ...others].filter(({ secret = "" }) => !seen.has(secret) && seen.add(secret));
}

function ordered({ provider, store, order, environment, oauth }: CredentialSource, now: number): Credential[] {
  const own = [...store.profiles()].filter(([, profile]) => profile.provider.toLowerCase() === provider);
  const wanted = order.length > 0 ? order : store.order(provider);
  const rank = (id: string) => (wanted.includes(id) ? wanted.indexOf(id) : wanted.length);
  return (
    own
      // An order also says which ones not to use.
      .filter(([id]) => wanted.length === 0 || wanted.includes(id))
      .flatMap(([id, profile]) => {
        const secret = secretOf(profile, environment);
        const canRenew = isRenewable(profile, oauth);
        const ends = profile.type === "api_key" || canRenew ? undefined : profile.expires;
        const expired = ends !== undefined && ends <= now;
        if (secret === undefined || expired) return [];
        const stats = store.stats(id);
        const credential = {
          id,
          isProfile: true,
          kind: profile.type,
          secret,
          place: `the profile ${id}`,
          remedy: profile.type === "oauth" && canRenew ? signIn(provider) : another(id, profile),
          ...(canRenew && { isRenewable: true }),
        };
        return [{ credential, rests: restsUntil(stats, now), lastUsed: stats.lastUsed ?? 0 }];
      })
      .toSorted(
        (a, b) =>
          a.rests - b.rests ||
          rank(a.credential.id) - rank(b.credential.id) ||
          KINDS.indexOf(a.credential.kind) - KINDS.indexOf(b.credential.kind) ||
          a.lastUsed - b.lastUsed,
      )
      .map(({ credential }) => credential)
  );
}

/** `${NAME}` stands for a variable (state.md §5). */
export function secretOf(
  profile: Profile,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const name = variableOf(profile);
  return (name === undefined ? textOf(profile) : environment[name]) || undefined;
}

/** The variable that holds the secret of a profile, if one does. */
export function variableOf(profile: Profile): string | undefined {
  return /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(textOf(profile))?.[1];
}

function textOf(profile: Profile): string {
  return (profile.type === "api_key" ? profile.key : profile.type === "token" ? profile.token : profile.access).trim();
}

function fromConfig({ provider, configured, environment }: CredentialSource): Credential | undefined {
  const text = configured?.trim();
  if (!text) return undefined;
  const named = /^[A-Z][A-Z0-9_]*$/.test(text) ? environment[text] : undefined;
  const path = `models.providers.${provider}.apiKey`;
  const isUnset = !named && /^[A-Z][A-Z0-9]*_[A-Z0-9_]*$/.test(text);
  const place = named
    ? `the variable ${text}`
    : isUnset
      ? `${path} (no variable ${text} is set, so that is the key)`
      : path;
  const set = `openclaw config set ${path} <key>`;
  const remedy = named
    ? "start the gateway with another"
    : isUnset
      ? `start the gateway with ${text} set, or ${set}`
      : set;
  return { id: `${provider}:config`, isProfile: false, kind: "api_key", secret: named || text, place, remedy };
}

function fromEnvironment({ provider, env, environment }: CredentialSource): Credential | undefined {
  const name = env.find((one) => environment[one]?.trim());
  if (name === undefined) return undefined;
  const kind = name.endsWith("_OAUTH_TOKEN") ? "oauth" : "api_key";
  const secret = environment[name]?.trim();
  return {
    id: `${provider}:env`,
    isProfile: false,
    kind,
    secret,
    place: `the variable ${name}`,
    remedy: addKey(provider),
  };
}
