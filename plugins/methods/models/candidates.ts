import { errorText, GatewayError, modelError } from "openclaw/plugin-sdk";
import { nearest } from "openclaw/plugin-sdk/config";
import type {
  Logger,
  ModelCandidate,
  ModelEndpoint,
  ModelReference,
  ModelWant,
  SessionEntry,
} from "openclaw/plugin-sdk";
import { attempt } from "./attempt.ts";
import type { Connections } from "./attempt.ts";
import { modelOf } from "./catalog.ts";
import type { Provider } from "./catalog.ts";
import { restsUntil } from "./cooldown.ts";
import { addKey, credentialsOf } from "./credential.ts";
import type { Credential } from "./credential.ts";
import type { Renewals } from "./oauth.ts";
import type { ProfileStore } from "./profile-store.ts";
import { DIALECTS, formatReference, parseReference } from "./reference.ts";
import type { Registry } from "./registry.ts";
import type { ModelSettings } from "./setting.ts";
import { levelsOf } from "./thinking.ts";

/** What answers when no model is configured. */
export const OFFLINE = "offline/responder";
const MAX_CANDIDATES = 32;
const MAX_WARNED = 100;

export interface CandidateParts {
  readonly settings: ModelSettings;
  readonly registry: Registry;
  readonly connections: Connections;
  readonly renewals: Renewals;
  readonly store: (agentId: string) => ProfileStore;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  /** Fallbacks that cannot be asked are told of once, until the configuration changes. */
  readonly warned: Set<string>;
  /** What the candidates given out are made of. */
  readonly behind: WeakMap<ModelCandidate, Behind>;
}

/** What a report about a candidate is about. */
export interface Behind {
  readonly store: ProfileStore;
  readonly credential: Credential;
  /** Other credentials could have been taken. */
  readonly hasChoice: boolean;
}

/** Every model and credential that a run may try, best first (agent.md §7.4). */
export async function candidatesFor(want: ModelWant, parts: CandidateParts): Promise<readonly ModelCandidate[]> {
  const { settings, log, warned } = parts;
  let found = await all(textsOf(want, settings), want, parts);
  const sees = found.candidates[0]?.model.input?.includes("image") ?? true;
  const images = settings.imageChoice();
  if (want.images && !sees && images.primary !== undefined) {
    const seeing = await all([images.primary, ...images.fallbacks], want, parts);
    found = { candidates: [...seeing.candidates, ...found.candidates], errors: [...seeing.errors, ...found.errors] };
  }
  const [error] = found.errors;
  if (found.candidates.length === 0) throw error ?? new Error("no model is configured");
  if (error && !warned.has(error.message)) {
    log.warn(errorText(error));
    if (warned.size >= MAX_WARNED) warned.clear();
    warned.add(error.message);
  }
  return found.candidates.slice(0, MAX_CANDIDATES);
}

/** Run override, then that of the session, else the configured ones; an override falls back on them in the end. */
function textsOf({ agentId, session, override }: ModelWant, settings: ModelSettings): string[] {
  const { primary, fallbacks } = settings.choice(agentId);
  const { providerOverride, modelOverride }: Partial<SessionEntry> = session?.entry ?? {};
  const ofSession =
    typeof modelOverride === "string"
      ? typeof providerOverride === "string"
        ? `${providerOverride}/${modelOverride}`
        : modelOverride
      : undefined;
  const chosen = override ?? ofSession;
  const configured = primary ?? OFFLINE;
  return [...new Set(chosen === undefined ? [configured, ...fallbacks] : [chosen, ...fallbacks, configured])];
}

async function all(texts: readonly string[], want: ModelWant, parts: CandidateParts) {
  const candidates: ModelCandidate[] = [];
  const errors: GatewayError[] = [];
  for (const text of texts) {
    try {
      candidates.push(...(await ofModel(text, want, parts)));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      errors.push(error);
    }
  }
  return { candidates, errors };
}

async function ofModel(text: string, want: ModelWant, parts: CandidateParts): Promise<ModelCandidate[]> {
  const { settings, registry, connections, environment } = parts;
  const name = meant(text, want.agentId, settings);
  if (!name) {
    const message = `model "${text}" names no provider; write it as provider/model: openclaw models set <provider/model>`;
    throw modelError(message, text, { reason: "no_model" });
  }
  const reference = formatReference(name);
  const provider = await registry.provider(name.provider, want.agentId);
  if (!provider) throw unknownProvider(reference, name.provider, registry.ids(want.agentId));
  const model = modelOf(provider, name.model, settings.contextCeiling());
  const { api = provider.api, headers } = provider.models.get(name.model) ?? {};
  const offer = await registry.offer(api);
  if (!offer) {
    const close = nearest(api, DIALECTS);
    const hint = close === undefined ? `known: ${[...DIALECTS].join(", ")}` : `did you mean "${close}"?`;
    const message = `model "${reference}" speaks "${api}", which no enabled plugin offers (${hint}); set models.providers.${name.provider}.api, or see openclaw plugins list`;
    throw modelError(message, reference, { reason: "no_model" });
  }
  const store = parts.store(want.agentId);
  const credentials = chosenFor(name, provider, store, want, settings, environment);
  const levels = levelsOf(model);
  const ownsLoop = offer.options.ownsLoop === true;
  return credentials.map((credential) => {
    const endpointWith = (secret: string | undefined): ModelEndpoint => ({
      provider: name.provider,
      model,
      baseUrl: provider.baseUrl,
      apiKey: secret,
      headers: { ...provider.headers, ...headers, ...bearer(provider, secret) },
      credential: credential.kind,
    });
    const { oauth } = provider;
    const renew =
      credential.isRenewable && oauth
        ? (refused?: string) =>
            parts.renewals.token({ store, id: credential.id, client: oauth, ...(refused !== undefined && { refused }) })
        : undefined;
    const endpoint = endpointWith(credential.secret);
    const idleMs = ownsLoop ? 0 : settings.idleMs();
    const keyRemedy = `${credential.place} is refused: ${credential.remedy}`;
    const candidate: ModelCandidate = {
      reference,
      provider: name.provider,
      api,
      model,
      profileId: credential.isProfile ? credential.id : undefined,
      credential: credential.kind,
      ownsLoop,
      defaultThinking: model.reasoning === true ? "low" : "off",
      thinkingLevels: levels,
      stream: attempt({
        reference,
        model,
        levels,
        offer,
        endpoint,
        connections,
        idleMs,
        keyRemedy,
        ...(renew && { renewed: async (refused) => endpointWith(await renew(refused)) }),
      }),
    };
    parts.behind.set(candidate, { store, credential, hasChoice: credentials.length > 1 });
    return candidate;
  });
}

