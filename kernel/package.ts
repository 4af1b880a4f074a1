import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

/** Version of the installed package. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(here, "..", "package.json"), "utf8")) as { version: string };
  return version;
}

/** Folder of the stock distro: beside the bundle in a release, in the source tree otherwise. */
export function bundledPlugins(): string {
  const beside = join(here, "plugins");
  return existsSync(beside) ? beside : join(here, "..", "plugins");
}
