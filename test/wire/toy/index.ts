import { closed, definePlugin, GatewayError, NonEmptyString, OPERATOR_SCOPES, Type } from "openclaw/plugin-sdk";
import type { Call, Emit, MethodScope, PluginGateway } from "openclaw/plugin-sdk";

const Keyed = { idempotencyKey: NonEmptyString };
const Any = Type.Object({}, { additionalProperties: true });

/** One method per scope, one per way a handler can behave, and events on demand. */
export default definePlugin((gateway) => {
  const heard = gateway.event<object>("toy.heard");
  const gates = createGates();
  gateway.hooks.disconnected.tap(({ connId }) => heard({ tag: connId, what: "gone" }));
  addScopes(gateway);
  addAnswers(gateway);
  addWaits(gateway, gates, heard);
  addOnce(gateway, gates, heard);
  addEvents(gateway);
});

function addScopes(gateway: PluginGateway): void {
  const add = (name: string, scope: MethodScope) =>
    gateway.method({
      name,
      scope,
      params: closed({}),
      handle: (_params, { client }) => ({
        role: client.role,
        scopes: [...client.scopes],
        caps: [...client.caps],
        isLocal: client.isLocal,
        deviceId: client.deviceId ?? null,
        knowsSecret: "auth" in client.connect,
      }),
    });
  for (const scope of OPERATOR_SCOPES) add(`toy.${scope.slice("operator.".length)}`, scope);
  add("toy.node", "node");
  // The manifest says operator.read.
  add("toy.disguised", "operator.admin");
}

function addAnswers(gateway: PluginGateway): void {
  // As plugins of the established shape register them: no schema.
  gateway.hooks.method.for("toy.plain").tap({ scope: "operator.read" }, ({ params }) => ({ params }));
  gateway.method({
    name: "toy.echo",
    scope: "operator.read",
    params: closed({
      text: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
      kind: Type.Optional(Type.Union([Type.Literal("a"), Type.Literal("b")])),
      tags: Type.Optional(Type.Array(Type.String(), { maxItems: 5 })),
      more: Type.Optional(Any),
    }),
    handle: (params) => ({ params }),
  });
  gateway.method({
    name: "toy.throw",
    scope: "operator.read",
    params: closed({ as: Type.String(), message: Type.String() }),
    handle: ({ as, message }) => {
      if (as === "TypeError") throw new TypeError(message);
      if (as === "text") throw message;
      throw new GatewayError("UNAVAILABLE", message, {
        details: { code: "BUSY" },
        retryable: true,
        retryAfterMs: 250,
        payload: { status: "error" },
      });
    },
  });
  gateway.method({
    name: "toy.odd",
    scope: "operator.read",
    params: closed({ as: Type.String() }),
    handle: ({ as }): unknown => {
      const loop: Record<string, unknown> = {};
      loop["self"] = loop;
      if (as === "bigint") return { n: 1n };
      if (as === "loop") return loop;
      if (as === "details") throw new GatewayError("INVALID_REQUEST", "no", { details: loop });
      return undefined;
    },
  });
  gateway.method({
    name: "toy.broken",
    scope: "operator.read",
    // A type that does not exist: the schema compiles for nobody.
    params: { ...Any, type: "nonsense" } as unknown as typeof Any,
    handle: () => ({}),
  });
  gateway.method({
    name: "toy.bytes",
    scope: "operator.read",
    params: closed({ count: Type.Integer() }),
    handle: ({ count }) => ({ text: "x".repeat(count) }),
  });
}

function addWaits(gateway: PluginGateway, gates: Gates, heard: Emit<object>): void {
  const untilAborted = async (tag: string, { signal }: Call) => {
    heard({ tag, what: "started" });
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    heard({ tag, what: "aborted", reason: String((signal.reason as Error).message) });
    return { tag };
  };
  const params = closed({ tag: Type.String() });
  gateway.method({
    name: "toy.wait",
    scope: "operator.read",
    params,
    handle: ({ tag }, call) => untilAborted(tag, call),
  });
  gateway.method({
    name: "toy.late",
    scope: "operator.read",
    params,
    timeoutMs: 50,
    // Asks for the signal only after the deadline.
    handle: async ({ tag }, call) => {
      await gates.at(tag);
      heard({ tag, what: call.signal.aborted ? "aborted" : "alive" });
      return { tag };
    },
  });
  gateway.method({
    name: "toy.accept",
    scope: "operator.read",
    params: closed({ tag: Type.String(), times: Type.Optional(Type.Integer()) }),
    timeoutMs: 50,
    handle: async ({ tag, times = 1 }, call) => {
      for (let i = 0; i < times; i++) call.accept({ status: "accepted", tag });
      await gates.at(tag);
      heard({ tag, what: call.signal.aborted ? "aborted" : "alive" });
      return { status: "ok", tag };
    },
  });
  gateway.method({
    name: "toy.release",
    scope: "operator.read",
    params,
    handle: ({ tag }) => ({ released: gates.open(tag) }),
  });
}