/** A pin of the user stands alone, one of the session goes first. Throws when the provider wants a key and none is there. */
function chosenFor(
  name: ModelReference,
  provider: Provider,
  store: ProfileStore,
  { session, agentId }: ModelWant,
  settings: ModelSettings,
  environment: CandidateParts["environment"],
): Credential[] {
  const now = Date.now();
  const found = credentialsOf(
    {
      provider: name.provider,
      store,
      order: settings.order(name.provider),
      configured: provider.apiKey,
      env: provider.env,
      environment,
      oauth: provider.oauth,
    },
    now,
  );
  const reference = formatReference(name);
  const { authProfileOverride: pinned, authProfileOverrideSource: source }: Partial<SessionEntry> =
    session?.entry ?? {};
  const wanted = name.profileId ?? (typeof pinned === "string" ? pinned : undefined);
  const isUsers = name.profileId !== undefined || source === "user";
  const own = wanted?.startsWith(`${name.provider}:`) ? found.find(({ id }) => id === wanted) : undefined;
  if (isUsers && wanted?.startsWith(`${name.provider}:`)) {
    if (own) return [own];
    const message = `model ${reference}: the profile "${wanted}" is not there or has expired; see openclaw models status --agent ${agentId}`;
    throw modelError(message, reference, { reason: "auth" });
  }
  const isFresh = session?.entry["authProfileOverrideCompactionCount"] === (session?.entry["compactionCount"] ?? 0);
  if (own && isFresh && restsUntil(store.stats(own.id), now) === 0) return [own, ...found.filter((one) => one !== own)];
  if (found.length > 0) return found;
  if (provider.keyless)
    return [
      {
        id: `${name.provider}:none`,
        isProfile: false,
        kind: "none",
        secret: undefined,
        place: "a request without a key",
        remedy: addKey(name.provider),
      },
    ];
  const unusable = [...store.profiles()].find(([, profile]) => profile.provider === name.provider)?.[0];
  const variable = provider.env[0];
  const other = variable === undefined ? "" : `, or start the gateway with ${variable} set`;
  const message =
    unusable === undefined
      ? `no key for model ${reference}; ${addKey(name.provider)}${other}`
      : `no usable key for model ${reference}: the profile ${unusable} has expired, lacks its variable or is left out by an order (openclaw models status); ${addKey(name.provider)}${other}`;
  throw modelError(message, reference, { reason: "auth" });
}

/** The model that a text names: an alias, `provider/model[@profile]`, or a model of the default provider. */
export function meant(text: string, agentId: string | undefined, settings: ModelSettings): ModelReference | undefined {
  const wanted = text.trim();
  const aliased = Object.entries(settings.listed()).find(
    ([, { alias }]) => alias?.toLowerCase() === wanted.toLowerCase(),
  );
  const full = aliased?.[0] ?? wanted;
  const pin = /^(.+)@([^@/\s]+:[^@\s]+)$/.exec(full);
  const plain = pin?.[1] ?? full;
  const profileId = pin?.[2];
  const own = parseReference(plain);
  if (own) return { ...own, ...(profileId !== undefined && { profileId }) };
  const fallback = parseReference(settings.choice(agentId).primary ?? OFFLINE)?.provider;
  if (plain.includes("/") || plain === "" || /\s/.test(plain) || fallback === undefined || fallback === "offline")
    return undefined;
  return { provider: fallback, model: plain, ...(profileId !== undefined && { profileId }) };
}

export function unknownProvider(reference: string, provider: string, known: Iterable<string>): GatewayError {
  const path = `models.providers.${provider}.baseUrl`;
  const close = nearest(provider, known);
  const hint = close === undefined ? "" : ` (did you mean "${close}"?)`;
  const message = `unknown model "${reference}": provider "${provider}" is not configured${hint}; set ${path} (openclaw config set ${path} <url>) or choose another model: openclaw models set <provider/model>`;
  return modelError(message, reference, { reason: "no_model" });
}

function bearer({ authHeader }: Provider, secret: string | undefined): Record<string, string> {
  return authHeader && secret !== undefined ? { Authorization: `Bearer ${secret}` } : {};
}
