import { Type } from "@sinclair/typebox";
import type { TSchema } from "@sinclair/typebox";
import { LEVELS } from "../log.ts";
import type { Manifest } from "../manifest.ts";
import { closed } from "../schema.ts";
import { KERNEL_HINTS } from "./kernel-hints.ts";
import type { UiHint } from "./kernel-hints.ts";
import type { SchemaPart } from "./validate.ts";

const Choice = (values: readonly string[]) => Type.Unsafe<string>({ type: "string", enum: [...values] });
const Port = Type.Integer({ minimum: 1, maximum: 65_535 });
const Strings = Type.Array(Type.String());
const Anything = Type.Object({}, { additionalProperties: true });
const optional = (properties: Record<string, TSchema>) =>
  closed(Object.fromEntries(Object.entries(properties).map(([key, schema]) => [key, Type.Optional(schema)])));

const Gateway = optional({
  mode: Choice(["local", "remote"]),
  port: Port,
  bind: Choice(["loopback", "lan", "tailnet", "auto", "custom"]),
  customBind: Type.Union([Type.String(), Strings]),
  customBindHost: Type.String(),
  ipv6: Type.Boolean(),
  hostNames: Strings,
  auth: optional({
    mode: Choice(["token", "password", "none"]),
    token: Type.String(),
    password: Type.String(),
    allowTailscale: Type.Boolean(),
  }),
  controlUi: optional({
    enabled: Type.Boolean(),
    basePath: Type.String({ pattern: "^/" }),
    root: Type.String(),
    allowedOrigins: Strings,
    allowInsecureAuth: Type.Boolean(),
    dangerouslyDisableDeviceAuth: Type.Boolean(),
  }),
  trustedProxies: Strings,
  tailscale: optional({
    mode: Choice(["off", "serve", "funnel"]),
    resetOnExit: Type.Boolean(),
    serve: Type.Boolean(),
    funnel: Type.Boolean(),
  }),
  remote: optional({
    url: Type.String({ pattern: "^wss?://" }),
    token: Type.String(),
    password: Type.String(),
    tlsFingerprint: Type.String(),
    transport: Choice(["ssh", "direct"]),
    sshTarget: Type.String(),
    sshIdentity: Type.String(),
  }),
  reload: optional({
    mode: Choice(["off", "hot", "hybrid", "restart"]),
    debounceMs: Type.Integer({ minimum: 0, maximum: 10_000 }),
  }),
  tls: optional({
    enabled: Type.Boolean(),
    autoGenerate: Type.Boolean(),
    certPath: Type.String(),
    keyPath: Type.String(),
    caPath: Type.String(),
  }),
  http: Type.Object(
    {
      cors: Type.Optional(
        optional({
          allowedOrigins: Type.Array(Type.String({ pattern: "^https?://[a-zA-Z0-9._\\-\\[\\]:]+$" }), {
            maxItems: 100,
          }),
          allowCredentials: Type.Boolean(),
          maxAge: Type.Integer({ minimum: 0, maximum: 86_400 }),
        }),
      ),
    },
    { additionalProperties: true },
  ),
  tools: Anything,
  nodes: optional({ allowCommands: Strings, denyCommands: Strings, browser: Anything }),
  maxClients: Type.Integer({ minimum: 1, maximum: 10_000 }),
  shutdownTimeoutMs: Type.Integer({ minimum: 0, maximum: 600_000 }),
});

const PluginEntry = optional({
  enabled: Type.Boolean(),
  config: Type.Unknown(),
  required: Type.Boolean(),
  http: Type.Object({}, { additionalProperties: true }),
});

const Plugins = optional({
  enabled: Type.Boolean(),
  allow: Strings,
  deny: Strings,
  load: optional({ paths: Strings }),
  slots: Type.Record(Type.String(), Type.String()),
  entries: Type.Record(Type.String(), PluginEntry),
  installs: Type.Record(Type.String(), Anything),
});

