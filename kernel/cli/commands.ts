import { pathToFileURL } from "node:url";
import type { CliCommand } from "openclaw/plugin-sdk";
import type { Json } from "openclaw/plugin-sdk/config";
import { decidePlugins, findPlugins, pathInside, pluginsSection } from "openclaw/plugin-sdk/plugins";
import type { Decision } from "openclaw/plugin-sdk/plugins";
import type { Surroundings } from "./context.ts";
import { commandWords } from "./words.ts";

/** A line of the help text, and the code behind it. */
export interface CommandEntry {
  /** One or more words. */
  readonly name: string;
  readonly summary: string;
  readonly load: (around: Surroundings) => Promise<CliCommand>;
}

/** The commands of the host itself; each is imported when it runs. */
const OWN: readonly CommandEntry[] = [
  { name: "gateway", summary: "run the gateway in the foreground", load: loadGateway },
  { name: "gateway run", summary: "the same as gateway", load: loadGateway },
  {
    name: "gateway call <method>",
    summary: "call a method of the running gateway",
    load: () => import("./call.ts").then(({ call }) => call),
  },
];

function loadGateway(around: Surroundings): Promise<CliCommand> {
  return import("./gateway.ts").then(({ gatewayCommand }) => gatewayCommand(around));
}

/** Every command: the host's own and those that manifests of enabled plugins declare. Runs no plugin code. */
export function allCommands(around: Surroundings, config: Json): CommandEntry[] {
  const found = findPlugins(config, around.paths, around.bundled);
  const key = (name: string) => commandWords(name).join(" ");
  const entries = new Map(OWN.map((entry) => [key(entry.name), entry]));
  const decisions = decidePlugins(found, pluginsSection(config), { safeMode: false, skipChannels: false });
  // The words of the stock distro stay with it, wherever else a plugin was found.
  const isStock = ({ candidate }: Decision) => candidate.origin === "bundled";
  const stockFirst = [...decisions.filter(isStock), ...decisions.filter((one) => !isStock(one))];
  for (const { candidate, enabled } of stockFirst) {
    if (!enabled) continue;
    for (const { name, summary, module } of candidate.manifest?.contributes?.cli ?? []) {
      if (entries.has(key(name))) continue;
      entries.set(key(name), {
        name,
        summary,
        load: () => loadPluginCommand(candidate.folder, module, candidate.origin === "bundled"),
      });
    }
  }
  return [...entries.values()];
}

async function loadPluginCommand(folder: string, module: string, native: boolean): Promise<CliCommand> {
  const file = pathInside(folder, module);
  if (native) return ((await import(pathToFileURL(file).href)) as { default: CliCommand }).default;
  const { createJiti } = await import("jiti");
  const { virtualModules } = await import("../virtual-modules.ts");
  const jiti = createJiti(file, { moduleCache: false, fsCache: false, virtualModules: await virtualModules(file) });
  return jiti.import<CliCommand>(file, { default: true });
}
