import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "../config/source.ts";
import { at } from "../config/validate.ts";
import { absolute } from "../paths.ts";
import type { Paths } from "../paths.ts";
import { discover } from "./discovery.ts";
import type { Candidate } from "./discovery.ts";

/** Every plugin folder that a configuration can reach, best origin first. `bundled` is the stock distro. */
export function findPlugins(config: Json, paths: Paths, bundled: string): Candidate[] {
  // Nobody has checked the configuration yet: the manifests say by what.
  const listed = at(config, "plugins.load.paths");
  const named = at(config, "agents.defaults.workspace");
  const given = Array.isArray(listed) ? listed.filter((path) => typeof path === "string") : [];
  const home = typeof named === "string" ? named : paths.workspace;
  const workspace = join(absolute(home, paths.home), ".openclaw", "extensions");
  return discover({
    paths: given.map((path) => absolute(path, paths.home)),
    workspace: existsSync(workspace) ? workspace : undefined,
    global: join(paths.stateDir, "extensions"),
    bundled,
  });
}
