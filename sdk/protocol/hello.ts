import { Type } from "@sinclair/typebox";
import { StateVersion } from "./frames.ts";

const Text = Type.String();
const Names = Type.Array(Text);
const Count = Type.Integer({ minimum: 0 });
/** What plugins fill in, each as it says elsewhere. */
const Filled = Type.Object({}, { additionalProperties: true });

/**
 * Payload of the answer to `connect` (protocol.md §5). Established apps decode it strictly: what is not optional here is
 * always there, and integers are integers. What is added beside it is nobody's trouble.
 */
export const HelloOkShape = Type.Object({
  type: Type.Literal("hello-ok"),
  protocol: Type.Integer(),
  server: Type.Object({
    version: Text,
    commit: Type.Optional(Text),
    host: Type.Optional(Text),
    connId: Text,
  }),
  features: Type.Object({ methods: Names, events: Names }),
  snapshot: Type.Object({
    presence: Type.Array(Type.Object({ ts: Type.Integer() })),
    health: Filled,
    stateVersion: StateVersion,
    uptimeMs: Count,
    configPath: Type.Optional(Text),
    stateDir: Type.Optional(Text),
    sessionDefaults: Type.Optional(
      Type.Object({
        defaultAgentId: Text,
        mainKey: Text,
        mainSessionKey: Text,
        scope: Type.Optional(Text),
      }),
    ),
  }),
  canvasHostUrl: Type.Optional(Text),
  canvasCapability: Type.Optional(Type.Object({ token: Text, expiresAtMs: Count })),
  auth: Type.Optional(Type.Object({ deviceToken: Text, role: Text, scopes: Names, issuedAtMs: Type.Optional(Count) })),
  policy: Type.Object({ maxPayload: Count, maxBufferedBytes: Count, tickIntervalMs: Count }),
});
