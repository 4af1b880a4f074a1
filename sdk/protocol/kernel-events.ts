import { Type } from "@sinclair/typebox";
import type { EventOptions } from "../gateway.ts";

const Text = Type.String();
const Ms = Type.Integer({ minimum: 0 });
const Names = Type.Array(Text);

/** Events of the host itself, which no plugin can take (protocol.md §10). */
export const KERNEL_EVENTS = {
  "connect.challenge": { payload: Type.Object({ nonce: Text, ts: Ms }) },
  tick: { droppable: true, payload: Type.Object({ ts: Ms }) },
  /** `restartExpectedMs` is absent on a stop. */
  shutdown: { payload: Type.Object({ reason: Text, restartExpectedMs: Type.Optional(Ms) }) },
  "plugins.changed": {
    scope: "operator.read",
    droppable: true,
    payload: Type.Object({
      plugins: Type.Array(Type.Object({ id: Text, state: Text, reason: Type.Optional(Text) })),
      features: Type.Object({ methods: Names, events: Names }),
    }),
  },
} as const satisfies Readonly<Record<string, EventOptions>>;
