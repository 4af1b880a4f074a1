import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { build } from "esbuild";

// What the bundler writes of one file about another, and of what it exports itself.
const PATH = /(?<=\bfrom|\bimport\(?)"(\.\.?\/[^"]+\.js)"/g;
const NAMES_FROM = /(?<=\b(?:import|export)\{)([^}]*)(?=\}from"(\.\.?\/[^"]+\.js)")/g;
const OWN_EXPORTS = /(?<=\bexport\{)([^}]*)(?=\};\s*$)/;

/**
 * Joins chunks that are read together: each file costs a start half a millisecond of looking, reading and linking, and
 * the bundler makes one for every set of entries that share code. `groups` are the new chunks by name, each with the
 * beginnings of the outputs that it is read for; a chunk goes to the first of them that needs it without `import()`.
 * Resolves with the files that there are then.
 */
export async function mergeChunks({ outputs }, { root, dist, groups, options }) {
  const folder = join(dist, "chunks");
  const files = new Map(Object.entries(outputs).map(([path, output]) => [resolve(root, path), output]));
  const groupOf = new Map();
  for (const [name, starts] of Object.entries(groups)) for (const start of starts) reach(startingWith(start), name);
  renameTwins();

  const merged = new Map();
  for (const name of Object.keys(groups)) {
    const members = [...groupOf.keys()].filter((file) => groupOf.get(file) === name);
    const { outputFiles } = await build({
      ...options,
      stdin: {
        contents: members.map((file) => `export*from${JSON.stringify(seenFrom(folder, file))};`).join("\n"),
        resolveDir: folder,
      },
      write: false,
      // All that is left of them is used.
      ignoreAnnotations: true,
      plugins: [{ name: "merge", setup: ({ onResolve }) => onResolve({ filter: /.*/ }, resolver(name)) }],
    });
    merged.set(join(folder, `${name}.js`), outputFiles[0].text);
  }
  const others = [...files.keys()].filter((file) => !groupOf.has(file));
  for (const file of others) {
    const text = readFileSync(file, "utf8");
    const place = (whole, path) =>
      groupOf.has(resolve(dirname(file), path))
        ? JSON.stringify(seenFrom(dirname(file), newPlace(resolve(dirname(file), path))))
        : whole;
    writeFileSync(file, text.replace(PATH, place));
  }
  for (const file of groupOf.keys()) rmSync(file);
  for (const [file, text] of merged) writeFileSync(file, text);
  return [...others, ...merged.keys()];

  function startingWith(start) {
    const found = [...files.keys()].find((file) => relative(dist, file).startsWith(start));
    if (!found) throw new Error(`the bundler wrote no ${start}`);
    return found;
  }

  function reach(file, name) {
    if (groupOf.has(file)) return;
    if (dirname(file) === folder) groupOf.set(file, name);
    for (const { path, kind, external } of files.get(file).imports)
      if (kind === "import-statement" && !external) reach(resolve(root, path), name);
  }

  /** Two chunks may export different things under one name. What is asked for by `import()` keeps its own. */
  function renameTwins() {
    const late = [...files.values()].flatMap(({ imports }) => imports.filter(({ kind }) => kind === "dynamic-import"));
    const isLate = new Set(late.map(({ path }) => resolve(root, path)));
    const used = new Set();
    const renamed = new Map();
    for (const file of [...groupOf.keys()].toSorted((a, b) => Number(isLate.has(b)) - Number(isLate.has(a)))) {
      for (const name of files.get(file).exports) {
        let own = name;
        for (let count = 2; used.has(own); count++) own = `${name}$${count}`;
        used.add(own);
        if (own === name) continue;
        if (isLate.has(file)) throw new Error(`two chunks that are imported late export ${name}`);
        renamed.set(`${file} ${name}`, own);
      }
    }
    for (const file of files.keys()) {
      const text = readFileSync(file, "utf8")
        .replace(NAMES_FROM, (names, _names, path) => {
          const source = resolve(dirname(file), path);
          return rewritten(names, ([from, to = from]) => [renamed.get(`${source} ${from}`) ?? from, to]);
        })
        .replace(OWN_EXPORTS, (names) =>
          rewritten(names, ([from, to = from]) => [from, renamed.get(`${file} ${to}`) ?? to]),
        );
      writeFileSync(file, text);
    }
  }

  /** Members come in, everything else stays outside, where it will be. */
  function resolver(name) {
    return ({ path, kind, resolveDir }) => {
      const file = path.startsWith(".") ? resolve(resolveDir, path) : undefined;
      if (!file) return { path, external: true };
      if (kind === "import-statement" && groupOf.get(file) === name) return undefined;
      return { path: seenFrom(folder, newPlace(file)), external: true };
    };
  }

  function newPlace(file) {
    return groupOf.has(file) ? join(folder, `${groupOf.get(file)}.js`) : file;
  }
}

function rewritten(names, change) {
  const pairs = names.split(",").map((one) => change(one.split(" as ")));
  return pairs.map(([from, to]) => (from === to ? from : `${from} as ${to}`)).join(",");
}

function seenFrom(folder, file) {
  const path = relative(folder, file);
  return path.startsWith(".") ? path : `./${path}`;
}