function addOnce(gateway: PluginGateway, gates: Gates, heard: Emit<object>): void {
  let effects = 0;
  gateway.method({
    name: "toy.send",
    scope: "operator.write",
    idempotent: true,
    timeoutMs: 0,
    params: closed({
      ...Keyed,
      text: Type.String(),
      hold: Type.Optional(Type.Boolean()),
      fail: Type.Optional(Type.String()),
      more: Type.Optional(Any),
    }),
    handle: async ({ idempotencyKey, hold, fail }, call) => {
      const effect = ++effects;
      heard({ tag: idempotencyKey, what: "effect", effect });
      if (hold) await gates.at(idempotencyKey);
      if (call.signal.aborted) throw new DOMException("called off", "AbortError");
      if (fail === "refused") throw new GatewayError("INVALID_REQUEST", `no such target (${effect})`);
      if (fail === "down") throw new Error(`line is down (${effect})`);
      return { effect };
    },
  });
  gateway.method({
    name: "toy.run",
    scope: "operator.write",
    idempotent: true,
    params: closed({ ...Keyed, beforeAccept: Type.Optional(Type.Boolean()) }),
    handle: async ({ idempotencyKey: runId, beforeAccept }, call) => {
      const effect = ++effects;
      heard({ tag: runId, what: "effect", effect });
      if (beforeAccept) await gates.at(`${runId} accept`);
      call.accept({ runId, status: "accepted" });
      await gates.at(runId);
      return { runId, status: "ok", effect };
    },
  });
  // A schema that forgets the key.
  gateway.method({
    name: "toy.unkeyed",
    scope: "operator.write",
    idempotent: true,
    params: Any,
    handle: () => ({ effect: ++effects }),
  });
}

function addEvents(gateway: PluginGateway): void {
  const emits = new Map<string, Emit<unknown>>([
    ["toy.open", gateway.event("toy.open")],
    ["toy.droppable", gateway.event("toy.droppable", { droppable: true })],
    ...OPERATOR_SCOPES.map((scope) => {
      const name = `toy.${scope.slice("operator.".length)}`;
      return [name, gateway.event(name, { scope })] as const;
    }),
  ]);
  gateway.method({
    name: "toy.emit",
    scope: "operator.read",
    params: closed({
      event: Type.String(),
      payload: Type.Optional(Type.Unknown()),
      bytes: Type.Optional(Type.Integer()),
      times: Type.Optional(Type.Integer()),
      to: Type.Optional(Type.Array(Type.String())),
      stateVersion: Type.Optional(closed({ presence: Type.Integer(), health: Type.Integer() })),
    }),
    handle: ({ event, payload, bytes, times = 1, to, stateVersion }) => {
      const body = bytes === undefined ? payload : { text: "x".repeat(bytes) };
      for (let i = 0; i < times; i++) {
        emits.get(event)?.(body, { ...(to && { to }), ...(stateVersion && { stateVersion }) });
      }
      return { times };
    },
  });
}

interface Gates {
  /** Resolves when `open` is called with the same name. */
  at(name: string): Promise<void>;
  /** How many were waiting. */
  open(name: string): number;
}

function createGates(): Gates {
  const waiting = new Map<string, (() => void)[]>();
  return {
    at: (name) => new Promise((resolve) => waiting.set(name, [...(waiting.get(name) ?? []), resolve])),
    open(name) {
      const resolves = waiting.get(name) ?? [];
      waiting.delete(name);
      for (const resolve of resolves) resolve();
      return resolves.length;
    },
  };
}
