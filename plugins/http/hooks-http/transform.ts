import { realpath } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";

/** What a transform gets of a request. */
export interface TransformInput {
  readonly payload: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly url: string;
  readonly path: string;
}

const LIMIT_MS = 10_000;

/**
 * Runs the function of a module in `directory` on a request: `null` drops the request, an object changes what is done,
 * nothing changes nothing. Loaded for each call anew, so an edit counts at once.
 */
export async function transformed(
  { module, export: name = "default" }: { readonly module: string; readonly export?: string },
  directory: string,
  input: TransformInput,
): Promise<unknown> {
  const path = await inside(directory, module);
  const { createJiti } = await import("jiti");
  const loaded = await createJiti(path, { moduleCache: false, fsCache: false }).import<Record<string, unknown>>(path);
  const run = Object.hasOwn(loaded, name) ? loaded[name] : undefined;
  if (typeof run !== "function") throw new Error(`transform ${module} exports no function "${name}"`);
  return within(Promise.resolve(run(structuredClone(input))), module);
}

/** The module's place. Neither its name nor a link leads out of the directory (security.md S-28). */
async function inside(directory: string, module: string): Promise<string> {
  if (isAbsolute(module) || module.includes("\\") || module.includes("\0")) throw outside(module);
  const root = await realpath(directory).catch(() => undefined);
  if (root === undefined) throw new Error(`there is no folder ${directory}; make it or set hooks.transformsDir`);
  const path = await realpath(resolve(root, module)).catch(() => undefined);
  if (path === undefined) throw new Error(`there is no transform ${module} in ${directory}`);
  const below = relative(root, path);
  if (below === "" || below.startsWith(`..${sep}`) || below === ".." || isAbsolute(below)) throw outside(module);
  return path;
}

function outside(module: string): Error {
  return new Error(`transform ${module} is not inside hooks.transformsDir`);
}

async function within<T>(work: Promise<T>, module: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`transform ${module} took longer than ${LIMIT_MS / 1_000} s`)),
    LIMIT_MS,
  );
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
