import { closed, Nodes, NonEmptyString, Type } from "openclaw/plugin-sdk";
import type { PluginGateway } from "openclaw/plugin-sdk";
import { ExecApprovals, ExecApprovalsFile } from "openclaw/plugin-sdk/exec";

const NodeId = Type.String({ minLength: 1, maxLength: 256 });
const change = { file: ExecApprovalsFile, baseHash: Type.Optional(NonEmptyString) };
const Snapshot = closed({
  path: Type.String(),
  exists: Type.Boolean(),
  hash: Type.String(),
  file: ExecApprovalsFile,
});
/** A node answers as the gateway does, as far as it keeps such a file. */
const OfNode = Type.Object({
  path: Type.Optional(Type.String()),
  exists: Type.Optional(Type.Boolean()),
  hash: Type.Optional(Type.String()),
  file: Type.Optional(Type.Unknown()),
});

/** protocol.md §9.11: what may run on the gateway's host, and on a node's. The token of the socket is never shown. */
export function registerFileMethods(gateway: PluginGateway): void {
  const approvals = new ExecApprovals(gateway.paths.stateDir);
  const nodes = gateway.use(Nodes);

  gateway.method({
    name: "exec.approvals.get",
    scope: "operator.admin",
    effect: "read",
    params: closed({}),
    result: Snapshot,
    handle: () => approvals.snapshot(),
  });
  gateway.method({
    name: "exec.approvals.set",
    scope: "operator.admin",
    params: closed(change),
    result: Snapshot,
    handle: ({ file, baseHash }) => approvals.write(file, baseHash),
  });
  gateway.method({
    name: "exec.approvals.node.get",
    scope: "operator.admin",
    effect: "read",
    timeoutMs: 0,
    params: closed({ nodeId: NodeId }),
    result: OfNode,
    async handle({ nodeId }, { signal }) {
      const answer = await nodes.invoke({ nodeId, command: "system.execApprovals.get", params: {}, signal });
      return withoutToken(answer.payload);
    },
  });
  gateway.method({
    name: "exec.approvals.node.set",
    scope: "operator.admin",
    timeoutMs: 0,
    params: closed({ nodeId: NodeId, ...change }),
    result: OfNode,
    async handle({ nodeId, ...params }, { signal }) {
      const answer = await nodes.invoke({ nodeId, command: "system.execApprovals.set", params, signal });
      return withoutToken(answer.payload);
    },
  });
}

/** Whatever a node shows of itself, its socket's token stays here. */
function withoutToken(payload: unknown): unknown {
  const { file } = (payload ?? {}) as { file?: { socket?: { token?: unknown } } };
  if (file?.socket?.token === undefined) return payload;
  const { token: _secret, ...socket } = file.socket;
  return { ...(payload as object), file: { ...file, socket } };
}
