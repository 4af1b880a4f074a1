import type { PluginGateway } from "../gateway.ts";
import { createApi } from "./api.ts";
import type { OpenClawPluginApi } from "./contract.ts";
import { createEstablished } from "./established.ts";
import { attachModules } from "./modules.ts";
import { packageFacts } from "./package-facts.ts";

/** The established way to write a plugin: a function that is handed one object, or an object that has it. */
export type Register = (api: OpenClawPluginApi) => unknown;

/** What is known of a module besides its `register`. */
export interface RegisterModule {
  /** The default export, or the module. */
  readonly exported?: unknown;
  /** The modules it was loaded with, as {@link establishedModules} made them. */
  readonly modules?: Readonly<Record<string, unknown>>;
}

const PROMISE =
  "register returned a promise; this gateway waited for it, others do not: register everything before the first await";

/** Runs `register` once against `gateway`. What it adds goes with the plugin; a throw takes everything back. */
export async function activateRegister(
  register: Register,
  gateway: PluginGateway,
  source: string,
  { exported, modules }: RegisterModule = {},
): Promise<void> {
  const facts = packageFacts(gateway.manifest, source, exported);
  for (const remark of facts.remarks) gateway.diagnose(remark);
  const plugin = createEstablished(gateway);
  const { api, mount, ready } = createApi(plugin, facts, source);
  attachModules(modules, { gateway, mount });
  const returned = register(api);
  if (isPromise(returned)) {
    gateway.diagnose(PROMISE);
    await returned;
  }
  ready();
}

/** The function in any of the established module shapes; `activate` is an older name. */
export function registerOf(exported: unknown): Register | undefined {
  if (typeof exported === "function") return exported as Register;
  const { register, activate } = (exported ?? {}) as { register?: unknown; activate?: unknown };
  const found = register ?? activate;
  return typeof found === "function" ? (found.bind(exported) as Register) : undefined;
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
