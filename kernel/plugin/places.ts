import { existsSync } from "node:fs";
import { join } from "node:path";
import { absolute, at } from "openclaw/plugin-sdk/config";
import type { Json, Paths } from "openclaw/plugin-sdk/config";
import { discover } from "./discovery.ts";
import type { Candidate } from "./discovery.ts";

/** Every plugin folder that a configuration can reach, best origin first. `bundled` is the stock distro. */
export function findPlugins(config: Json, paths: Paths, bundled: string): Candidate[] {
  const listed = (at(config, "plugins.load.paths") as string[] | undefined) ?? [];
  const named = at(config, "agents.defaults.workspace") as string | undefined;
  const workspace = join(absolute(named ?? paths.workspace, paths.home), ".openclaw", "extensions");
  return discover({
    paths: listed.map((path) => absolute(path, paths.home)),
    workspace: existsSync(workspace) ? workspace : undefined,
    global: join(paths.stateDir, "extensions"),
    bundled,
  });
}
