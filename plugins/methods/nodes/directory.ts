import { compareText } from "openclaw/plugin-sdk";
import type { Client, DevicesApi, NodeInfo, PairedDevice, PluginGateway } from "openclaw/plugin-sdk";
import { factsOf } from "./node-store.ts";
import type { KnownNode, NodeStore } from "./node-store.ts";
import type { PairedNode, PairStore } from "./pair-store.ts";
import { allowedCommands } from "./platform.ts";
import type { NodeRules } from "./platform.ts";
import { nodeIdOf } from "./registry.ts";
import type { Registry } from "./registry.ts";

export interface DirectoryParts {
  readonly gateway: PluginGateway;
  readonly registry: Registry;
  readonly known: NodeStore;
  readonly pairs: PairStore;
  readonly devices: DevicesApi;
}

/** Everything that may be known of one node. */
interface Sources {
  readonly client: Client | undefined;
  readonly seen: KnownNode | undefined;
  readonly pairing: PairedNode | undefined;
  readonly device: PairedDevice | undefined;
}

/** Every node that is connected or paired, told from all that is known of it. */
export class Directory {
  readonly #parts: DirectoryParts;

  constructor(parts: DirectoryParts) {
    this.#parts = parts;
  }

  /** Connected ones first, then by name. */
  async list(): Promise<NodeInfo[]> {
    const { registry, known, devices } = this.#parts;
    const live = new Map(registry.all().map((client) => [nodeIdOf(client), client]));
    const seen = new Map((await known.list()).map((node) => [node.nodeId, node]));
    const paired = new Map((await this.#paired()).map((node) => [node.nodeId, node]));
    const nodeDevices = devices.paired().filter(({ roles }) => roles.includes("node"));
    const trusted = new Map(nodeDevices.map((device) => [device.deviceId, device]));
    return [...new Set([...live.keys(), ...trusted.keys(), ...paired.keys()])]
      .map((nodeId) =>
        this.#row(nodeId, {
          client: live.get(nodeId),
          seen: seen.get(nodeId),
          pairing: paired.get(nodeId),
          device: trusted.get(nodeId),
        }),
      )
      .toSorted(
        (a, b) =>
          Number(b.connected) - Number(a.connected) ||
          compareText(a.displayName ?? a.nodeId, b.displayName ?? b.nodeId) ||
          compareText(a.nodeId, b.nodeId),
      );
  }

  async find(nodeId: string): Promise<NodeInfo | undefined> {
    return (await this.list()).find((node) => node.nodeId === nodeId);
  }

  /** Commands the configuration allows this client now. */
  allowed({ connect }: Client): ReadonlySet<string> {
    return allowedCommands(connect.client, this.#rules());
  }

  #rules(): NodeRules {
    return this.#parts.gateway.settings.get<NodeRules>("gateway.nodes") ?? {};
  }

  /** A file that cannot be read hides no node that is connected. */
  async #paired(): Promise<PairedNode[]> {
    try {
      return (await this.#parts.pairs.list()).paired;
    } catch (error) {
      this.#parts.gateway.diagnose((error as Error).message);
      return [];
    }
  }

  #row(nodeId: string, { client, seen, pairing, device }: Sources): NodeInfo {
    const { token: _secret, createdAtMs: _made, approvedAtMs: _approved, ...asPaired } = pairing ?? {};
    const { name, ...before } = seen ?? {};
    const facts: Partial<KnownNode> & typeof asPaired = {
      ...asPaired,
      ...(device && deviceFacts(device)),
      ...before,
      ...(client && factsOf(client)),
    };
    const { caps = [], commands = [], lastConnectedAtMs, ...rest } = facts;
    const displayName = name ?? pairing?.displayName ?? facts.displayName;
    const allowed = allowedCommands(facts, this.#rules());
    return {
      ...rest,
      nodeId,
      ...(displayName !== undefined && { displayName }),
      caps: caps.toSorted(),
      commands: commands.filter((command) => allowed.has(command)).toSorted(),
      ...(client && { connectedAtMs: client.connectedAtMs }),
      ...(lastConnectedAtMs !== undefined && { lastConnectedAtMs }),
      paired: device !== undefined || pairing !== undefined,
      connected: client !== undefined,
    };
  }
}

function deviceFacts({ displayName, platform, remoteIp }: PairedDevice): Partial<KnownNode> {
  return {
    ...(displayName !== undefined && { displayName }),
    ...(platform !== undefined && { platform }),
    ...(remoteIp !== undefined && { remoteIp }),
  };
}
