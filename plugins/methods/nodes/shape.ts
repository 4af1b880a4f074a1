import { Type } from "openclaw/plugin-sdk";

const Text = Type.String();
const Ms = Type.Integer();
const Names = Type.Array(Text);

/** What may be known of any node (protocol.md §9.8). */
const Facts = {
  nodeId: Text,
  displayName: Type.Optional(Text),
  platform: Type.Optional(Text),
  version: Type.Optional(Text),
  coreVersion: Type.Optional(Text),
  uiVersion: Type.Optional(Text),
  deviceFamily: Type.Optional(Text),
  modelIdentifier: Type.Optional(Text),
  remoteIp: Type.Optional(Text),
};

const Row = {
  ...Facts,
  caps: Names,
  commands: Names,
  pathEnv: Type.Optional(Text),
  permissions: Type.Optional(Type.Record(Text, Type.Boolean())),
  connectedAtMs: Type.Optional(Ms),
  lastConnectedAtMs: Type.Optional(Ms),
  paired: Type.Boolean(),
  connected: Type.Boolean(),
};

export const NodeListShape = Type.Object({ ts: Ms, nodes: Type.Array(Type.Object(Row)) });
export const NodeShape = Type.Object({ ts: Ms, ...Row });
export const RenamedShape = Type.Object({ nodeId: Text, displayName: Text });
export const OkShape = Type.Object({ ok: Type.Literal(true) });
export const BinsShape = Type.Object({ bins: Names });

/** `payload` is the parsed `payloadJSON`, and that in turn is what the node sent as text. */
export const InvokedShape = Type.Object({
  ok: Type.Literal(true),
  nodeId: Text,
  command: Text,
  payload: Type.Optional(Type.Unknown()),
  payloadJSON: Type.Optional(Type.Union([Text, Type.Null()])),
});
/** `ignored`: it came too late, or nobody had asked. */
export const ReceivedShape = Type.Object({ ok: Type.Literal(true), ignored: Type.Optional(Type.Literal(true)) });
export const InvokeRequestShape = Type.Object({
  id: Text,
  nodeId: Text,
  command: Text,
  paramsJSON: Type.Union([Text, Type.Null()]),
  timeoutMs: Type.Optional(Type.Integer()),
  idempotencyKey: Type.Optional(Text),
});

const Lists = { caps: Type.Optional(Names), commands: Type.Optional(Names) };

export const PairRequestShape = Type.Object({
  requestId: Text,
  ...Facts,
  ...Lists,
  silent: Type.Optional(Type.Boolean()),
  isRepair: Type.Boolean(),
  ts: Ms,
});
const PairedShape = Type.Object({
  ...Facts,
  ...Lists,
  token: Text,
  createdAtMs: Ms,
  approvedAtMs: Ms,
  lastConnectedAtMs: Type.Optional(Ms),
});

export const PairAskedShape = Type.Object({
  status: Type.Literal("pending"),
  request: PairRequestShape,
  created: Type.Boolean(),
});
export const PairListShape = Type.Object({ pending: Type.Array(PairRequestShape), paired: Type.Array(PairedShape) });
export const PairApprovedShape = Type.Object({ requestId: Text, node: PairedShape });
export const PairRejectedShape = Type.Object({ requestId: Text, nodeId: Text });
export const PairVerifiedShape = Type.Object({ ok: Type.Boolean(), node: Type.Optional(PairedShape) });
export const PairResolvedShape = Type.Object({ requestId: Text, nodeId: Text, decision: Text, ts: Ms });
