import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const IMPORT = /^import \{ ([^}]+) \} from "(openclaw\/plugin-sdk[^"]*)";$/gm;
const EXPORT = /^export \{ ([^}]+) \} from "([^"]+)";$/gm;

/**
 * Esbuild plugin: what the module `file` imports from the SDK comes from the very modules that hold it. Through an
 * `index.ts` it would have all of the index read before its own first line.
 */
export function pastIndex(file, alias) {
  return {
    name: "past-index",
    setup({ onLoad, initialOptions: { absWorkingDir: root } }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (path !== join(root, file)) return undefined;
        const contents = readFileSync(path, "utf8").replace(IMPORT, (_statement, names, specifier) => {
          const index = join(root, alias[specifier]);
          const holders = new Map();
          for (const [, exported, from] of readFileSync(index, "utf8").matchAll(EXPORT))
            for (const name of exported.split(", ")) holders.set(name, join(dirname(index), from));
          const imports = names.split(", ").map((name) => {
            if (!holders.has(name)) throw new Error(`${file}: ${specifier} exports no ${name}`);
            return `import { ${name} } from ${JSON.stringify(holders.get(name))};`;
          });
          return imports.join("");
        });
        return { contents, loader: "ts" };
      });
    },
  };
}
