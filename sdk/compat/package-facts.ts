import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Manifest } from "../manifest.ts";

export interface PackageFacts {
  readonly name: string;
  readonly version: string | undefined;
  readonly description: string | undefined;
  /** What the parts say about each other that does not fit. */
  readonly remarks: readonly string[];
}

interface Described {
  readonly id?: unknown;
  readonly name?: unknown;
  readonly version?: unknown;
  readonly description?: unknown;
}

/** Name, version and description: the manifest's, else package.json's, else those of the exported object. */
export function packageFacts(manifest: Manifest, source: string, exported: unknown): PackageFacts {
  const pkg = readPackage(dirname(source));
  const own = (typeof exported === "object" && exported !== null ? exported : {}) as Described;
  const first = (key: "name" | "version" | "description") =>
    [manifest[key], pkg[key], own[key]].find((value) => typeof value === "string" && value !== "") as
      | string
      | undefined;
  const { id } = manifest;
  const unscoped = typeof pkg.name === "string" ? pkg.name.replace(/^@[^/]+\//, "") : id;
  return {
    name: first("name") ?? id,
    version: first("version"),
    description: first("description"),
    remarks: [
      ...(unscoped === id
        ? []
        : [`its package is called "${String(pkg.name)}"; the id of the manifest, "${id}", counts`]),
      ...(own.id === undefined || own.id === id
        ? []
        : [`its code says id "${String(own.id)}"; the id of the manifest, "${id}", counts`]),
    ],
  };
}

/** The package.json beside the manifest; entries may lie below it. */
function readPackage(folder: string): Described {
  if (existsSync(join(folder, "openclaw.plugin.json"))) return parse(join(folder, "package.json"));
  const above = dirname(folder);
  return above === folder ? {} : readPackage(above);
}

function parse(file: string): Described {
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Described;
  } catch {
    // Finding the entry files has read it before; what cannot be read now says nothing.
    return {};
  }
}
