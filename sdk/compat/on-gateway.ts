import { Sessions } from "../services/sessions.ts";
import type { HookTypes } from "./hook-contract.ts";
import type { ServeHook } from "./on.ts";

type Handler<N extends keyof HookTypes> = (event: HookTypes[N][0], context: HookTypes[N][1]) => HookTypes[N][2];

/** Hooks of the gateway and of sessions. */
export const gatewayHooks: Readonly<Record<string, ServeHook>> = {
  gateway_start(plugin, given) {
    const handler = given as Handler<"gateway_start">;
    plugin.onListening(({ port }) => plugin.detach("on gateway_start", () => handler({ port }, { port })));
  },

  /** Awaited, so that what the handler writes is written before the end. */
  gateway_stop(plugin, given, order) {
    const handler = given as Handler<"gateway_stop">;
    plugin.gateway.hooks.stopping.tap(order, async ({ reason }) => {
      const port = plugin.listening?.port;
      await handler({ reason }, port === undefined ? {} : { port });
    });
  },

  session_start(plugin, given, order) {
    const handler = given as Handler<"session_start">;
    plugin.gateway.hooks.of(Sessions).started.tap(order, ({ agentId, entry: { sessionId } }) => {
      plugin.detach("on session_start", () => handler({ sessionId }, { agentId, sessionId }));
    });
  },
};
