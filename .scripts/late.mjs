import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const resolveDir = dirname(fileURLToPath(import.meta.url));

/** Libraries that are one function, which most runs never call. */
const FUNCTIONS = /^semver\/.+\.js$/;
/** What ws has for TLS and compression, and a gateway on loopback does without. */
const MODULES = /^(https|tls|zlib)$/;

/** Esbuild plugin: what a start rarely needs is run, or loaded by Node, when something of it is first used. */
export const late = {
  name: "late",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: FUNCTIONS }, ({ path, kind }) =>
      kind === "import-statement" ? { path, namespace: "late-function" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "late-function" }, ({ path }) => ({
      contents: `export default (...args) => require(${JSON.stringify(path)})(...args);`,
      resolveDir,
    }));
    onResolve({ filter: MODULES }, ({ path, importer }) =>
      /[\\/]node_modules[\\/]ws[\\/]/.test(importer) ? { path, namespace: "late-module" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "late-module" }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get: (_, name) => process.getBuiltinModule("node:${path}")[name] });`,
    }));
  },
};
