import { closed, GatewayError, secretEquals, Type } from "openclaw/plugin-sdk";
import type { PluginGateway } from "openclaw/plugin-sdk";
import type { PairRequest, PairStore } from "./pair-store.ts";
import {
  PairApprovedShape,
  PairAskedShape,
  PairListShape,
  PairRejectedShape,
  PairRequestShape,
  PairResolvedShape,
  PairVerifiedShape,
} from "./shape.ts";

const Name = Type.String({ minLength: 1, maxLength: 256 });
const Names = Type.Array(Name, { maxItems: 512 });
const SCOPE = "operator.pairing";

/** `node.pair.*` (protocol.md §9.9). */
export function registerPairMethods(gateway: PluginGateway, pairs: PairStore): void {
  const requested = gateway.event<PairRequest>("node.pair.requested", {
    scope: SCOPE,
    droppable: true,
    payload: PairRequestShape,
  });
  const resolved = gateway.event<object>("node.pair.resolved", {
    scope: SCOPE,
    droppable: true,
    payload: PairResolvedShape,
  });
  const tell = (requestId: string, nodeId: string, decision: "approved" | "rejected") =>
    resolved({ requestId, nodeId, decision, ts: Date.now() });

  gateway.method({
    name: "node.pair.request",
    scope: SCOPE,
    params: closed({
      nodeId: Name,
      displayName: Type.Optional(Name),
      platform: Type.Optional(Name),
      version: Type.Optional(Name),
      coreVersion: Type.Optional(Name),
      uiVersion: Type.Optional(Name),
      deviceFamily: Type.Optional(Name),
      modelIdentifier: Type.Optional(Name),
      caps: Type.Optional(Names),
      commands: Type.Optional(Names),
      remoteIp: Type.Optional(Name),
      silent: Type.Optional(Type.Boolean()),
    }),
    result: PairAskedShape,
    async handle(facts) {
      const { request, created } = await pairs.request(facts);
      if (created) requested(request);
      return { status: "pending", request, created };
    },
  });
  gateway.method({
    name: "node.pair.list",
    scope: SCOPE,
    params: closed({}),
    effect: "read",
    result: PairListShape,
    handle: () => pairs.list(),
  });
  gateway.method({
    name: "node.pair.approve",
    scope: SCOPE,
    params: closed({ requestId: Name }),
    result: PairApprovedShape,
    async handle({ requestId }) {
      const node = await pairs.approve(requestId);
      if (!node) throw unknownRequest();
      tell(requestId, node.nodeId, "approved");
      return { requestId, node };
    },
  });
  gateway.method({
    name: "node.pair.reject",
    scope: SCOPE,
    params: closed({ requestId: Name }),
    result: PairRejectedShape,
    async handle({ requestId }) {
      const request = await pairs.reject(requestId);
      if (!request) throw unknownRequest();
      tell(requestId, request.nodeId, "rejected");
      return { requestId, nodeId: request.nodeId };
    },
  });
  gateway.method({
    name: "node.pair.verify",
    scope: SCOPE,
    effect: "read",
    params: closed({ nodeId: Name, token: Type.String({ minLength: 1, maxLength: 4_096 }) }),
    result: PairVerifiedShape,
    async handle({ nodeId, token }) {
      const node = await pairs.paired(nodeId);
      return node && secretEquals(token, node.token) ? { ok: true, node } : { ok: false };
    },
  });
}

function unknownRequest(): GatewayError {
  return new GatewayError("INVALID_REQUEST", "unknown requestId", { details: { code: "NOT_FOUND" } });
}
