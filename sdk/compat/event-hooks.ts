import { Sessions } from "../services/sessions.ts";
import type { EventHandler, GatewayEvent, HookOptions } from "./contract.ts";
import type { Established } from "./established.ts";

interface Occurrence {
  readonly type: string;
  readonly action: string;
  readonly sessionKey?: string;
  readonly context?: Readonly<Record<string, unknown>>;
}

type Fire = (occurrence: Occurrence) => void;

/** Events with a counterpart among our hooks, by their general name, and how each is listened to. */
const SOURCES: Readonly<Record<string, { actions: readonly string[]; listen(plugin: Established, fire: Fire): void }>> =
  {
    gateway: {
      actions: ["startup"],
      listen: (plugin, fire) =>
        plugin.onListening(() => {
          const context = { cfg: plugin.config(), workspaceDir: plugin.workspaceDir() };
          fire({ type: "gateway", action: "startup", context });
        }),
    },
    session: {
      actions: ["start"],
      listen: ({ gateway }, fire) =>
        gateway.hooks.of(Sessions).started.tap(({ key, agentId, entry }) =>
          fire({
            type: "session",
            action: "start",
            sessionKey: key,
            context: { sessionEntry: entry, sessionId: entry.sessionId, agentId },
          }),
        ),
    },
  };

/** `api.registerHook`: the older event hooks, switched on by `hooks.internal.enabled`. */
export function createRegisterHook(plugin: Established) {
  const { gateway } = plugin;
  return (events: string | readonly string[], handler: EventHandler, options: HookOptions = {}): void => {
    const name = options.name?.trim() ?? "";
    if (name === "" || typeof handler !== "function") {
      return gateway.diagnose(`registerHook: a hook for ${[events].flat().join(", ")} was skipped; it needs a name`);
    }
    plugin.needsStart("hooks");
    gateway.contributes("eventHooks", name);
    if (options.register === false) return;
    if (gateway.settings.get("hooks.internal.enabled") !== true) {
      gateway.diagnose(`its event hooks do not run; hooks.internal.enabled is not true`);
    }
    for (const event of [events].flat()) listen(event.trim(), name, handler, plugin);
  };
}

function listen(event: string, name: string, handler: EventHandler, plugin: Established): void {
  const { gateway } = plugin;
  const [type = "", action] = event.split(":");
  const source = Object.hasOwn(SOURCES, type) ? SOURCES[type] : undefined;
  if (!source || (action !== undefined && !source.actions.includes(action))) {
    return gateway.diagnose(`hook \`${event}\` is not known here; the handler will not run`, `registerHook(${event})`);
  }
  source.listen(plugin, (occurrence) => {
    if (gateway.settings.get("hooks.internal.enabled") !== true) return;
    plugin.detach(`hook ${name}`, () => handler(eventOf(occurrence)));
  });
}

function eventOf({ type, action, sessionKey = "", context = {} }: Occurrence): GatewayEvent {
  return { type, action, sessionKey, context, timestamp: new Date(), messages: [] };
}
