import { fileURLToPath } from "node:url";
import {
  Agents,
  Config,
  definePlugin,
  errorText,
  Nodes,
  Sessions,
  Skills,
  whenCalm,
  Workspace,
} from "openclaw/plugin-sdk";
import type { HooksOf } from "openclaw/plugin-sdk";
import { agentsOf } from "./agents.ts";
import { SkillCatalog } from "./catalog.ts";
import { registerSkillCommand } from "./command.ts";
import { skillFolders } from "./folders.ts";
import { registerMethods } from "./methods.ts";
import { SessionSnapshots } from "./session-snapshot.ts";
import { FolderWatch } from "./watch.ts";

const DEBOUNCE_MS = 250;
/** Programs that somebody installs by hand are noticed after this time at the latest. */
const RECHECK_MS = 60_000;
/** What the configuration says about skills, and about where they are. */
const OURS = /^(skills|agents)(\.|\[|$)/;

export default definePlugin((gateway) => {
  const { settings, paths, log } = gateway;
  const bundled = fileURLToPath(new URL("./bundled", import.meta.url));
  const rules = { settings, stateDir: paths.stateDir, bundled };
  const catalog = new SkillCatalog(rules, (version) => hooks.changed.call(version));
  const hooks: HooksOf<typeof Skills> = gateway.provide(Skills, {
    snapshot: (agentId, only) => catalog.snapshot(agentId, only),
    environment: (agentId) => catalog.environment(agentId),
  });
  registerSkillCommand(gateway, catalog);
  registerMethods({ gateway, config: gateway.use(Config), catalog, rules });

  gateway.hooks.of(Nodes).skillBins.tap((bins) => [...bins, ...catalog.bins]);
  gateway.hooks
    .of(Workspace)
    .readable.tap((folders, agentId) => [...folders, ...skillFolders(agentId, rules).map(({ path }) => path)]);

  const told = new SessionSnapshots(gateway.use(Sessions), log);
  gateway.hooks.of(Sessions).changed.tap((key, change) => {
    if (change === "deleted") told.forget(key);
  });
  gateway.hooks.of(Agents).beforeTurn.tap(async (prompt, { agentId, sessionKey }) => {
    // The model does not wait for the record of it.
    if (!isSubagent(sessionKey)) void told.tell(sessionKey, agentId, await catalog.snapshot(agentId));
    return prompt;
  });

  const report = (error: unknown) => log.warn(`cannot look after skills: ${errorText(error)}`, { err: error });
  const refresh = () => void catalog.refresh().catch(report);
  const watch = new FolderWatch(refresh, report);
  gateway.own("watch of skills", () => watch.close());
  const follow = () => {
    const folders = agentsOf(settings).flatMap(({ id }) => skillFolders(id, rules).map(({ path }) => path));
    const isOn = settings.get<boolean>("skills.load.watch") !== false;
    const debounceMs = settings.get<number>("skills.load.watchDebounceMs") ?? DEBOUNCE_MS;
    void watch.follow(isOn ? [...new Set(folders)] : [], debounceMs).catch(report);
  };

  // Whoever waits for the gateway goes first: a turn that comes sooner reads its skills itself.
  gateway.hooks.listening.tap(() =>
    whenCalm(gateway, () => {
      refresh();
      follow();
    }),
  );
  gateway.hooks.configChanged.tap(({ paths: changed }) => {
    if (!changed.some((path) => OURS.test(path))) return;
    void catalog.reconfigured().catch(report);
    follow();
  });
  gateway.setInterval(refresh, RECHECK_MS).unref();
});

/** Those get a short prompt, without skills (agent.md §9). */
function isSubagent(sessionKey: string): boolean {
  return sessionKey.split(":").includes("subagent");
}
