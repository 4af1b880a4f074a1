import { realpathSync } from "node:fs";
import { isAbsolute, relative } from "node:path";
import { GatewayError } from "openclaw/plugin-sdk";
import { SANDBOX_WORKSPACE } from "openclaw/plugin-sdk/workspace";
import type { SandboxDocker } from "openclaw/plugin-sdk/workspace";
import type { SandboxFolder } from "./place.ts";
import { digest } from "./scope.ts";

export const LABEL = {
  gateway: "openclaw.gateway",
  scope: "openclaw.scope",
  config: "openclaw.config",
} as const;

/** A container as it should be. */
export interface ContainerPlan {
  readonly name: string;
  readonly scopeKey: string;
  /** The same for the same settings. */
  readonly configHash: string;
  /** Words of `docker create`. */
  readonly create: readonly string[];
  readonly image: string;
  readonly setupCommand: string | undefined;
}

/** How a container has to be made for these settings. Throws for what would open this machine to it. */
export function planContainer(
  docker: SandboxDocker,
  folder: SandboxFolder,
  about: { readonly name: string; readonly scopeKey: string; readonly gatewayId: string; readonly stateDir: string },
): ContainerPlan {
  const mount = [
    "type=bind",
    `source=${folder.root}`,
    `target=${SANDBOX_WORKSPACE}`,
    ...(folder.isWritable ? [] : ["readonly"]),
  ];
  const { network, tmpfs, capDrop, pidsLimit, memory } = docker;
  const words = [
    // What is not on this machine is not fetched behind anybody's back.
    "--pull=never",
    "--init",
    "--hostname=sandbox",
    `--network=${network}`,
    `--user=${folder.user}`,
    "--security-opt=no-new-privileges",
    ...(docker.readOnlyRoot ? ["--read-only"] : []),
    ...tmpfs.map((path) => `--tmpfs=${path}`),
    ...capDrop.map((name) => `--cap-drop=${name}`),
    `--pids-limit=${pidsLimit}`,
    `--memory=${memory}`,
    `--memory-swap=${memory}`,
    ...(docker.cpus === undefined ? [] : [`--cpus=${docker.cpus}`]),
    `--mount=${mount.map(csvField).join(",")}`,
    `--workdir=${SANDBOX_WORKSPACE}`,
    ...docker.binds.map((bind) => `--volume=${checkedBind(bind, about.stateDir)}`),
    ...Object.entries({ HOME: "/tmp", ...docker.env }).map(([name, value]) => `--env=${name}=${value}`),
  ];
  const what = [docker.image, "sleep", "infinity"];
  const configHash = digest(JSON.stringify([words, what, docker.setupCommand]), 16);
  const labels = { [LABEL.gateway]: about.gatewayId, [LABEL.scope]: about.scopeKey, [LABEL.config]: configHash };
  const labelled = Object.entries(labels).map(([name, value]) => `--label=${name}=${value}`);
  return {
    name: about.name,
    scopeKey: about.scopeKey,
    configHash,
    create: ["create", `--name=${about.name}`, ...labelled, ...words, ...what],
    image: docker.image,
    setupCommand: docker.setupCommand,
  };
}

/** `--mount` reads its value as a line of CSV. */
function csvField(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A bind that does not give the container the gateway's own files, its docker or the whole machine. */
function checkedBind(bind: string, stateDir: string): string {
  const [source = "", target = "", mode = "ro"] = bind.split(":");
  const real = realOf(source);
  const isClosed =
    real === "/" ||
    /\/(?:docker|containerd|podman|crio)(?:\/[^/]+)?\.sock$|^\/(?:proc|sys|dev)(?:\/|$)/.test(real) ||
    isInside(realOf(stateDir), real) ||
    isInside(real, realOf(stateDir));
  if (!isClosed && target !== SANDBOX_WORKSPACE) return `${source}:${target}:${mode}`;
  throw new GatewayError(
    "UNAVAILABLE",
    `the sandbox cannot be used: sandbox.docker.binds may not have ${bind}; bind another folder`,
  );
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // Docker would make it; it leads nowhere yet.
    return path;
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (!way.startsWith("..") && !isAbsolute(way));
}
