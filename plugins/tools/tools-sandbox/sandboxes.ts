import { realpathSync } from "node:fs";
import { relative, sep } from "node:path";
import { defineCollection, GatewayError, Store } from "openclaw/plugin-sdk";
import type { PluginGateway, StoreApi, ToolSandbox } from "openclaw/plugin-sdk";
import { SANDBOX_WORKSPACE, sandboxRoot, sandboxSettings, workspaceOf } from "openclaw/plugin-sdk/workspace";
import type { SandboxSettings, SandboxSubject } from "openclaw/plugin-sdk/workspace";
import { planContainer } from "./container-plan.ts";
import type { ContainerPlan } from "./container-plan.ts";
import { Containers } from "./containers.ts";
import type { Uses } from "./containers.ts";
import { Docker } from "./docker.ts";
import { folderOf } from "./place.ts";
import type { SandboxFolder } from "./place.ts";
import { prepareRun } from "./run.ts";
import { containerName, gatewayIdOf, scopeKeyOf } from "./scope.ts";

/** When a container was last used, by its name; more often than this nobody writes it down. */
const USED = defineCollection<{ readonly usedAtMs: number; readonly agentId: string }>("sandbox.used");
const USED_EVERY_MS = 60_000;

/** A sandbox as it should be for a session. */
export interface PlannedSandbox {
  readonly settings: SandboxSettings;
  readonly scopeKey: string;
  readonly folder: SandboxFolder;
  readonly plan: ContainerPlan;
}

/** The sandboxes of this gateway. */
export class Sandboxes {
  readonly docker: Docker = new Docker();
  readonly containers: Containers;
  readonly #gateway: PluginGateway;
  readonly #gatewayId: string;
  readonly #store: StoreApi;
  readonly #written = new Map<string, number>();

  constructor(gateway: PluginGateway) {
    this.#gateway = gateway;
    this.#gatewayId = gatewayIdOf(gateway.paths.stateDir);
    this.#store = gateway.use(Store);
    const uses = gateway.keep<Uses>("uses", () => ({ of: new Map(), turns: new Map() }));
    this.containers = new Containers(this.docker, this.#gatewayId, uses);
  }

  /** The sandbox that tools of a session work in. Its container is made when a command is to be run. */
  async of(owner: SandboxSubject): Promise<ToolSandbox> {
    const { plan, folder } = await this.planned(owner);
    const used = (name: string) => this.#used(name, owner.agentId);
    return {
      root: folder.root,
      inside: SANDBOX_WORKSPACE,
      isWritable: folder.isWritable,
      prepare: (run) => prepareRun(run, plan, { docker: this.docker, containers: this.containers, used }),
    };
  }

  /** How the sandbox of a session has to be now. Its folder is there afterwards. */
  async planned(owner: SandboxSubject): Promise<PlannedSandbox> {
    const { settings: config, paths } = this.#gateway;
    const settings = sandboxSettings(config, owner.agentId);
    const scopeKey = scopeKeyOf(settings, owner);
    const workspace = workspaceOf(owner.agentId, { settings: config, stateDir: paths.stateDir });
    const folder = await folderOf(settings, {
      scopeKey,
      workspace,
      workspaceRoot: sandboxRoot(settings.workspaceRoot, paths.stateDir),
    });
    refuseOurs(folder.root, paths.stateDir);
    const name = containerName(this.#gatewayId, scopeKey);
    const about = { name, scopeKey, gatewayId: this.#gatewayId, stateDir: paths.stateDir };
    return { settings, scopeKey, folder, plan: planContainer(settings.docker, folder, about) };
  }

  #used(name: string, agentId: string): void {
    const usedAtMs = Date.now();
    if (usedAtMs - (this.#written.get(name) ?? 0) < USED_EVERY_MS) return;
    this.#written.set(name, usedAtMs);
    this.#store.commit([USED.put(name, { usedAtMs, agentId })]).catch((error: unknown) => {
      this.#gateway.log.warn("the use of a sandbox could not be written down", { err: error });
    });
  }
}

/** A workspace around the state directory would put every secret of the gateway inside. */
function refuseOurs(root: string, stateDir: string): void {
  const way = relative(realpathSync(root), realpathSync(stateDir));
  if (way === ".." || way.startsWith(`..${sep}`)) return;
  throw new GatewayError(
    "UNAVAILABLE",
    `the sandbox cannot be used: its workspace ${root} holds the gateway's own files; set sandbox.workspaceAccess to "none", or another workspace`,
  );
}
