import { defineCommand } from "openclaw/plugin-sdk";
import type { CliContext } from "openclaw/plugin-sdk";
import { meant } from "../candidates.ts";
import { restsUntil } from "../cooldown.ts";
import { secretOf } from "../credential.ts";
import { isRenewable } from "../oauth.ts";
import type { Profile } from "../profile-file.ts";
import type { ProfileStore } from "../profile-store.ts";
import { formatReference, parseReference } from "../reference.ts";
import type { ModelSettings } from "../setting.ts";
import { availabilityOf } from "./availability.ts";
import { choiceOf } from "./model-setting.ts";
import { agentOf, settingsOf, storeOf } from "./place.ts";
import { AGENT } from "./save-profile.ts";

const SOON_MS = 24 * 60 * 60_000;

type State = "valid" | "expiring" | "expired" | "missing";

interface ProfileRow {
  readonly id: string;
  readonly provider: string;
  readonly type: string;
  readonly status: State;
  readonly key: string;
  readonly expires?: number;
  /** Kept out of use until then, after failures. */
  readonly restsUntil?: number;
}

/** `openclaw models status`: which model answers, and whether it would be let in (cli.md §6). Works without a gateway. */
export default defineCommand({
  local: true,
  options: {
    plain: { type: "boolean", describe: "only the default model" },
    check: {
      type: "boolean",
      describe: "exit 1 when a credential is missing or expired, 2 when one expires within a day",
    },
    agent: AGENT,
  },
  async run(context) {
    const { args, print } = context;
    const report = statusOf(context);
    print(report, args["plain"] === true ? report.resolvedDefault : asText(report, context));
    if (args["check"] !== true) return 0;
    const states = report.auth.profiles.map(({ status }) => status);
    if (report.auth.missingProvidersInUse.length > 0 || states.some((one) => one === "expired" || one === "missing"))
      return 1;
    return states.includes("expiring") ? 2 : 0;
  },
});

function statusOf(context: CliContext) {
  const settings = settingsOf(context);
  const agentId = agentOf(context);
  const { primary, fallbacks } = settings.choice(agentId);
  const image = choiceOf(context, "imageModel");
  const store = storeOf(context);
  const defaultModel = primary ?? "offline/responder";
  const listed = settings.listed();
  const resolve = (text: string) => {
    const name = meant(text, agentId, settings);
    return name ? formatReference(name) : text;
  };
  const used = [
    defaultModel,
    ...fallbacks,
    ...(image.primary === undefined ? [] : [image.primary]),
    ...image.fallbacks,
  ];
  const inUse = [...new Set(used.map((text) => parseReference(resolve(text))?.provider ?? text))];
  const profiles = [...store.profiles()].map(([id, profile]) => profileRow(id, profile, store, settings));
  const providers = [...new Set([...inUse, ...profiles.map(({ provider }) => provider)])].map((provider) => {
    const { credentials, isAvailable, isLocal } = availabilityOf(context, store, provider);
    const [first] = credentials;
    return {
      provider,
      available: isAvailable,
      local: isLocal,
      source: first?.place ?? null,
      key: first?.secret === undefined ? null : mask(first.secret),
      profiles: profiles.filter((profile) => profile.provider === provider).map(({ id }) => id),
    };
  });
  return {
    configPath: context.configPath,
    agentDir: settings.agentDir(agentId),
    defaultModel,
    resolvedDefault: resolve(defaultModel),
    fallbacks,
    imageModel: image.primary ?? null,
    imageFallbacks: image.fallbacks,
    aliases: Object.fromEntries(
      Object.entries(listed).flatMap(([model, { alias }]) => (alias ? [[alias, model]] : [])),
    ),
    allowed: Object.keys(listed),
    auth: {
      storePath: store.file.path,
      shellEnvFallback: { enabled: false, appliedKeys: [] },
      providersWithOAuth: [...new Set(profiles.filter(({ type }) => type === "oauth").map(({ provider }) => provider))],
      missingProvidersInUse: providers
        .filter(({ provider, available }) => inUse.includes(provider) && !available)
        .map(({ provider }) => provider),
      providers,
      unusableProfiles: profiles.filter((row) => row.restsUntil !== undefined || row.status === "expired"),
      oauth: { profiles: profiles.filter(({ type }) => type !== "api_key") },
      profiles,
    },
  };
}

function profileRow(id: string, profile: Profile, store: ProfileStore, settings: ModelSettings): ProfileRow {
  const now = Date.now();
  const secret = secretOf(profile, process.env);
  const expires = profile.type === "api_key" ? undefined : profile.expires;
  const rests = restsUntil(store.stats(id), now);
  return {
    id,
    provider: profile.provider,
    type: profile.type,
    // What is renewed by itself does not end.
    status: stateOf(
      secret,
      isRenewable(profile, settings.providers()[profile.provider]?.oauth) ? undefined : expires,
      now,
    ),
    key: secret === undefined ? "-" : mask(secret),
    ...(expires !== undefined && { expires }),
    ...(rests > 0 && { restsUntil: rests }),
  };
}

function stateOf(secret: string | undefined, expires: number | undefined, now: number): State {
  if (secret === undefined) return "missing";
  if (expires === undefined || expires - now > SOON_MS) return "valid";
  return expires <= now ? "expired" : "expiring";
}

/** First and last eight of a long one, nothing of a short one. */
function mask(secret: string): string {
  return secret.length >= 24 ? `${secret.slice(0, 8)}…${secret.slice(-8)}` : "***";
}

function asText(report: ReturnType<typeof statusOf>, { table, tilde }: CliContext): string {
  const { auth } = report;
  const rows = auth.profiles.map((row) => ({
    credential: row.id,
    type: row.type,
    status: row.status,
    key: row.key,
    note: row.restsUntil === undefined ? "" : `rests until ${new Date(row.restsUntil).toISOString()}`,
  }));
  const others = auth.providers
    .filter(({ profiles }) => profiles.length === 0)
    .map(({ provider, available, source, key, local }) => ({
      credential: provider,
      type: local ? "local" : source === null ? "-" : "api_key",
      status: available ? "valid" : "missing",
      key: key ?? "-",
      note: source ?? (available ? "" : `put a key in: openclaw models auth add ${provider}`),
    }));
  return [
    `Default:    ${report.resolvedDefault}`,
    `Fallbacks:  ${report.fallbacks.join(", ") || "none"}`,
    `Images:     ${[report.imageModel, ...report.imageFallbacks].filter(Boolean).join(", ") || "the default model"}`,
    `Aliases:    ${
      Object.entries(report.aliases)
        .map(([alias, model]) => `${alias} → ${model as string}`)
        .join(", ") || "none"
    }`,
    `Allowed:    ${report.allowed.join(", ") || "everything"}`,
    `Keys:       ${tilde(auth.storePath)}`,
    "",
    table([...rows, ...others], ["credential", "type", "status", "key", "note"]),
  ].join("\n");
}
