import { CliError } from "openclaw/plugin-sdk";
import type { CliContext } from "openclaw/plugin-sdk";

type Section = Readonly<Record<string, unknown>>;

/** Ids of the channels that a gateway here could run, as the manifests say. */
export function knownChannels({ plugins }: CliContext): readonly string[] {
  return [...new Set(plugins().flatMap(({ contributes }) => contributes["channels"] ?? []))].toSorted();
}

/** Ids of the channels that have a section. */
export function configuredChannels({ config }: CliContext): readonly string[] {
  return Object.keys(config.get<object>("channels") ?? {}).filter((id) => id !== "defaults");
}

export function sectionOf({ config }: CliContext, channel: string): Section | undefined {
  return config.get<Section>(`channels.${channel}`);
}

export function accountsOf(section: Section): readonly string[] {
  const named = Object.keys((section["accounts"] as object | undefined) ?? {});
  return named.length > 0 ? named : ["default"];
}

/** Keys of a section, as the manifest has them; nothing where it does not say. */
export function keysOf({ config }: CliContext, channel: string): Readonly<Record<string, unknown>> | undefined {
  const { schema } = config.schema() as { readonly schema: Schema };
  return schema.properties?.["channels"]?.properties?.[channel]?.properties;
}

export function assertKnown(context: CliContext, channel: string): void {
  const known = knownChannels(context);
  if (known.includes(channel)) return;
  throw new CliError(`unknown channel: ${channel}; there are ${known.join(", ")}`, { exitCode: 2, code: "USAGE" });
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema | undefined>>;
}
