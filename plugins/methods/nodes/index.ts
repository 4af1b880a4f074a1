import {
  closed,
  definePlugin,
  Devices,
  Gateway,
  GatewayError,
  Messaging,
  Nodes,
  Sessions,
  Store,
  SystemEvents,
  Type,
} from "openclaw/plugin-sdk";
import type { Client, HooksOf } from "openclaw/plugin-sdk";
import { registerBrowserRequest } from "./browser-request.ts";
import { Directory } from "./directory.ts";
import { Followers } from "./followers.ts";
import { Invocations } from "./invocations.ts";
import type { InvokeRequest, Waiting } from "./invocations.ts";
import { invoke, registerInvokeMethods } from "./invoke-methods.ts";
import { follow, payloadOf } from "./node-events.ts";
import { NodeStore } from "./node-store.ts";
import { registerPairMethods } from "./pair-methods.ts";
import { PairStore } from "./pair-store.ts";
import { nodeIdOf, Registry } from "./registry.ts";
import { BinsShape, InvokeRequestShape, NodeListShape, NodeShape, OkShape, RenamedShape } from "./shape.ts";

const Name = Type.String({ minLength: 1, maxLength: 256 });

export default definePlugin((gateway) => {
  const kernel = gateway.use(Gateway);
  const known = new NodeStore(gateway.use(Store));
  const pairs = new PairStore(gateway.paths.stateDir);
  const registry = new Registry();
  const directory = new Directory({ gateway, registry, known, pairs, devices: gateway.use(Devices) });
  const ask = gateway.event<InvokeRequest>("node.invoke.request", { payload: InvokeRequestShape });
  const invocations = new Invocations(
    gateway.keep("pending", () => new Map<string, Waiting>()),
    (request, connId) => ask(request, { to: [connId] }),
  );
  const followers = new Followers(gateway.keep("followers", () => new Map<string, Set<string>>()));
  const events = {
    messaging: gateway.use(Messaging),
    sessions: gateway.use(Sessions),
    systemEvents: gateway.use(SystemEvents),
    followers,
  };
  const parts = { gateway, registry, directory, invocations, hooks: (): HooksOf<typeof Nodes> => hooks };
  const skillBins = (): string[] => [...new Set(parts.hooks().skillBins.call([]))].toSorted();
  const hooks = gateway.provide(Nodes, {
    list: () => directory.list(),
    find: (nodeId) => directory.find(nodeId),
    invoke: (invocation) => invoke(invocation, parts),
    followers: (sessionKey) => followers.of(sessionKey),
    skillBins,
  });

  for (const client of kernel.clients()) if (client.role === "node") registry.add(client);
  gateway.hooks.connected.tap((client) => {
    if (client.role !== "node") return;
    registry.add(client);
    void arrived(client).catch((error: unknown) => gateway.log.warn(`node not recorded: ${String(error)}`));
  });
  gateway.hooks.disconnected.tap((client) => {
    if (client.role !== "node") return;
    followers.gone(client.connId);
    invocations.lost(client.connId);
    if (registry.remove(client)) hooks.disconnected.call(nodeIdOf(client));
  });

  /** What the next restart has to know of it. A node that proved no device leaves nothing behind, unless it is paired. */
  async function arrived(client: Client): Promise<void> {
    const nodeId = nodeIdOf(client);
    const isPaired = await pairs.update(nodeId, { lastConnectedAtMs: client.connectedAtMs }).catch(unreadable);
    if (isPaired || client.deviceId !== undefined) await known.remember(client);
    const node = await directory.find(nodeId);
    if (node) hooks.connected.call(node);
  }

  /** A file of the explicit pairing that cannot be read keeps nobody else from being remembered. */
  function unreadable(error: Error): false {
    gateway.diagnose(error.message);
    return false;
  }

  registerPairMethods(gateway, pairs);
  registerInvokeMethods(parts);
  registerBrowserRequest(parts);
  gateway.method({
    name: "node.list",
    scope: "operator.read",
    params: closed({}),
    result: NodeListShape,
    handle: async () => ({ ts: Date.now(), nodes: await directory.list() }),
  });
  gateway.method({
    name: "node.describe",
    scope: "operator.read",
    params: closed({ nodeId: Name }),
    result: NodeShape,
    async handle({ nodeId }) {
      const node = await directory.find(nodeId);
      if (!node) throw unknownNode();
      return { ts: Date.now(), ...node };
    },
  });
  gateway.method({
    name: "node.rename",
    scope: "operator.pairing",
    params: closed({ nodeId: Name, displayName: Name }),
    result: RenamedShape,
    async handle({ nodeId, displayName: given }) {
      const displayName = given.trim();
      if (displayName === "") throw new GatewayError("INVALID_REQUEST", "displayName must not be blank");
      const renamed = [await pairs.update(nodeId, { displayName }), await known.rename(nodeId, displayName)];
      if (!renamed.includes(true)) throw unknownNode();
      return { nodeId, displayName };
    },
  });
  gateway.method({
    name: "node.event",
    scope: "node",
    params: closed({
      event: Name,
      payload: Type.Optional(Type.Unknown()),
      payloadJSON: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    }),
    result: OkShape,
    async handle({ event, payload, payloadJSON }, { client }) {
      const told = { nodeId: nodeIdOf(client), connId: client.connId, event, payload: payloadOf(payload, payloadJSON) };
      hooks.event.call(told);
      await follow(told, client, events);
      return { ok: true };
    },
  });
  gateway.method({
    name: "skills.bins",
    scope: "node",
    effect: "read",
    params: closed({}),
    result: BinsShape,
    handle: () => ({ bins: skillBins() }),
  });
});

function unknownNode(): GatewayError {
  return new GatewayError("INVALID_REQUEST", "unknown nodeId", { details: { code: "NOT_FOUND" } });
}
