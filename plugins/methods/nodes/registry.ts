import type { Client } from "openclaw/plugin-sdk";

/**
 * Nodes that are connected, by node id. A node may come back before its old socket has closed: the newest connection
 * is the node, and a connection that goes takes only itself away.
 */
export class Registry {
  readonly #connections = new Map<string, Client[]>();

  add(client: Client): void {
    const nodeId = nodeIdOf(client);
    const others = (this.#connections.get(nodeId) ?? []).filter(({ connId }) => connId !== client.connId);
    this.#connections.set(nodeId, [...others, client]);
  }

  /** True when the node has no other connection. */
  remove(client: Client): boolean {
    const nodeId = nodeIdOf(client);
    const others = (this.#connections.get(nodeId) ?? []).filter(({ connId }) => connId !== client.connId);
    if (others.length > 0) this.#connections.set(nodeId, others);
    else this.#connections.delete(nodeId);
    return others.length === 0;
  }

  get(nodeId: string): Client | undefined {
    return this.#connections.get(nodeId)?.at(-1);
  }

  /** One connection of each node. */
  all(): Client[] {
    return [...this.#connections.values()].flatMap((clients) => clients.at(-1) ?? []);
  }
}

/** protocol.md §9.8: the device id, or the client id without a device. */
export function nodeIdOf({ deviceId, connect }: Client): string {
  return deviceId ?? connect.client.id;
}
