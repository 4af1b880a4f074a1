import { CliError, defineCommand } from "openclaw/plugin-sdk";
import type { CatalogModel, CliContext } from "openclaw/plugin-sdk";
import { meant } from "../candidates.ts";
import { formatReference, parseReference } from "../reference.ts";
import { availabilityOf } from "./availability.ts";
import { choiceOf } from "./model-setting.ts";
import { settingsOf, storeOf, text } from "./place.ts";

interface Row {
  readonly key: string;
  readonly name: string;
  readonly input: string;
  readonly contextWindow: number | null;
  readonly local: boolean;
  readonly available: boolean;
  readonly tags: readonly string[];
  readonly missing: boolean;
}

type Known = Pick<CatalogModel, "name" | "input" | "contextWindow">;

/** `openclaw models list`: what is configured; with `--all` every model of every plugin, asked of the gateway. */
export default defineCommand({
  options: {
    all: { type: "boolean", describe: "every model that the gateway knows" },
    local: { type: "boolean", describe: "only models on this machine" },
    provider: { type: "string", describe: "only models of this provider" },
    plain: { type: "boolean", describe: "one model a line" },
  },
  async run(context) {
    const { args, print, table } = context;
    const tags = tagsOf(context);
    const known = await catalog(context, args["all"] === true);
    const keys = new Set([...tags.keys(), ...known.keys()]);
    const provider = text(args["provider"])?.toLowerCase();
    const rows = [...keys]
      .map((key) => rowOf(context, key, known.get(key), tags.get(key) ?? []))
      .filter((row) => provider === undefined || row.key.startsWith(`${provider}/`))
      .filter((row) => args["local"] !== true || row.local);
    if (args["plain"] === true && !context.json) return print(rows, rows.map(({ key }) => key).join("\n"));
    const lines = rows.map(({ key, input, contextWindow, available, missing, ...row }) => ({
      model: key,
      // Only the gateway knows the models of its plugins.
      input: known.has(key) ? input : "-",
      context: contextWindow === null ? "-" : `${Math.round(contextWindow / 1_000)}k`,
      local: row.local ? "yes" : "no",
      state: missing ? "unknown provider" : available ? "available" : "no key",
      tags: row.tags.join(", "),
    }));
    print({ count: rows.length, models: rows }, table(lines, ["model", "input", "context", "local", "state", "tags"]));
  },
});

async function catalog(context: CliContext, all: boolean): Promise<Map<string, Known>> {
  if (!all) {
    const providers = Object.entries(settingsOf(context).providers());
    return new Map(
      providers.flatMap(([id, { models = [] }]) =>
        models.map((model) => [`${id}/${model.id}`, { ...model, name: model.name ?? model.id }]),
      ),
    );
  }
  const client = await context.connect().catch((cause: unknown) => {
    throw new CliError("every model can only be listed while the gateway runs; start it, or leave --all away", {
      cause,
    });
  });
  try {
    const { models } = await client.request<{ readonly models: readonly CatalogModel[] }>("models.list", {});
    return new Map(models.map((model) => [`${model.provider}/${model.id}`, model]));
  } finally {
    await client.close();
  }
}

/** What each configured model is there for. */
function tagsOf(context: CliContext): Map<string, string[]> {
  const settings = settingsOf(context);
  const tags = new Map<string, string[]>();
  const add = (given: string | undefined, tag: string) => {
    const name = given === undefined ? undefined : meant(given, undefined, settings);
    if (!name) return;
    const key = formatReference(name);
    tags.set(key, [...(tags.get(key) ?? []), tag]);
  };
  const { primary, fallbacks } = choiceOf(context, "model");
  const image = choiceOf(context, "imageModel");
  add(primary ?? "offline/responder", "default");
  for (const [index, one] of fallbacks.entries()) add(one, `fallback#${index + 1}`);
  add(image.primary, "image");
  for (const [index, one] of image.fallbacks.entries()) add(one, `img-fallback#${index + 1}`);
  for (const [model, { alias }] of Object.entries(settings.listed()))
    add(model, alias ? `alias:${alias}` : "configured");
  return tags;
}

function rowOf(context: CliContext, key: string, known: Known | undefined, tags: readonly string[]): Row {
  const provider = parseReference(key)?.provider ?? "";
  const { isLocal, isKnown, isAvailable } = availabilityOf(context, storeOf(context), provider);
  return {
    key,
    name: known?.name ?? key.slice(provider.length + 1),
    input: (known?.input ?? ["text"]).join("+"),
    contextWindow: known?.contextWindow ?? null,
    local: isLocal,
    available: isAvailable,
    tags,
    missing: !isKnown,
  };
}
