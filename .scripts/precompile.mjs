// Compiles the schemas that every start and every first message need at build time: Ajv takes longer to compile them than
// the gateway to start.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Ajv } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import { build } from "esbuild";

/**
 * Esbuild plugin: `sdk/ajv.ts` becomes a reader of compiled checks, and Ajv itself is loaded for other schemas only.
 * Each check is a file, `checks/<key>.cjs` below `dist`: what runs reads those it needs. So is Ajv.
 */
export function precompile(root, pluginFolders, dist, collectInputs) {
  const contents = async () => {
    const { AJV_OPTIONS, schemaKey, startupSchemas } = await importSource(root);
    const schemas = new Map(
      [...startupSchemas, ...pluginFolders.flatMap(manifestSchemas)].map((schema) => [schemaKey(schema), schema]),
    );
    for (const [key, schema] of schemas) {
      const ajv = new Ajv({ ...AJV_OPTIONS, code: { source: true } });
      await build({
        stdin: { contents: standalone.default(ajv, ajv.compile(schema)), resolveDir: root },
        outfile: join(dist, "checks", `${key}.cjs`),
        bundle: true,
        format: "cjs",
        platform: "node",
        minifyWhitespace: true,
        minifySyntax: true,
      });
    }
    const { metafile } = await build({
      entryPoints: [createRequire(import.meta.url).resolve("ajv")],
      outfile: join(dist, "ajv.cjs"),
      absWorkingDir: root,
      metafile: true,
      bundle: true,
      format: "cjs",
      platform: "node",
      minifyWhitespace: true,
      minifySyntax: true,
    });
    collectInputs(metafile);
    return [
      `const keys = new Set(${JSON.stringify([...schemas.keys()])});`,
      // From the folder of chunks, where this code ends up.
      `const fileOf = (key) => "../checks/" + key + ".cjs";`,
      `export const precompiled = { get: (key) => (keys.has(key) ? require(fileOf(key)) : undefined) };`,
      `const ajvFile = () => "../ajv.cjs";`,
      `export const loadAjv = () => require(ajvFile()).Ajv;`,
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
