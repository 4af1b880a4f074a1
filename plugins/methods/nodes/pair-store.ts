import { randomBytes, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { GatewayError, writeFileAtomic } from "openclaw/plugin-sdk";

/** protocol.md §6. */
const PENDING_TTL_MS = 300_000;
/** security.md S-10. */
const MAX_PENDING = 100;

/** What a node says of itself when it asks to be paired. */
export interface PairFacts {
  readonly nodeId: string;
  readonly displayName?: string;
  readonly platform?: string;
  readonly version?: string;
  readonly coreVersion?: string;
  readonly uiVersion?: string;
  readonly deviceFamily?: string;
  readonly modelIdentifier?: string;
  readonly caps?: readonly string[];
  readonly commands?: readonly string[];
  readonly remoteIp?: string;
}

export interface PairRequest extends PairFacts {
  readonly requestId: string;
  readonly silent?: boolean;
  /** The node is paired already and wants a new token. */
  readonly isRepair: boolean;
  readonly ts: number;
}

export interface PairedNode extends PairFacts {
  /** 32 hexadecimal characters, in clear: established clients are told it by `node.pair.list` too. */
  readonly token: string;
  readonly createdAtMs: number;
  readonly approvedAtMs: number;
  readonly lastConnectedAtMs?: number;
}

/**
 * The explicit pairing of nodes: `nodes/pending.json` and `nodes/paired.json` of the state directory (state.md §6).
 * It gates no connection. Files are read anew each time, changes follow each other.
 */
export class PairStore {
  readonly #folder: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(stateDir: string) {
    this.#folder = join(stateDir, "nodes");
  }

  async list(): Promise<{ pending: PairRequest[]; paired: PairedNode[] }> {
    const [pending, paired] = [await this.#pending(), await this.#paired()];
    return {
      pending: [...pending.values()].toSorted((a, b) => b.ts - a.ts),
      paired: [...paired.values()].toSorted((a, b) => b.approvedAtMs - a.approvedAtMs),
    };
  }

  async paired(nodeId: string): Promise<PairedNode | undefined> {
    return (await this.#paired()).get(nodeId);
  }

  /** One request at a time per node: a repeat finds the first. */
  request(facts: PairFacts & { readonly silent?: boolean }): Promise<{ request: PairRequest; created: boolean }> {
    return this.#change(async () => {
      const pending = await this.#pending();
      const open = [...pending.values()].find(({ nodeId }) => nodeId === facts.nodeId);
      if (open) return { request: open, created: false };
      if (pending.size >= MAX_PENDING) {
        throw new GatewayError("UNAVAILABLE", `${MAX_PENDING} nodes wait for approval; approve or reject some`, {
          retryable: true,
          retryAfterMs: PENDING_TTL_MS,
        });
      }
      const isRepair = (await this.#paired()).has(facts.nodeId);
      const request = { requestId: randomUUID(), ...facts, isRepair, ts: Date.now() };
      await this.#write("pending.json", pending.set(request.requestId, request));
      return { request, created: true };
    });
  }

  /** The node with its new token, or `undefined` for a request that is not open. */
  approve(requestId: string): Promise<PairedNode | undefined> {
    return this.#change(async () => {
      const pending = await this.#pending();
      const request = pending.get(requestId);
      if (!request) return undefined;
      const paired = await this.#paired();
      const { requestId: _id, silent: _silent, isRepair: _repair, ts: _ts, ...facts } = request;
      const now = Date.now();
      const token = randomBytes(16).toString("hex");
      const createdAtMs = paired.get(facts.nodeId)?.createdAtMs ?? now;
      const node = { ...facts, token, createdAtMs, approvedAtMs: now };
      await this.#write("paired.json", paired.set(node.nodeId, node));
      pending.delete(requestId);
      await this.#write("pending.json", pending);
      return node;
    });
  }

  reject(requestId: string): Promise<PairRequest | undefined> {
    return this.#change(async () => {
      const pending = await this.#pending();
      const request = pending.get(requestId);
      if (!request) return undefined;
      pending.delete(requestId);
      await this.#write("pending.json", pending);
      return request;
    });
  }

  /** False for a node that is not paired here. */
  update(nodeId: string, change: Partial<PairedNode>): Promise<boolean> {
    return this.#change(async () => {
      const paired = await this.#paired();
      const node = paired.get(nodeId);
      if (!node) return false;
      await this.#write("paired.json", paired.set(nodeId, { ...node, ...change }));
      return true;
    });
  }

  async #pending(): Promise<Map<string, PairRequest>> {
    const all = await this.#read<PairRequest>("pending.json");
    const oldest = Date.now() - PENDING_TTL_MS;
    return new Map([...all].filter(([, { ts }]) => ts > oldest));
  }

  #paired(): Promise<Map<string, PairedNode>> {
    return this.#read<PairedNode>("paired.json");
  }

  async #read<T>(name: string): Promise<Map<string, T>> {
    const path = join(this.#folder, name);
    try {
      return new Map(Object.entries(JSON.parse(await readFile(path, "utf8")) as Record<string, T>));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === "ENOENT") return new Map();
      throw new GatewayError("UNAVAILABLE", `cannot read nodes/${name}; mend or remove it`, { cause });
    }
  }

  #write(name: string, records: ReadonlyMap<string, unknown>): Promise<void> {
    const text = JSON.stringify(Object.fromEntries(records), null, 2);
    return writeFileAtomic(join(this.#folder, name), `${text}\n`);
  }

  #change<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
