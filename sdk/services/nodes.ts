import { AsyncSeriesBailHook, SyncHook, SyncWaterfallHook } from "tapable";
import type { Emit } from "../gateway.ts";
import type { Client } from "../method.ts";
import { defineService } from "../service.ts";

/** A device that serves commands: what `node.list` tells of it (protocol.md §9.8). */
export interface NodeInfo {
  /** The device id, or the client id of a node without one. */
  readonly nodeId: string;
  readonly displayName?: string;
  readonly platform?: string;
  readonly version?: string;
  readonly coreVersion?: string;
  readonly uiVersion?: string;
  readonly deviceFamily?: string;
  readonly modelIdentifier?: string;
  readonly remoteIp?: string;
  /** Of a node that is away: what it had when it was here last. */
  readonly caps: readonly string[];
  /** Those it declares and the configuration allows its platform. */
  readonly commands: readonly string[];
  readonly pathEnv?: string;
  readonly permissions?: Readonly<Record<string, boolean>>;
  readonly connectedAtMs?: number;
  readonly lastConnectedAtMs?: number;
  readonly paired: boolean;
  readonly connected: boolean;
}

export interface NodeInvocation {
  readonly nodeId: string;
  readonly command: string;
  /** JSON. */
  readonly params?: unknown;
  /** Milliseconds to wait for the node; default 30 000. */
  readonly timeoutMs?: number;
  /** Told to the node, which runs one key once. */
  readonly idempotencyKey?: string;
  /** Stop waiting. The node may finish what it began. */
  readonly signal?: AbortSignal;
}

export interface NodeAnswer {
  readonly payload: unknown;
  /** The text the node sent, when it sent text. */
  readonly payloadJSON: string | null;
}

/** Something a node told without being asked. */
export interface NodeEvent {
  readonly nodeId: string;
  readonly connId: string;
  readonly event: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A `system.run` that a client says was approved. */
export interface NodeExec {
  readonly nodeId: string;
  /** The command as it is shown to an approver (`commandText` of `openclaw/plugin-sdk/exec`). */
  readonly command: string;
  /** All parameters of the run, without the client's claim. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly client: Client;
}

export interface NodesApi {
  /** Connected ones first, then by name. */
  list(): Promise<NodeInfo[]>;
  find(nodeId: string): Promise<NodeInfo | undefined>;
  /** Have a node run a command. Throws what `node.invoke` answers: not connected, not allowed, timed out, refused. */
  invoke(invocation: NodeInvocation): Promise<NodeAnswer>;
  /** Connections of nodes that want to follow a session. */
  followers(sessionKey: string): readonly string[];
  /** Names of the programs that enabled skills need. */
  skillBins(): readonly string[];
}

export const Nodes = defineService<NodesApi, ReturnType<typeof createHooks>>("nodes", createHooks);

function createHooks() {
  return {
    /** A node told something, known or not. */
    event: new SyncHook<[NodeEvent]>(["event"], "nodes.event"),
    /** A node came, with new facts about itself. */
    connected: new SyncHook<[NodeInfo]>(["node"], "nodes.connected"),
    /** The last connection of a node went. */
    disconnected: new SyncHook<[string]>(["nodeId"], "nodes.disconnected"),
    /**
     * Has this run been approved by somebody else, exactly as it is? Who knows uses the approval up and says what was
     * decided. Without an answer the client's claim does not reach the node (security.md S-44).
     */
    approval: new AsyncSeriesBailHook<[NodeExec], "allow-once" | "allow-always" | void>(["exec"], "nodes.approval"),
    /** Names of programs that enabled skills need: a node may run them without asking (`skills.bins`). */
    skillBins: new SyncWaterfallHook<[readonly string[]]>(["bins"], "nodes.skillBins"),
  };
}

/**
 * `emit`, and each event of a session once more, without a number, for the nodes that follow the session: some look at
 * that one only (protocol.md §10).
 */
export function emitToFollowers<P extends { readonly sessionKey: string }>(nodes: NodesApi, emit: Emit<P>): Emit<P> {
  return (payload, options) => {
    emit(payload, options);
    if (options?.to) return;
    const to = followersOf(nodes, payload.sessionKey);
    if (to.length > 0) emit(payload, { ...options, to });
  };
}

function followersOf(nodes: NodesApi, sessionKey: string): readonly string[] {
  try {
    return nodes.followers(sessionKey);
  } catch {
    // Without the plugin nobody follows.
    return [];
  }
}
