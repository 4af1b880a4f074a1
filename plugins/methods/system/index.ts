import { closed, definePlugin, Gateway, Plugins, System, Type } from "openclaw/plugin-sdk";
import { createHealth } from "./health.ts";
import { tailLog } from "./log-tail.ts";
import { createPresence } from "./presence.ts";

export default definePlugin((gateway) => {
  const kernel = gateway.use(Gateway);
  const presence = createPresence(gateway, kernel.state());
  const health = createHealth(gateway, kernel, gateway.use(Plugins));
  const hooks = gateway.provide(System, { health: health.report, healthChanged: health.changed });
  health.hooks = hooks;

  // A client finds itself in its first snapshot (protocol.md §3.3, step 12).
  gateway.hooks.helloOk.tap((hello, client) => {
    presence.connected(client);
    return {
      ...hello,
      snapshot: {
        ...hello.snapshot,
        presence: presence.list(),
        health: health.last ?? {},
        stateVersion: { presence: presence.version, health: health.version },
      },
    };
  });
  gateway.hooks.connected.tap(() => health.changed());
  gateway.hooks.disconnected.tap((client) => presence.disconnected(client));
  presence.changed = () => presence.broadcast(health.version);
  health.stateVersion = () => ({ presence: presence.version, health: health.version });

  gateway.method({
    name: "health",
    scope: "operator.read",
    params: Type.Object({ probe: Type.Optional(Type.Boolean()) }),
    handle: ({ probe = false }) => health.report({ probe }),
  });
  gateway.method({
    name: "status",
    scope: "operator.read",
    params: Type.Object({}),
    handle: () => hooks.status.promise({ channelSummary: [], queuedSystemEvents: [] }),
  });
  gateway.method({
    name: "system-presence",
    scope: "operator.read",
    params: Type.Object({}),
    handle: () => presence.list(),
  });
  // No heartbeat has run: the heartbeat plugin takes this over when there is one.
  gateway.method({ name: "last-heartbeat", scope: "operator.read", params: Type.Object({}), handle: () => null });
  gateway.method({
    name: "logs.tail",
    scope: "operator.read",
    params: closed({
      cursor: Type.Optional(Type.Integer({ minimum: 0 })),
      id: Type.Optional(Type.String({ maxLength: 64 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 5000 })),
      maxBytes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    }),
    handle: (params) => tailLog(kernel.state().logFile, params),
  });
});
