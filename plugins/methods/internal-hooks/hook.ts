import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open, readdir, realpath } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { compareText, errorText } from "openclaw/plugin-sdk";
import { parseFrontMatter } from "openclaw/plugin-sdk/workspace";
import { EVENTS } from "./event.ts";

export const SOURCES = ["openclaw-workspace", "openclaw-managed", "openclaw-bundled", "openclaw-extra"] as const;

export interface HookFolder {
  readonly path: string;
  readonly source: (typeof SOURCES)[number];
}

/** A folder with a `HOOK.md` and a handler, as far as it can be read. Its code has not run. */
export interface Hook {
  readonly name: string;
  readonly description: string;
  readonly source: HookFolder["source"];
  readonly baseDir: string;
  readonly filePath: string;
  readonly handlerPath?: string;
  /** Of every file in the folder: what was agreed to is what runs. */
  readonly hash?: string;
  readonly events: readonly string[];
  readonly emoji?: string;
  /** Why it cannot run at all. */
  readonly problem?: string;
}

const MAX_HOOKS = 100;
const MAX_FILES = 50;
const MAX_BYTES = 262_144;
const HANDLERS = ["handler.ts", "handler.js", "index.ts", "index.js"];
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** The scripts of these folders by name; an earlier folder wins. One that cannot run stands in nobody's way. */
export async function discoverHooks(folders: readonly HookFolder[]): Promise<Hook[]> {
  const usable = new Map<string, Hook>();
  const broken: Hook[] = [];
  for (const { path, source } of folders) {
    // Not there, or not for us: no scripts.
    const names = (await readdir(path).catch((): string[] => [])).filter((name) => !name.startsWith("."));
    const root = await realpath(path).catch(() => path);
    for (const name of names.toSorted(compareText).slice(0, MAX_HOOKS)) {
      const hook = await readHook(join(path, name), root, source);
      if (hook?.problem !== undefined) broken.push(hook);
      else if (hook && !usable.has(hook.name)) usable.set(hook.name, hook);
    }
  }
  return [...usable.values(), ...broken].toSorted((a, b) => compareText(a.name, b.name));
}

async function readHook(baseDir: string, root: string, source: HookFolder["source"]): Promise<Hook | undefined> {
  const filePath = join(baseDir, "HOOK.md");
  const hook = { name: basename(baseDir), description: "", source, baseDir, filePath, events: [] };
  const real = await realpath(filePath).catch(() => undefined);
  if (real === undefined) return undefined;
  try {
    if (!isInside(real, root))
      return { ...hook, problem: "leads out of its folder; copy it there instead of linking it" };
    const files = await readFiles(baseDir, root);
    const front = await parseFrontMatter(String(files.get("HOOK.md")));
    if ("problem" in front) return { ...hook, problem: front.problem };
    const { name = hook.name, description = "", metadata } = front.data;
    if (typeof name !== "string" || !NAME.test(name))
      return { ...hook, problem: `has a name that cannot be used: ${JSON.stringify(name)}` };
    const { events, emoji } = metaOf(metadata);
    const named = { ...hook, name, description: String(description).slice(0, 1_024) };
    const wanted = Array.isArray(events) ? events.filter((event) => typeof event === "string") : [];
    if (wanted.length === 0) return { ...named, problem: "names no events in metadata.openclaw.events" };
    const unknown = wanted.find((event) => !(EVENTS as readonly string[]).includes(event));
    if (unknown !== undefined)
      return { ...named, problem: `names the event "${unknown}", which there is not; there are ${EVENTS.join(", ")}` };
    const handler = HANDLERS.find((file) => files.has(file));
    if (handler === undefined)
      return { ...named, problem: `has no handler; write ${HANDLERS.slice(0, 2).join(" or ")}` };
    return {
      ...named,
      events: wanted,
      handlerPath: join(baseDir, handler),
      hash: hashOf(files),
      ...(typeof emoji === "string" && { emoji: emoji.slice(0, 32) }),
    };
  } catch (error) {
    return { ...hook, problem: `cannot be read: ${errorText(error)}` };
  }
}

/** All files of a script, which has no folders of its own and no links out of it. */
async function readFiles(baseDir: string, root: string): Promise<Map<string, Buffer>> {
  const names = (await readdir(baseDir)).toSorted(compareText);
  if (names.length > MAX_FILES) throw new Error(`it has more than ${MAX_FILES} files`);
  const files = new Map<string, Buffer>();
  for (const name of names) {
    const real = await realpath(join(baseDir, name));
    if (!isInside(real, root)) throw new Error(`${name} leads out of its folder`);
    const file = await open(real, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const info = await file.stat();
      if (!info.isFile() || info.size > MAX_BYTES) throw new Error(`${name} is no file of at most ${MAX_BYTES} bytes`);
      files.set(name, await file.readFile());
    } finally {
      await file.close();
    }
  }
  return files;
}

function metaOf(metadata: unknown): { readonly events?: unknown; readonly emoji?: unknown } {
  const own =
    typeof metadata === "object" && metadata !== null && "openclaw" in metadata ? metadata.openclaw : undefined;
  return typeof own === "object" && own !== null ? own : {};
}

function hashOf(files: ReadonlyMap<string, Buffer>): string {
  const hash = createHash("sha256");
  for (const [name, bytes] of files) hash.update(`${name}\0${bytes.length}\0`).update(bytes);
  return hash.digest("hex");
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`);
}
