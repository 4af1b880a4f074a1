import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Version of the installed package. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as { version: string };
  return version;
}

/** Folder of the stock distro: built, when this is the bundle, else the source tree. */
export function bundledPlugins(): string {
  const root = packageRoot();
  const isBundle = here().startsWith(join(root, "dist"));
  return join(root, isBundle ? "dist/plugins" : "plugins");
}

/** The bundle puts this code in a folder of its own choice, so the root is looked for. */
function packageRoot(): string {
  let folder = here();
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}

function here(): string {
  return dirname(fileURLToPath(import.meta.url));
}
