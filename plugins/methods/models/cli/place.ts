import { CliError } from "openclaw/plugin-sdk";
import type { CliContext } from "openclaw/plugin-sdk";
import { nearest } from "openclaw/plugin-sdk/config";
import { meant } from "../candidates.ts";
import { ProfileStore } from "../profile-store.ts";
import { DIALECTS, formatReference, parseReference } from "../reference.ts";
import { ModelSettings } from "../setting.ts";

/** The configuration on disk, read the way the gateway reads it. */
export function settingsOf({ config, stateDir }: CliContext): ModelSettings {
  return new ModelSettings({ get: (path) => config.get(path) }, stateDir);
}

/** The credentials of the agent that `--agent` names. */
export function storeOf(context: CliContext): ProfileStore {
  const settings = settingsOf(context);
  return new ProfileStore(settings.agentDir(agentOf(context)), settings.sharedDir);
}

export function agentOf({ args, config }: CliContext): string | undefined {
  const given = text(args["agent"]);
  const known = (config.get<readonly { readonly id: string }[]>("agents.list") ?? [{ id: "main" }]).map(({ id }) => id);
  if (given === undefined || known.includes(given)) return given;
  throw new CliError(`there is no agent "${given}"; known: ${known.join(", ")}`, { exitCode: 2, code: "USAGE" });
}

/** `provider/model` for what a person typed; refused when nobody could answer with it. */
export function referenceOf(context: CliContext, given: string): string {
  const settings = settingsOf(context);
  const name = meant(given, undefined, settings);
  if (!name) throw refused(`model "${given}" names no provider; write it as provider/model`);
  const known = knownProviders(context);
  if (!known.has(name.provider)) {
    const path = `models.providers.${name.provider}.baseUrl`;
    const close = nearest(name.provider, known);
    throw refused(
      `unknown provider "${name.provider}"${close === undefined ? "" : ` (did you mean "${close}"?)`}; set its address first: openclaw config set ${path} <url>`,
      `known: ${[...known].toSorted().join(", ")}`,
    );
  }
  return formatReference(name);
}

/** A word about a model that its provider does not list; most likely a slip where it lists one much like it. */
export function unlistedNote(context: CliContext, reference: string): string | undefined {
  const { provider, model } = parseReference(reference) ?? { provider: "", model: "" };
  const ids = (settingsOf(context).providers()[provider]?.models ?? []).map(({ id }) => id);
  if (ids.length === 0 || ids.includes(model)) return undefined;
  const close = nearest(model, ids);
  const hint = close === undefined ? `it lists ${ids.slice(0, 5).join(", ")}` : `did you mean ${provider}/${close}?`;
  return `models.providers.${provider}.models does not list ${model} (${hint}); it is asked for all the same`;
}

/** What a person typed as the id of a provider. */
export function providerOf(context: CliContext): string {
  const given = text(context.args["provider"])?.toLowerCase();
  if (given !== undefined && /^[a-z0-9][a-z0-9._-]*$/.test(given)) return given;
  throw refused("which provider? for example: openclaw models auth add openai");
}

/** Ids of providers that a plugin announces or the configuration describes. No plugin runs for it. */
export function knownProviders(context: CliContext): Set<string> {
  const announced = context
    .plugins()
    .filter(({ enabled }) => enabled)
    .flatMap(({ contributes }) => contributes["models"] ?? [])
    .filter((key) => !DIALECTS.has(key));
  return new Set([
    ...announced,
    ...Object.keys(context.config.get<object>("models.providers") ?? {}),
    ...Object.keys(context.config.get<object>("agents.defaults.cliBackends") ?? {}),
  ]);
}

export function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function words(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

export function refused(message: string, hint?: string): CliError {
  return new CliError(message, { exitCode: 2, code: "USAGE", ...(hint !== undefined && { hint }) });
}
