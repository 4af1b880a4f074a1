import { realpathSync } from "node:fs";
import { relative, sep } from "node:path";
import { GatewayError, Store } from "openclaw/plugin-sdk";
import type { PluginGateway, ToolSandbox } from "openclaw/plugin-sdk";
import { SANDBOX_WORKSPACE, sandboxRoot, sandboxSettings, workspaceOf } from "openclaw/plugin-sdk/workspace";
import type { SandboxSettings, SandboxSubject } from "openclaw/plugin-sdk/workspace";
import { planContainer } from "./container-plan.ts";
import type { ContainerPlan } from "./container-plan.ts";
import { Containers } from "./containers.ts";
import type { Uses } from "./containers.ts";
import { Docker } from "./docker.ts";
import { folderOf } from "./place.ts";
import type { SandboxFolder } from "./place.ts";
import { Records } from "./records.ts";
import { prepareRun } from "./run.ts";
import { containerName, gatewayIdOf, scopeKeyOf } from "./scope.ts";

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
  readonly records: Records;

  constructor(gateway: PluginGateway) {
    this.#gateway = gateway;
    this.#gatewayId = gatewayIdOf(gateway.paths.stateDir);
    this.records = new Records(gateway.use(Store), gateway.log);
    const uses = gateway.keep<Uses>("uses", () => ({ of: new Map(), turns: new Map() }));
    this.containers = new Containers(this.docker, this.#gatewayId, uses);
  }

  /** The sandbox that tools of a session work in. Its container is made when a command is to be run. */
  async of(owner: SandboxSubject): Promise<ToolSandbox> {
    const { plan, folder } = await this.planned(owner);
    const used = (name: string) => this.records.used(name, owner);
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
    if (folder.isNew && settings.scope === "session")
      await this.records.keepFolder({ folder: folder.root, sessionKey: owner.sessionKey });
    refuseOurs(folder.root, paths.stateDir);
    const name = containerName(this.#gatewayId, scopeKey);
    const about = { name, scopeKey, gatewayId: this.#gatewayId, stateDir: paths.stateDir };
    return { settings, scopeKey, folder, plan: planContainer(settings.docker, folder, about) };
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
