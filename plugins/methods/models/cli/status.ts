import { CliError, defineCommand } from "openclaw/plugin-sdk";
import type { CliContext, FailureReason } from "openclaw/plugin-sdk";
import { meant } from "../candidates.ts";
import { restsUntil } from "../cooldown.ts";
import { another, secretOf, signIn, variableOf } from "../credential.ts";
import { isRenewable } from "../oauth.ts";
import type { Profile } from "../profile-file.ts";
import type { ProfileStore } from "../profile-store.ts";
import { formatReference, parseReference } from "../reference.ts";
import type { Probe } from "../probe.ts";
import type { ModelSettings } from "../setting.ts";
import { availabilityOf } from "./availability.ts";
import { choiceOf } from "./model-setting.ts";
import { agentOf, settingsOf, storeOf } from "./place.ts";
import { AGENT } from "./save-profile.ts";

const GRACE_MS = 5_000;
const UNKNOWN = "unknown provider; choose a model of another: openclaw models set <provider/model>";
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
  readonly restsFor?: FailureReason;
  readonly variable?: string;
  readonly remedy: string;
}

const WHY: Readonly<Partial<Record<FailureReason, string>>> = {
  auth: "was refused, ",
  billing: "its account is empty, ",
  rate_limit: "had too many requests, ",
};

/** What a person should know of a credential, and do about it. */
function noteOf({ status, restsUntil: until, restsFor, variable, expires, remedy }: ProfileRow): string {
  if (status === "missing")
    return variable === undefined ? `is empty; ${remedy}` : `the variable ${variable} is not set`;
  if (status === "expired" || status === "expiring") {
    const when =
      expires === undefined ? "" : `${status === "expired" ? "since" : "at"} ${new Date(expires).toISOString()}; `;
    return `${when}${remedy}`;
  }
  return until === undefined ? "" : restNote(until, restsFor);
}

function restNote(until: number, why: FailureReason | undefined): string {
  return `${(why && WHY[why]) ?? ""}rests until ${new Date(until).toISOString()}`;
}

/** `openclaw models status`: which model answers, and whether it would be let in (cli.md §6). Works without a gateway. */
export default defineCommand({
  options: {
    plain: { type: "boolean", describe: "only the default model" },
    check: {
      type: "boolean",
      describe: "exit 1 when a credential is missing or expired, 2 when one expires within a day",
    },
    probe: { type: "boolean", describe: "have the gateway ask each model for a word; exit 1 when one fails" },
    "probe-timeout": { type: "number", describe: "milliseconds for each", default: 15_000 },
    agent: AGENT,
  },
  async run(context) {
    const { args, print } = context;
    const report = statusOf(context);
    const probes = args["probe"] === true ? await probed(context) : undefined;
    const text = args["plain"] === true ? report.resolvedDefault : asText(report, context);
    print({ ...report, ...(probes && { probes }) }, probes ? `${text}\n\n${probesText(probes, context)}` : text);
    if (probes?.some(({ ok }) => !ok)) return 1;
    if (args["check"] !== true) return 0;
    const states = report.auth.profiles.map(({ status }) => status);
    if (report.auth.missingProvidersInUse.length > 0 || states.some((one) => one === "expired" || one === "missing"))
      return 1;
    return states.includes("expiring") ? 2 : 0;
  },
});

async function probed(context: CliContext): Promise<readonly Probe[]> {
  const { args } = context;
  const timeoutMs = args["probe-timeout"] as number;
  const agentId = agentOf(context);
  const client = await context.connect().catch((cause: unknown) => {
    throw new CliError("models are asked by the gateway, which cannot be reached; start it, or leave --probe away", {
      code: "GATEWAY_UNAVAILABLE",
      cause,
    });
  });
  try {
    const params = { timeoutMs, ...(agentId !== undefined && { agentId }) };
    const answer = await client.request<{ readonly probes: readonly Probe[] }>("models.probe", params, {
      timeoutMs: timeoutMs + GRACE_MS,
    });
    return answer.probes;
  } finally {
    await client.close();
  }
}

function probesText(probes: readonly Probe[], { table }: CliContext): string {
  const rows = probes.map(({ model, profileId, ok, ms, reason, error }) => ({
    model,
    credential: profileId ?? "-",
    answer: ok ? (reason ?? `${ms} ms`) : `failed (${reason ?? "unknown"})`,
    note: error ?? "",
  }));
  return table(rows, ["model", "credential", "answer", "note"]);
}

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
    const { credentials, isAvailable, isKnown, isLocal } = availabilityOf(context, store, provider);
    const [first] = credentials;
    return {
      provider,
      available: isAvailable,
      known: isKnown,
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
  const stats = store.stats(id);
  const variable = variableOf(profile);
  const rests = restsUntil(stats, now);
  const restsFor = (stats.disabledUntil ?? 0) > now ? "billing" : stats.cooldownReason;
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
    remedy: profile.type === "oauth" ? signIn(profile.provider) : another(id, profile),
    ...(variable !== undefined && { variable }),
    ...(expires !== undefined && { expires }),
    ...(rests > 0 && { restsUntil: rests, ...(restsFor && { restsFor }) }),
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
    note: noteOf(row),
  }));
  const others = auth.providers
    .filter(({ profiles }) => profiles.length === 0)
    .map(({ provider, available, known, source, key, local }) => ({
      credential: provider,
      type: local ? "local" : source === null ? "-" : "api_key",
      status: available ? "valid" : "missing",
      key: key ?? "-",
      note: known ? (source ?? (available ? "" : `put a key in: openclaw models auth add ${provider}`)) : UNKNOWN,
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
