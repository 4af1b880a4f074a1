// Bundles the release into dist/: kernel, SDK and small libraries in a few files, each stock plugin in one,
// because start-up pays per file. Heavy libraries stay outside and are imported when their plugin runs.
// With --if-stale nothing is done when dist/ is what the sources say: `npx openclaw` in a clone runs `prepare`, and
// a gateway that is running from dist/ still imports from it.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { takeBuiltins } from "./builtins.mjs";
import { late } from "./late.mjs";
import { mergeChunks } from "./merge-chunks.mjs";
import { pastIndex } from "./past-index.mjs";
import { precompile } from "./precompile.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const release = join(root, "dist");
const A2UI_BUNDLE = join(root, "plugins/http/canvas-host/bundled/a2ui.bundle.js");
const stamp = sourceHash();
const isFresh = readIfThere(join(release, "sources.sha256")) === stamp && existsSync(A2UI_BUNDLE);
if (process.argv.includes("--if-stale") && isFresh) process.exit(0);

// Built beside the release and put in its place when whole.
const dist = join(root, `dist.${process.pid}`);
process.on("exit", () => rmSync(dist, { recursive: true, force: true }));
const { dependencies = {}, peerDependencies = {}, exports: exported } = readJson(join(root, "package.json"));
const external = Object.keys({ ...dependencies, ...peerDependencies })
  // Bundled for speed although authors also need its types: 250 files as one.
  .filter((name) => name !== "@sinclair/typebox" && name !== "tapable")
  .flatMap((name) => [name, `${name}/*`]);

const shared = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node22",
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
  absWorkingDir: root,
};

const inputs = new Set();

const alias = {
  "openclaw/plugin-sdk/config": "./sdk/config/index.ts",
  "openclaw/plugin-sdk/testing": "./sdk/testing/index.ts",
  "openclaw/plugin-sdk/ai-sdk": "./sdk/ai-sdk/index.ts",
  "openclaw/plugin-sdk/compat": "./sdk/compat/index.ts",
  "openclaw/plugin-sdk/exec": "./sdk/exec/index.ts",
  "openclaw/plugin-sdk/net": "./sdk/net/index.ts",
  "openclaw/plugin-sdk/http-api": "./sdk/http-api/index.ts",
  "openclaw/plugin-sdk/markdown": "./sdk/markdown/index.ts",
  "openclaw/plugin-sdk/workspace": "./sdk/workspace/index.ts",
  "openclaw/plugin-sdk/plugins": "./sdk/plugins/index.ts",
  "openclaw/plugin-sdk": "./sdk/index.ts",
  // The build for browsers has modules; what is bundled of the other one has no names when it is imported late.
  yaml: "./node_modules/yaml/browser/index.js",
  // Yargs measures text with it; the original builds tables of emoji for 30 ms before the first help text.
  "string-width": "fast-string-width",
};

const core = await build({
  ...shared,
  entryPoints: {
    main: "kernel/cli/main.ts",
    sdk: "sdk/index.ts",
    config: "sdk/config/index.ts",
    testing: "sdk/testing/index.ts",
    compat: "sdk/compat/index.ts",
    "ai-sdk": "sdk/ai-sdk/index.ts",
    exec: "sdk/exec/index.ts",
    net: "sdk/net/index.ts",
    "http-api": "sdk/http-api/index.ts",
    markdown: "sdk/markdown/index.ts",
    workspace: "sdk/workspace/index.ts",
    plugins: "sdk/plugins/index.ts",
  },
  outdir: dist,
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  conditions: ["openclaw-source"],
  alias,
  external,
  plugins: [
    precompile(root, pluginFolders(join(root, "plugins")), dist, collectInputs),
    pastIndex("kernel/cli/main.ts", alias),
    late,
  ],
});
collectInputs(core.metafile);
const files = await mergeChunks(core.metafile, {
  root,
  dist,
  options: shared,
  groups: {
    // Read before the compile cache is at hand.
    first: ["main.js"],
    cli: ["chunks/run-", "sdk.js", "config.js", "plugins.js"],
    start: ["chunks/gateway-", "chunks/process-", "chunks/virtual-modules-", "workspace.js", "exec.js", "net.js"],
  },
});
for (const file of files) writeFileSync(file, takeBuiltins(readFileSync(file, "utf8")));

// The page that draws A2UI, for browsers. It lies beside its sources too: plugins run from there in development.
const a2ui = await build({
  ...shared,
  entryPoints: [join(root, "plugins/http/canvas-host/a2ui/page.ts")],
  outfile: A2UI_BUNDLE,
  platform: "browser",
  target: "es2022",
  minify: true,
  // An optional renderer of the library; ours is given to it.
  external: ["@a2ui/markdown-it"],
});
collectInputs(a2ui.metafile);

