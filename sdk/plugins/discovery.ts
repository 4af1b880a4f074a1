import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import type { Dirent } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import type { Manifest } from "../manifest.ts";
import { MANIFEST_FILE, ManifestError, MANIFESTS_FILE, readManifest, readManifests } from "./manifest.ts";

export type Origin = "config" | "workspace" | "global" | "bundled";

/** A plugin folder that was found. Its code has not run. */
export interface Candidate {
  readonly id: string;
  readonly origin: Origin;
  /** Folder of the stock distro's group, else the origin. */
  readonly group: string;
  readonly folder: string;
  readonly manifest: Manifest | undefined;
  readonly error: ManifestError | undefined;
}

export interface Places {
  /** `plugins.load.paths`, absolute. */
  readonly paths: readonly string[];
  readonly workspace: string | undefined;
  readonly global: string;
  readonly bundled: string;
}

/**
 * Every plugin folder, best origin first: `plugins.load.paths`, workspace, state directory, stock.
 * Within one origin in order of name, so two starts agree.
 */
export function discover(places: Places): Candidate[] {
  return [
    ...places.paths.flatMap((path) => fromPath(path)),
    ...(places.workspace ? children(places.workspace).map((folder) => candidate(folder, "workspace")) : []),
    ...children(places.global).map((folder) => candidate(folder, "global")),
    ...stock(places.bundled),
  ];
}

function stock(bundled: string): Candidate[] {
  const isRelease = existsSync(join(bundled, MANIFESTS_FILE));
  if (!isRelease) {
    const folders = children(bundled).flatMap(children);
    return folders.map((folder) => candidate(folder, "bundled", basename(dirname(folder))));
  }
  return Object.entries(readManifests(bundled)).map(([path, manifest]) => {
    return {
      id: manifest.id,
      origin: "bundled",
      group: dirname(path),
      folder: join(bundled, path),
      manifest,
      error: undefined,
    };
  });
}

/** A path of the configuration is a plugin folder, a folder of plugin folders, or an entry file of one. */
function fromPath(path: string): Candidate[] {
  if (!existsSync(path)) {
    return [broken(path, "config", new ManifestError("path_missing", `plugins.load.paths: ${path} does not exist`))];
  }
  const folder = isDirectory(path) ? path : dirname(path);
  if (existsSync(join(folder, MANIFEST_FILE)) || folder !== path) return [candidate(folder, "config")];
  const found = children(folder).filter((child) => existsSync(join(child, MANIFEST_FILE)));
  if (found.length > 0) return found.map((child) => candidate(child, "config"));
  return [candidate(folder, "config")];
}

function candidate(folder: string, origin: Origin, group: string = origin): Candidate {
  try {
    const manifest = readManifest(folder);
    return { id: manifest.id, origin, group, folder, manifest, error: undefined };
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    return broken(folder, origin, error, group);
  }
}

function broken(folder: string, origin: Origin, error: ManifestError, group: string = origin): Candidate {
  return { id: basename(folder), origin, group, folder, manifest: undefined, error };
}

/** None in a folder that is not there, is a file, or may not be read. */
function children(folder: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .filter((entry) => !entry.name.startsWith(".") && entry.name !== "node_modules")
    .filter((entry) => entry.isDirectory() || (entry.isSymbolicLink() && isDirectory(join(folder, entry.name))))
    .map((entry) => join(folder, entry.name))
    .toSorted();
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // Gone, a link in a circle, or not ours to enter: no plugin is there for us.
    return false;
  }
}

const ENTRY_NAMES = ["index.ts", "index.mts", "index.js", "index.mjs", "index.cjs"];

/**
 * Entry files of a plugin folder: the manifest's `main`, else what its package.json lists under
 * `openclaw.extensions`, else `index.*`. Each must lie inside the folder after links are followed.
 */
export function pluginEntries(folder: string, manifest: Manifest): string[] {
  const named = manifest.main ? [manifest.main] : packageEntries(folder);
  const entries = named.length > 0 ? named : ENTRY_NAMES.filter((name) => existsSync(join(folder, name))).slice(0, 1);
  if (entries.length === 0)
    throw new ManifestError("entry_missing", `${folder} has no entry file (index.ts or index.js)`);
  return entries.map((entry) => pathInside(folder, entry));
}

/** `entry` as a real path below `folder`. Throws when it is missing or leads outside (security.md S-47). */
export function pathInside(folder: string, entry: string): string {
  const path = resolve(folder, entry);
  if (!existsSync(path)) throw new ManifestError("entry_missing", `entry file ${path} does not exist`);
  const real = realpathSync(path);
  const below = relative(realpathSync(folder), real);
  if (below === "" || below.startsWith(`..${sep}`) || below === ".." || resolve(below) === below) {
    throw new ManifestError("entry_outside", `entry file ${entry} leads outside ${folder}`);
  }
  return path;
}

/** The block stands under the names of the ecosystem's generations; one package may list several entries. */
function packageEntries(folder: string): string[] {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return [];
  try {
    const pkg = JSON.parse(readFileSync(file, "utf8")) as Record<string, { extensions?: unknown } | undefined>;
    const listed = (pkg["openclaw"] ?? pkg["clawdbot"] ?? pkg["moltbot"])?.extensions;
    if (typeof listed === "string") return [listed];
    return Array.isArray(listed) ? listed.filter((entry): entry is string => typeof entry === "string") : [];
  } catch (cause) {
    throw new ManifestError("package_invalid", `${file} is not JSON`, cause);
  }
}
