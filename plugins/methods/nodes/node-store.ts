import { defineCollection } from "openclaw/plugin-sdk";
import type { Client, StoreApi } from "openclaw/plugin-sdk";
import { nodeIdOf } from "./registry.ts";

/** What a node told of itself when it was here last, and what the operator calls it. */
export interface KnownNode {
  readonly nodeId: string;
  /** Given by the operator; stands before the node's own name. */
  readonly name?: string;
  readonly displayName?: string;
  readonly platform?: string;
  readonly version?: string;
  readonly deviceFamily?: string;
  readonly modelIdentifier?: string;
  readonly remoteIp?: string;
  readonly caps: readonly string[];
  /** As declared, whatever the configuration allows. */
  readonly commands: readonly string[];
  readonly pathEnv?: string;
  readonly permissions?: Readonly<Record<string, boolean>>;
  readonly lastConnectedAtMs: number;
}

const KNOWN = defineCollection<KnownNode>("nodes.known", { indexes: { last: (node) => node.lastConnectedAtMs } });
const MAX_KNOWN = 1_000;

/** Nodes that have been here, for the time when they are away. */
export class NodeStore {
  readonly #store: StoreApi;
  /** One change after the other: each reads what it changes. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(store: StoreApi) {
    this.#store = store;
  }

  list(): Promise<KnownNode[]> {
    return this.#store.list(KNOWN);
  }

  /** Remember what a client says of itself. The oldest acquaintances are forgotten. */
  remember(client: Client): Promise<void> {
    return this.#change(async () => {
      const node = factsOf(client);
      const name = (await this.#store.get(KNOWN, node.nodeId))?.name;
      const surplus = (await this.#store.count(KNOWN)) - MAX_KNOWN;
      const oldest = surplus < 0 ? [] : await this.#store.list(KNOWN, { by: "last", limit: surplus + 1 });
      await this.#store.commit([
        KNOWN.put(node.nodeId, { ...node, ...(name !== undefined && { name }) }),
        ...oldest.filter(({ nodeId }) => nodeId !== node.nodeId).map(({ nodeId }) => KNOWN.remove(nodeId)),
      ]);
    });
  }

  /** False for a node that was never here. */
  rename(nodeId: string, name: string): Promise<boolean> {
    return this.#change(async () => {
      const node = await this.#store.get(KNOWN, nodeId);
      if (node) await this.#store.commit([KNOWN.put(nodeId, { ...node, name })]);
      return node !== undefined;
    });
  }

  #change<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}

/** A connected node in the words of {@link KnownNode}. */
export function factsOf(client: Client): KnownNode {
  const { connect, remoteIp, connectedAtMs } = client;
  const { displayName, platform, version, deviceFamily, modelIdentifier } = connect.client;
  return {
    nodeId: nodeIdOf(client),
    platform,
    version,
    ...(displayName !== undefined && { displayName }),
    ...(deviceFamily !== undefined && { deviceFamily }),
    ...(modelIdentifier !== undefined && { modelIdentifier }),
    ...(remoteIp !== undefined && { remoteIp }),
    caps: unique(connect.caps),
    commands: unique(connect.commands),
    ...(connect.pathEnv !== undefined && { pathEnv: connect.pathEnv }),
    ...(connect.permissions && { permissions: connect.permissions }),
    lastConnectedAtMs: connectedAtMs,
  };
}

function unique(names: readonly string[] = []): string[] {
  return [...new Set(names)].toSorted();
}