for (const folder of pluginFolders(join(root, "plugins"))) {
  const manifest = readJson(join(folder, "openclaw.plugin.json"));
  const modules = ["./index.ts", ...(manifest.contributes?.cli ?? []).map((entry) => entry.module)];
  const out = join(dist, relative(root, folder));
  // One build per folder: what is written there sees the SDK along the same path.
  for (const [from, entryPoints] of Map.groupBy(new Set(modules), (module) => dirname(join(out, module)))) {
    const result = await build({
      ...shared,
      entryPoints: entryPoints.map((module) => join(folder, module)),
      outdir: from,
      outbase: join(folder, relative(out, from)),
      // What is imported late is a file of its own.
      splitting: true,
      chunkNames: "[name]-[hash]",
      external,
      plugins: [sdkBeside(from)],
    });
    collect(result.metafile);
  }
  for (const entry of manifest.contributes?.cli ?? []) entry.module = entry.module.replace(/\.ts$/, ".js");
  mkdirSync(out, { recursive: true });
  // Files that a plugin hands out as they are.
  if (existsSync(join(folder, "bundled"))) cpSync(join(folder, "bundled"), join(out, "bundled"), { recursive: true });
  writeFileSync(join(out, "openclaw.plugin.json"), `${JSON.stringify({ ...manifest, main: "index.js" }, null, 2)}\n`);
}
writeFileSync(join(dist, "plugins", "manifests.json"), JSON.stringify(await checkedManifests(join(dist, "plugins"))));

execFileSync(
  process.execPath,
  [
    join(root, "node_modules", "typescript", "bin", "tsc"),
    "-p",
    join(root, ".scripts", "tsconfig.types.json"),
    "--outDir",
    join(dist, "types"),
  ],
  { stdio: "inherit" },
);
writeNotices();
writeFileSync(join(dist, "sources.sha256"), stamp);
rmSync(release, { recursive: true, force: true });
renameSync(dist, release);

/**
 * Esbuild plugin: `openclaw/plugin-sdk/…` becomes the file it names, as seen from the folder `from`. It is the same
 * module; but by name each plugin would have it looked up in the package's `exports` anew, a tenth of a start.
 */
function sdkBeside(from) {
  return {
    name: "sdk-beside",
    setup({ onResolve }) {
      onResolve({ filter: /^openclaw\// }, ({ path }) => {
        const target = exported[path.replace("openclaw/", "./")]?.default;
        if (!target) return { errors: [{ text: `package.json exports no ${path}` }] };
        return { path: relative(from, join(dist, relative("dist", target))), external: true };
      });
    },
  };
}

/** The manifests by folder, as the release itself reads and checks them. */
async function checkedManifests(bundled) {
  const { findPlugins } = await import(join(dist, "plugins.js"));
  const nowhere = join(dist, "nowhere");
  const found = findPlugins({}, { home: nowhere, workspace: nowhere, stateDir: nowhere }, bundled);
  for (const { error } of found) if (error) throw new Error(error.message);
  return Object.fromEntries(found.map(({ folder, manifest }) => [relative(bundled, folder), manifest]));
}

/** What the release is made of, as one hash. */
function sourceHash() {
  const hash = createHash("sha256");
  for (const file of globSync(
    [
      "package.json",
      ".scripts/*.{mjs,json}",
      "{kernel,sdk,plugins}/**/*.{ts,json}",
      "plugins/*/*/bundled/**/*.{md,html}",
    ],
    {
      cwd: root,
    },
  ).toSorted())
    hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

function pluginFolders(base) {
  return readdirSync(base)
    .flatMap((group) => readdirSync(join(base, group)).map((name) => join(base, group, name)))
    .filter((folder) => existsSync(join(folder, "openclaw.plugin.json")));
}

function collectInputs(metafile) {
  for (const input of Object.keys(metafile.inputs)) inputs.add(input);
}

function collect(metafile) {
  collectInputs(metafile);
  for (const output of Object.keys(metafile.outputs)) {
    const file = join(root, output);
    writeFileSync(file, takeBuiltins(readFileSync(file, "utf8")));
  }
}

/** Licences of the libraries that went into the bundle. */
function writeNotices() {
  const packages = new Map();
  for (const input of inputs) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
    if (name) packages.set(name, join(root, "node_modules", name));
  }
  const parts = [...packages].toSorted().map(([name, folder]) => {
    const { version, license } = readJson(join(folder, "package.json"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? readFileSync(join(folder, file), "utf8").trim() : "(no licence file in the package)";
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  writeFileSync(join(dist, "THIRD-PARTY-NOTICES.txt"), parts.join(`\n${"-".repeat(80)}\n\n`));
}

function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}
