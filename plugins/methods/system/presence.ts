import type { Client, PluginGateway } from "openclaw/plugin-sdk";
import { factsOfClient, keyOfClient, selfFacts } from "./presence-entry.ts";
import type { PresenceEntry, PresenceFacts } from "./presence-entry.ts";

const TTL_MS = 300_000;
const MAX_ENTRIES = 200;
const MAX_LIST = 32;
/** Changes within this time are told together: each broadcast carries the whole list, so a long one waits longer. */
const COALESCE_MS = 100;
const COALESCE_MS_PER_ENTRY = 5;

/** What the generations of the plugin hand on. */
interface Kept {
  readonly entries: Map<string, PresenceEntry>;
  version: number;
}

/** The entry before and after a change. */
export interface PresenceChange {
  readonly key: string;
  readonly before: PresenceEntry | undefined;
  readonly after: PresenceEntry;
}

/** Who is connected or was a moment ago, and the gateway itself. */
export class Presence {
  readonly #gateway: PluginGateway;
  readonly #self: PresenceFacts;
  readonly #kept: Kept;
  readonly #announce: () => void;
  #pending: NodeJS.Timeout | undefined;

  /** `announce` tells everybody the list as it is then. */
  constructor(gateway: PluginGateway, firstVersion: number, announce: () => void) {
    this.#gateway = gateway;
    this.#self = selfFacts(gateway.version);
    this.#announce = announce;
    this.#kept = gateway.keep<Kept>("presence", () => ({ entries: new Map(), version: firstVersion }));
  }

  get version(): number {
    return this.#kept.version;
  }

  /** Newest first. An entry that nobody refreshed for five minutes is gone; the gateway's own never is. */
  list(): PresenceEntry[] {
    const now = Date.now();
    const { entries } = this.#kept;
    for (const [key, { ts }] of entries) if (now - ts > TTL_MS) entries.delete(key);
    return [{ ...this.#self, ts: now }, ...[...entries.values()].toReversed()];
  }

  /** A command line comes and goes with each command and has no entry. */
  client(client: Client, reason: "connect" | "disconnect"): void {
    if (client.connect.client.mode !== "cli") this.put(keyOfClient(client), factsOfClient(client, reason));
  }

  /** Lay `facts` over the entry of `key`. Roles and scopes add up over time. */
  put(name: string, facts: PresenceFacts): PresenceChange {
    const { entries } = this.#kept;
    const key = name.toLowerCase();
    const before = entries.get(key);
    const roles = union(before?.roles, facts.roles);
    const scopes = union(before?.scopes, facts.scopes);
    const after = { ...before, ...facts, ...(roles && { roles }), ...(scopes && { scopes }), ts: Date.now() };
    entries.delete(key);
    entries.set(key, after);
    for (const oldest of entries.keys()) {
      if (entries.size <= MAX_ENTRIES) break;
      entries.delete(oldest);
    }
    this.#kept.version++;
    const waitMs = COALESCE_MS + COALESCE_MS_PER_ENTRY * entries.size;
    this.#pending ??= this.#gateway.setTimeout(() => this.flush(), waitMs);
    return { key, before, after };
  }

  /** Tell what has changed now instead of soon. */
  flush(): void {
    if (this.#pending === undefined) return;
    clearTimeout(this.#pending);
    this.#pending = undefined;
    this.#announce();
  }
}

function union(before: readonly string[] = [], added: readonly string[] = []): readonly string[] | undefined {
  const all = [...new Set([...before, ...added])];
  return all.length > 0 ? all.slice(-MAX_LIST) : undefined;
}
