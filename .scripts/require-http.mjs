/**
 * Esbuild plugin: `import "node:http"` becomes a `require`. An import would read every member of the module once, and
 * with its `WebSocket` member Node loads all of its fetch client, 20 ms that no start should pay.
 */
export const requireHttp = {
  name: "require-http",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?https?$/ }, ({ path, kind, namespace }) =>
      kind === "import-statement" && namespace !== "require-http" ? { path, namespace: "require-http" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "require-http" }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
      loader: "js",
    }));
  },
};
