import { agentHooks } from "./on-agent.ts";
import { gatewayHooks } from "./on-gateway.ts";
import { messageHooks } from "./on-message.ts";
import { toolHooks } from "./on-tool.ts";
import type { Established } from "./established.ts";
import type { EstablishedHooks } from "./hook-contract.ts";

/** Taps our hook of one established name. `order` puts higher priorities first. */
export type ServeHook = (plugin: Established, handler: AnyHandler, order: { readonly stage: number }) => void;

/** The handler of some name; the file that serves the name knows its event. */
export type AnyHandler = (event: never, context: never) => unknown;

const SERVED: ReadonlyMap<string, ServeHook> = new Map(
  Object.entries<ServeHook>({ ...agentHooks, ...messageHooks, ...toolHooks, ...gatewayHooks }),
);

/** `api.on`. Plugins register names of several generations side by side, so an unknown one is a remark, no error. */
export function createOn(plugin: Established): EstablishedHooks {
  const { gateway } = plugin;
  return (name: string, handler: AnyHandler, { priority = 0 }: { readonly priority?: number } = {}) => {
    const serve = SERVED.get(name);
    if (!serve || typeof handler !== "function") {
      return gateway.diagnose(`hook \`${name}\` is not known here; the handler will not run`, `on(${name})`);
    }
    plugin.needsStart("hooks");
    gateway.contributes("hooks", name);
    serve(plugin, handler, { stage: -priority });
  };
}
