import { CliError } from "openclaw/plugin-sdk";
import type { CliArgs, CliOption, GatewayClient } from "openclaw/plugin-sdk";
import type { ExecApprovalsFile, ExecApprovalsSnapshot } from "openclaw/plugin-sdk/exec";

/** Which host is meant: by default the gateway's own. */
export const HOST_OPTIONS: Readonly<Record<"node" | "gateway", CliOption>> = {
  node: { type: "string", alias: "n", describe: "id, beginning of the id or name of a node; default: the gateway" },
  gateway: { type: "boolean", describe: "the gateway's own host, which is the default" },
};

/** A node may take as long as the gateway waits for it. */
const NODE_MS = 40_000;
const SHORTEST_PREFIX = 6;

/** The approvals file of one host, over the gateway. */
export interface ApprovalsHost {
  get(): Promise<ExecApprovalsSnapshot>;
  /** Change what is there; refused when somebody else has changed it meanwhile. */
  edit(change: (file: ExecApprovalsFile) => ExecApprovalsFile): Promise<ExecApprovalsSnapshot>;
}

export async function approvalsHost(client: GatewayClient, args: CliArgs): Promise<ApprovalsHost> {
  const node = args["node"] as string | undefined;
  if (node !== undefined && args["gateway"] === true) throw usage("either --node or --gateway, not both");
  const target = node === undefined ? {} : { nodeId: await nodeIdOf(client, node.trim()) };
  const method = node === undefined ? "exec.approvals" : "exec.approvals.node";
  const get = () => client.request<ExecApprovalsSnapshot>(`${method}.get`, target, { timeoutMs: NODE_MS });
  return {
    get,
    async edit(change) {
      const { file, hash } = await get();
      const params = { ...target, file: change(file), baseHash: hash };
      return client.request<ExecApprovalsSnapshot>(`${method}.set`, params, { timeoutMs: NODE_MS });
    },
  };
}

async function nodeIdOf(client: GatewayClient, wanted: string): Promise<string> {
  const { nodes } = await client.request<{ nodes: { nodeId: string; displayName?: string }[] }>("node.list", {});
  const word = wanted.toLowerCase();
  const found =
    nodes.filter(({ nodeId }) => nodeId === wanted).at(0) ??
    only(nodes.filter(({ displayName }) => displayName?.toLowerCase() === word)) ??
    only(nodes.filter(({ nodeId }) => word.length >= SHORTEST_PREFIX && nodeId.toLowerCase().startsWith(word)));
  if (found) return found.nodeId;
  throw new CliError(`there is no single node "${wanted}"`, { code: "NOT_FOUND", hint: "openclaw nodes status" });
}

function only<T>(found: readonly T[]): T | undefined {
  return found.length === 1 ? found[0] : undefined;
}

export function usage(message: string): CliError {
  return new CliError(message, { exitCode: 2, code: "USAGE", hint: "openclaw approvals --help" });
}
