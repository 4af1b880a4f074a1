import { closed, GatewayError, NonEmptyString, Type } from "openclaw/plugin-sdk";
import type { PluginGateway, SessionsApi } from "openclaw/plugin-sdk";
import type { SandboxSubject } from "openclaw/plugin-sdk/workspace";
import type { Sandboxes } from "./sandboxes.ts";
import { explained, listed } from "./view.ts";

const Listed = closed({
  name: Type.String(),
  scopeKey: Type.String(),
  image: Type.String(),
  state: Type.Union([Type.Literal("running"), Type.Literal("stopped")]),
  inUse: Type.Boolean(),
  outdated: Type.Union([Type.Boolean(), Type.Null()]),
  agentId: Type.Union([Type.String(), Type.Null()]),
  createdAtMs: Type.Integer(),
  usedAtMs: Type.Integer(),
});
const Which = { sessionKey: Type.Optional(NonEmptyString), agentId: Type.Optional(NonEmptyString) };

/** `sandbox.list`, `sandbox.recreate` and `sandbox.explain`. */
export function registerMethods(gateway: PluginGateway, sandboxes: Sandboxes, sessions: SessionsApi): void {
  gateway.method({
    name: "sandbox.list",
    scope: "operator.read",
    params: closed({}),
    result: closed({ sandboxes: Type.Array(Listed) }),
    handle: async () => ({ sandboxes: await listed(sandboxes) }),
  });

  gateway.method({
    name: "sandbox.explain",
    scope: "operator.read",
    params: closed(Which),
    result: Type.Object({}, { additionalProperties: true }),
    handle: (params) => explained(subjectOf(params), sandboxes, gateway.settings),
  });

  gateway.method({
    name: "sandbox.recreate",
    scope: "operator.admin",
    params: closed({ ...Which, all: Type.Optional(Type.Boolean()), force: Type.Optional(Type.Boolean()) }),
    result: closed({ removed: Type.Array(Type.String()), inUse: Type.Array(Type.String()) }),
    async handle({ sessionKey, agentId, all = false, force = false }) {
      if ([sessionKey, agentId, all || undefined].filter((one) => one !== undefined).length !== 1)
        throw new GatewayError("INVALID_REQUEST", "say which: give one of sessionKey, agentId and all");
      const found = await listed(sandboxes);
      const wanted =
        sessionKey === undefined ? undefined : (await sandboxes.planned(subjectOf({ sessionKey }))).plan.name;
      const chosen = found.filter(
        (one) => all || one.name === wanted || (agentId !== undefined && one.agentId === agentId),
      );
      const removed: string[] = [];
      const inUse: string[] = [];
      for (const { name } of chosen) {
        const isGone = await sandboxes.containers.remove(name, { unlessUsed: !force });
        (isGone ? removed : inUse).push(name);
      }
      await sandboxes.records.forget(removed);
      return { removed, inUse };
    },
  });

  /** The main session of the agent that is meant, unless another one is. */
  function subjectOf({ sessionKey, agentId }: { sessionKey?: string; agentId?: string }): SandboxSubject {
    const key = sessions.parseKey(sessionKey ?? sessions.mainKey(agentId));
    if (agentId !== undefined && key.agentId !== agentId)
      throw new GatewayError("INVALID_REQUEST", `session "${key.canonical}" is not one of agent "${agentId}"`);
    return { agentId: key.agentId, sessionKey: key.canonical };
  }
}
