import { homedir } from "node:os";
import { join } from "node:path";
import type { ListenInfo, PluginGateway } from "../gateway.ts";
import { absolute } from "../paths.ts";
import { Agents } from "../services/agents.ts";
import type { PluginLogger } from "./contract.ts";
import { createLogger } from "./logger.ts";
import { provided } from "./provided.ts";

/** What the parts of this layer know of one activated plugin. */
export interface Established {
  readonly gateway: PluginGateway;
  readonly logger: PluginLogger;
  /** A copy of the whole configuration of this moment; the same object until it changes. */
  config(): Record<string, unknown>;
  /** Workspace of the agent, by default of the default one. */
  workspaceDir(agentId?: string): string;
  resolvePath(input: string): string;
  /** Say that `what` needs the plugin from the start, where its manifest lets it wait for a first use. */
  needsStart(what: string): void;
  /** Runs `fn` when the port is open, at once if it is. */
  onListening(fn: (info: ListenInfo) => void): void;
  readonly listening: ListenInfo | undefined;
  /** Run something nobody waits for; what it throws is logged. */
  detach(what: string, run: () => unknown): void;
}

/** Services start after the channels, which start on the same hook. */
const AFTER_CHANNELS = 100;

export function createEstablished(gateway: PluginGateway): Established {
  const { settings, log } = gateway;
  const waiting: ((info: ListenInfo) => void)[] = [];
  let listening: ListenInfo | undefined;
  let seen: unknown;
  let copy: Record<string, unknown> = {};
  gateway.hooks.listening.tap({ stage: AFTER_CHANNELS }, (info) => {
    listening = info;
    for (const fn of waiting.splice(0)) fn(info);
  });

  return {
    gateway,
    logger: createLogger(log),
    config() {
      const current = settings.get("");
      if (current !== seen) copy = structuredClone((current ?? {}) as Record<string, unknown>);
      seen = current;
      return copy;
    },
    workspaceDir(agentId) {
      const agents = provided(() => gateway.use(Agents).list()) ?? [];
      const agent = agents.find(({ id, isDefault }) => (agentId === undefined ? isDefault : id === agentId));
      const configured = settings.get<string>("agents.defaults.workspace");
      if (agent) return absolute(agent.workspace, homedir());
      return configured === undefined ? join(gateway.paths.stateDir, "workspace") : absolute(configured, homedir());
    },
    resolvePath: (input) => absolute(input.trim(), homedir()),
    needsStart(what) {
      const { activation, contributes } = gateway.manifest;
      if (activation === "startup" || (activation === undefined && contributes === undefined)) return;
      gateway.diagnose(`its ${what} run from its first use on; set activation to "startup" in the manifest`);
    },
    onListening(fn) {
      if (listening) fn(listening);
      else waiting.push(fn);
    },
    get listening() {
      return listening;
    },
    detach(what, run) {
      void (async () => run())().catch((error: unknown) => {
        log.error(`${what} failed: ${error instanceof Error ? error.message : String(error)}`, { err: error });
      });
    },
  };
}
