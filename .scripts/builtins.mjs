import { builtinModules } from "node:module";

/** What the bundler writes for an import that stays: `import a,{b as c}from"d";`, `import*as a from"d";`. */
const IMPORT = /(?<=^|[;}\n])import(?: ([\w$]+))?,?(?:(\{[^}]*\})|\*as ([\w$]+) )?from"([^"]+)";/g;
const LEFT = /(?:\bfrom|\bimport)"([^"]+)"/g;

/**
 * The text of a bundled file without imports of Node's own modules: it takes them from the process. An import would
 * read every member of the module once, and some of those load a lot: with the `WebSocket` of `node:http` comes all of
 * Node's fetch client, 20 ms that no start should pay. Throws when an import is left that it cannot read.
 */
export function takeBuiltins(text) {
  const taken = [];
  const body = text.replace(IMPORT, (statement, whole, names, space, path) => {
    if (!isBuiltin(path)) return statement;
    const shapes = [whole, names?.replaceAll(" as ", ":"), space].filter(Boolean);
    for (const shape of shapes) taken.push(`${shape}=process.getBuiltinModule(${JSON.stringify(path)})`);
    return "";
  });
  for (const [statement, path] of body.matchAll(LEFT))
    if (isBuiltin(path)) throw new Error(`cannot read an import that the bundler wrote: …${statement}`);
  // CommonJS libraries ask for Node's modules by require().
  if (/\brequire\b/.test(body))
    taken.unshift('require=process.getBuiltinModule("node:module").createRequire(import.meta.url)');
  return taken.length === 0 ? body : `const ${taken.join(",")};${body}`;
}

function isBuiltin(path) {
  return path.startsWith("node:") || builtinModules.includes(path);
}
