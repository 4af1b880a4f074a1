import { createRegisterChannel } from "./channels.ts";
import { createRegisterCommand } from "./commands.ts";
import type { CliRegistrar, OpenClawPluginApi } from "./contract.ts";
import type { Established } from "./established.ts";
import { createRegisterHook } from "./event-hooks.ts";
import { createRegisterGatewayMethod } from "./gateway-methods.ts";
import { createHttp } from "./http-routes.ts";
import { UNSERVED_MEMBERS } from "./known-members.ts";
import { createOn } from "./on.ts";
import type { PackageFacts } from "./package-facts.ts";
import { createDispatch } from "./reply-dispatch.ts";
import { createRuntime } from "./runtime.ts";
import type { Mount } from "./names.ts";
import { createRegisterService } from "./services.ts";
import { createTools } from "./tools.ts";

export interface BuiltApi {
  readonly api: OpenClawPluginApi;
  readonly mount: Mount;
  /** What the plugin adds to the command line. */
  readonly registrars: readonly CliRegistrar[];
  /** To be called when `register` has returned. */
  ready(): void;
}

/** The object that `register` gets. Every member is an own property and works detached. */
export function createApi(plugin: Established, { name, version, description }: PackageFacts, source: string): BuiltApi {
  const { gateway, logger } = plugin;
  const tools = createTools(plugin);
  const http = createHttp(plugin);
  const dispatch = createDispatch(plugin);
  const registrars: CliRegistrar[] = [];

  const served: OpenClawPluginApi = {
    id: gateway.id,
    name,
    version,
    description,
    source,
    config: plugin.config(),
    pluginConfig: structuredClone(gateway.config) as OpenClawPluginApi["pluginConfig"],
    logger,
    runtime: createRuntime(plugin, dispatch),
    registrationMode: "full",
    resolvePath: (input) => plugin.resolvePath(input),
    registerTool: tools.registerTool,
    registerCommand: createRegisterCommand(plugin),
    registerGatewayMethod: createRegisterGatewayMethod(plugin),
    registerHttpRoute: http.registerHttpRoute,
    registerHttpHandler: http.registerHttpHandler,
    registerService: createRegisterService(plugin),
    registerCli(registrar, { commands = [] } = {}) {
      registrars.push(registrar);
      for (const word of commands) gateway.contributes("cli", word);
    },
    registerHook: createRegisterHook(plugin),
    registerChannel: createRegisterChannel(plugin, dispatch),
    on: createOn(plugin),
  };
  return { api: { ...unserved(plugin), ...served }, mount: http.mount, registrars, ready: tools.ready };
}

/** Members of other generations: calling one does nothing but tell the operator. */
function unserved({ gateway }: Established): Record<string, () => void> {
  const say = (name: string) => () => {
    const text = `uses api.${name}, not supported by this gateway; the rest of the plugin runs`;
    gateway.diagnose(text, `api.${name}`);
  };
  return Object.fromEntries(UNSERVED_MEMBERS.map((name) => [name, say(name)]));
}
