// Compiles the schemas that every start and every first message need at build time: Ajv takes longer to compile them than
// the gateway to start.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Ajv } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import { build } from "esbuild";

/**
 * Esbuild plugin: `sdk/ajv.ts` becomes the compiled checks, and Ajv itself is loaded for other schemas only. What
 * manifests bring is compiled into a file each, `checks/<key>.cjs` below `dist`: a start reads those its
 * configuration needs.
 */
export function precompile(root, pluginFolders, dist) {
  const contents = async () => {
    const { AJV_OPTIONS, schemaKey, startupSchemas } = await importSource(root);
    const compiled = (esm, schemas) => {
      const ajv = new Ajv({ ...AJV_OPTIONS, code: { source: true, esm } });
      const keys = new Set(schemas.map(schemaKey));
      for (const schema of schemas) if (!ajv.getSchema(schemaKey(schema))) ajv.addSchema(schema, schemaKey(schema));
      return { ajv, keys: [...keys] };
    };
    const { ajv, keys } = compiled(true, startupSchemas);
    const later = new Map(pluginFolders.flatMap(manifestSchemas).map((schema) => [schemaKey(schema), schema]));
    for (const [key, schema] of later) {
      const own = compiled(false, [schema]).ajv;
      await build({
        stdin: { contents: standalone.default(own, own.getSchema(key)), resolveDir: root },
        outfile: join(dist, "checks", `${key}.cjs`),
        bundle: true,
        format: "cjs",
        platform: "node",
        minifyWhitespace: true,
        minifySyntax: true,
      });
    }
    const names = Object.fromEntries(keys.map((key) => [`check${key}`, key]));
    return [
      standalone.default(ajv, names),
      `const checks = new Map(Object.entries({${Object.keys(names)}}).map(([name, check]) => [name.slice(5), check]));`,
      `const later = new Set(${JSON.stringify([...later.keys()])});`,
      // From the folder of chunks, where this code ends up.
      `const fileOf = (key) => "../checks/" + key + ".cjs";`,
      `export const precompiled = { get: (key) => checks.get(key) ?? (later.has(key) ? require(fileOf(key)) : undefined) };`,
      `export const loadAjv = () => require("ajv").Ajv;`,
    ].join("\n");
  };
  return {
    name: "precompile",
    setup: ({ onLoad }) =>
      onLoad({ filter: /sdk[\\/]ajv\.ts$/ }, async () => ({ contents: await contents(), loader: "js" })),
  };
}

function manifestSchemas(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, "openclaw.plugin.json"), "utf8"));
  const { configSchema, sections = {}, channelSchemas = {} } = manifest;
  return [configSchema, ...Object.values(sections), ...Object.values(channelSchemas)].filter(Boolean);
}

/** The schemas and options of the sources, which may be newer than any build. */
async function importSource(root) {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { ConnectParams, RequestFrame } from "./sdk/protocol/frames.ts";
        import { Manifest } from "./sdk/manifest.ts";
        import { KERNEL_SECTIONS } from "./sdk/config/schema.ts";
        import { IdempotencyKey } from "./sdk/schema.ts";
        import { Type } from "@sinclair/typebox";
        import { AgentParams } from "./plugins/methods/agents/agent-params.ts";
        import { SendParams } from "./plugins/methods/chat/send-params.ts";
        // What the kernel asks of every call with a key.
        const Keyed = Type.Object({ idempotencyKey: IdempotencyKey });
        export { AJV_OPTIONS, schemaKey } from "./sdk/compile-schema.ts";
        export const startupSchemas = [
          ConnectParams, RequestFrame, Manifest, AgentParams, SendParams, Keyed, ...Object.values(KERNEL_SECTIONS),
        ];`,
      resolveDir: root,
    },
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
    conditions: ["openclaw-source"],
    alias: { "openclaw/plugin-sdk": join(root, "sdk", "schema.ts") },
    external: ["ajv"],
  });
  const module = { exports: {} };
  // Evaluated here, so that Ajv is found beside this file.
  new Function("module", "exports", "require", outputFiles[0].text)(
    module,
    module.exports,
    createRequire(import.meta.url),
  );
  return module.exports;
}
