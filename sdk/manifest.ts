import { Type } from "@sinclair/typebox";
import type { Static } from "@sinclair/typebox";
import { NonEmptyString, oneOf } from "./schema.ts";

const Names = Type.Array(NonEmptyString, { maxItems: 500 });
const JsonSchema = Type.Object({}, { additionalProperties: true });

/**
 * A command line entry: `name` is one or more words and its arguments, such as `config set <path> <value>`;
 * `module` exports a `CliCommand` as default.
 */
export const CliContribution = Type.Object({
  name: NonEmptyString,
  summary: Type.String(),
  module: NonEmptyString,
});

/**
 * What a plugin adds, so that listing, help and validation never run it. Methods map to the scope a
 * caller needs; a plain list means `operator.admin`.
 */
export const Contributions = Type.Object({
  methods: Type.Optional(Type.Union([Type.Record(NonEmptyString, NonEmptyString), Names])),
  events: Type.Optional(Names),
  http: Type.Optional(
    Type.Array(
      Type.Object({
        path: Type.String({ pattern: "^/" }),
        auth: oneOf(["gateway", "local", "none"]),
        /** Dotted path of the setting that puts the route elsewhere. Only a plugin that runs already can be there. */
        setting: Type.Optional(NonEmptyString),
      }),
    ),
  ),
  cli: Type.Optional(Type.Array(CliContribution)),
  channels: Type.Optional(Names),
  commands: Type.Optional(Names),
  tools: Type.Optional(Names),
  models: Type.Optional(Names),
  /** Kinds of sandboxes that tools can work in. */
  sandboxes: Type.Optional(Names),
});

/** A setting that only works together with what another plugin contributes, so without it the setting is wrong. */
export const Need = Type.Object({
  /** Dotted paths in sections of the plugin; `*` stands for any one key. */
  paths: Names,
  /** Values that need nothing. */
  unless: Names,
  /** Key of `contributes` that some enabled plugin must have. */
  contributes: NonEmptyString,
  /** Why the setting is refused, for people. */
  description: NonEmptyString,
});

/**
 * `openclaw.plugin.json`. Keys that are not listed are ignored, so manifests of other hosts load too.
 * The rules are in docs/plugin-authors.md.
 */
export const Manifest = Type.Object({
  /** Without dots: it is one key of a dotted path. */
  id: Type.String({
    pattern: "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$",
    description: "1 to 64 letters, digits, _ and -, beginning with a letter or digit",
  }),
  name: Type.Optional(Type.String()),
  description: Type.Optional(Type.String()),
  version: Type.Optional(Type.String()),
  kind: Type.Optional(Type.String()),
  /** Entry file, relative to the manifest. Default: the package's own, else `index.ts`, `index.js`. */
  main: Type.Optional(NonEmptyString),
  engines: Type.Optional(Type.Object({ openclaw: Type.Optional(NonEmptyString) })),
  /** `startup`: runs as soon as the gateway does. `lazy`: on first use of what it contributes. */
  activation: Type.Optional(oneOf(["startup", "lazy"])),
  defaultEnabled: Type.Optional(Type.Boolean()),
  /** Stays on with `plugins.enabled: false` and in safe mode. Bundled plugins only. */
  essential: Type.Optional(Type.Boolean()),
  /** `swap`: new before old. `stop-first`: old before new, for what only one may hold. */
  reload: Type.Optional(oneOf(["swap", "stop-first", "restart"])),
  /** Effect of a change per dotted config path; the longest prefix decides. */
  reloadPaths: Type.Optional(Type.Record(Type.String(), oneOf(["none", "hot", "plugin", "restart"]))),
  /** JSON Schema of `plugins.entries.<id>.config`. */
  configSchema: Type.Optional(JsonSchema),
  /** JSON Schemas of top-level config sections the plugin owns. */
  sections: Type.Optional(Type.Record(NonEmptyString, JsonSchema)),
  /** JSON Schemas of `channels.<id>`. */
  channelSchemas: Type.Optional(Type.Record(NonEmptyString, JsonSchema)),
  channels: Type.Optional(Names),
  uiHints: Type.Optional(Type.Record(Type.String(), Type.Object({}, { additionalProperties: true }))),
  contributes: Type.Optional(Contributions),
  needs: Type.Optional(Type.Array(Need)),
  requires: Type.Optional(Names),
  provides: Type.Optional(Names),
  /** Kernel services and gates the plugin may use: `config`, `plugins`, `gateway`, `auth`. */
  permissions: Type.Optional(Names),
});

export type Manifest = Static<typeof Manifest>;
