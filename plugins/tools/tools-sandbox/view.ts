import { GatewayError } from "openclaw/plugin-sdk";
import type { Settings } from "openclaw/plugin-sdk";
import { isSandboxed, SANDBOX_WORKSPACE, sandboxSettings } from "openclaw/plugin-sdk/workspace";
import type { SandboxSubject } from "openclaw/plugin-sdk/workspace";
import type { Container } from "./containers.ts";
import type { UsedContainer } from "./records.ts";
import type { Sandboxes } from "./sandboxes.ts";

/** A container for people and clients. */
export interface ListedSandbox {
  readonly name: string;
  readonly scopeKey: string;
  readonly image: string;
  readonly state: "running" | "stopped";
  /** A command runs in it. */
  readonly inUse: boolean;
  /** It was made with other settings than those of now; `null` when nobody can tell. */
  readonly outdated: boolean | null;
  readonly agentId: string | null;
  readonly createdAtMs: number;
  readonly usedAtMs: number;
}

/** Every container of this gateway, the one used last first. */
export async function listed(sandboxes: Sandboxes): Promise<ListedSandbox[]> {
  const { containers, records } = sandboxes;
  const [found, uses] = await Promise.all([containers.list(), records.uses()]);
  const rows = await Promise.all(
    found.map(async (container): Promise<ListedSandbox> => {
      const { name, scopeKey, image, isRunning, createdAtMs } = container;
      const use = uses.get(name);
      return {
        name,
        scopeKey,
        image,
        state: isRunning ? "running" : "stopped",
        inUse: containers.isUsed(name),
        outdated: await isOutdated(container, use, sandboxes),
        agentId: use?.agentId ?? null,
        createdAtMs,
        usedAtMs: use?.usedAtMs ?? createdAtMs,
      };
    }),
  );
  return rows.toSorted((a, b) => b.usedAtMs - a.usedAtMs);
}

async function isOutdated(
  { name, configHash }: Container,
  use: UsedContainer | undefined,
  sandboxes: Sandboxes,
): Promise<boolean | null> {
  if (!use) return null;
  try {
    const { plan } = await sandboxes.planned(use);
    return plan.name !== name || plan.configHash !== configHash;
  } catch (error) {
    // Settings that cannot be had are not those it was made with.
    if (error instanceof GatewayError) return true;
    throw error;
  }
}

/** Where tools of a session work, and by which settings. */
export async function explained(owner: SandboxSubject, sandboxes: Sandboxes, settings: Settings): Promise<object> {
  const { mode, scope, workspaceAccess, docker, prune, sessionToolsVisibility } = sandboxSettings(
    settings,
    owner.agentId,
  );
  const common = { ...owner, sandboxed: isSandboxed(settings, owner), mode, scope, workspaceAccess };
  if (!common.sandboxed) return common;
  const { agentId } = owner;
  const tools = settings.get<object>("tools.sandbox.tools") ?? {};
  const agents = settings.get<{ id: string; tools?: { sandbox?: { tools?: object } } }[]>("agents.list") ?? [];
  const own = agents.find(({ id }) => id === agentId)?.tools?.sandbox?.tools;
  const rules = { docker: { ...docker, env: Object.keys(docker.env) }, prune, sessionToolsVisibility };
  const facts = { ...common, ...rules, tools: { ...tools, ...own } };
  try {
    const { folder, plan, scopeKey } = await sandboxes.planned(owner);
    const place = { scopeKey, container: plan.name, folder: folder.root, inside: SANDBOX_WORKSPACE, user: folder.user };
    const found = await sandboxes.containers.find(plan.name);
    const state = found === undefined ? "missing" : found.isRunning ? "running" : "stopped";
    return { ...facts, ...place, state, outdated: found !== undefined && found.configHash !== plan.configHash };
  } catch (error) {
    // That it cannot be had is what somebody may want to have explained.
    if (error instanceof GatewayError) return { ...facts, problem: error.message };
    throw error;
  }
}