const Logging = optional({
  level: Choice(LEVELS),
  file: Type.String(),
  consoleLevel: Choice(LEVELS),
  consoleStyle: Choice(["pretty", "compact", "json"]),
  redactSensitive: Choice(["off", "tools"]),
  redactPatterns: Strings,
  maxFileBytes: Type.Integer({ minimum: 65_536 }),
  keepDays: Type.Integer({ minimum: 1 }),
});

/** Sections the kernel owns. Every other section belongs to a plugin (config.md). */
export const KERNEL_SECTIONS: Readonly<Record<string, TSchema>> = {
  gateway: Gateway,
  plugins: Plugins,
  logging: Logging,
  env: Anything,
  meta: Anything,
  wizard: Anything,
  update: Anything,
  auth: Anything,
  $schema: Type.String(),
};

/** Every schema that applies to a configuration, kernel sections first. */
export function schemaParts(manifests: readonly Manifest[]): SchemaPart[] {
  const kernel = Object.entries(KERNEL_SECTIONS).map(([path, schema]) => ({ path, schema, owner: undefined }));
  return [...kernel, ...manifests.flatMap(manifestParts)];
}

function manifestParts(manifest: Manifest): SchemaPart[] {
  const { id, configSchema, sections = {}, channelSchemas = {} } = manifest;
  const named = [...(manifest.channels ?? []), ...(manifest.contributes?.channels ?? [])];
  const plain = [...new Set(named)].filter((channel) => !Object.hasOwn(channelSchemas, channel));
  return [
    ...(configSchema ? [{ path: `plugins.entries.${id}.config`, schema: configSchema, owner: id }] : []),
    ...Object.entries(sections).map(([name, schema]) => ({ path: name, schema, owner: id })),
    ...Object.entries(channelSchemas).map(([name, schema]) => ({ path: `channels.${name}`, schema, owner: id })),
    ...plain.map((name) => ({ path: `channels.${name}`, schema: Type.Object({}), owner: id })),
  ];
}

/** One JSON Schema for editors and forms (`config.schema`). */
export function mergedSchema(parts: readonly SchemaPart[]): object {
  const root: SchemaNode = { type: "object", properties: {}, additionalProperties: false };
  for (const { path, schema } of parts) {
    const keys = path.split(".");
    let node = root;
    for (const key of keys.slice(0, -1)) node = node.properties[key] = asNode(node.properties[key]);
    node.properties[keys.at(-1) as string] = structuredClone(schema) as SchemaNode;
  }
  return { $schema: "http://json-schema.org/draft-07/schema#", ...root };
}

interface SchemaNode {
  readonly type: "object";
  readonly properties: Record<string, SchemaNode>;
  readonly additionalProperties?: unknown;
}

/** A schema that can take named members: `entries` is a map, each plugin's part is added by name. */
function asNode(schema: SchemaNode | undefined): SchemaNode {
  return { ...schema, type: "object", properties: { ...schema?.properties } };
}

/**
 * Labels and marks for forms, keyed by dotted path with `*` for any name. A plugin writes its paths relative to its
 * channel or to `plugins.entries.<id>.config`; those in a section of its own begin with the section's name.
 */
export function mergedHints(manifests: readonly Manifest[]): Record<string, UiHint> {
  const hints: Record<string, UiHint> = { ...KERNEL_HINTS };
  for (const { id, name, uiHints = {}, channels = [], sections = {}, configSchema } of manifests) {
    const base = channels[0] === undefined ? `plugins.entries.${id}.config` : `channels.${channels[0]}`;
    const label = { label: name ?? id };
    for (const section of Object.keys(sections)) hints[section] ??= { label: section, group: name ?? id };
    if (channels[0] !== undefined || configSchema) hints[base] ??= label;
    for (const [path, hint] of Object.entries(uiHints)) {
      const isOwnSection = (path.split(".")[0] as string) in sections;
      const place = isOwnSection ? path : `${base}.${path}`;
      hints[place] = { ...hints[place], ...hint };
    }
  }
  return hints;
}
