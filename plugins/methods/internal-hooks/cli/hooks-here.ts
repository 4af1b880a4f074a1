import { fileURLToPath } from "node:url";
import { CliError } from "openclaw/plugin-sdk";
import type { CliContext } from "openclaw/plugin-sdk";
import { isWanted, whyNot } from "../consent.ts";
import { hookFolders } from "../folders.ts";
import { discoverHooks } from "../hook.ts";

/** Every script that is found here, and whether it runs. None of them is run for it. */
export async function hooksHere({ config, stateDir }: CliContext) {
  // Commands lie one folder deeper than the plugin.
  const bundled = fileURLToPath(new URL("../bundled", import.meta.url));
  const hooks = await discoverHooks(hookFolders(config, stateDir, bundled));
  return hooks.map((hook) => {
    const reason = whyNot(hook, config);
    return {
      ...hook,
      enabled: isWanted(hook, config),
      runs: reason === undefined,
      ...(reason !== undefined && { reason }),
    };
  });
}

export type HookRow = Awaited<ReturnType<typeof hooksHere>>[number];

export async function namedHook(context: CliContext): Promise<HookRow> {
  const name = String(context.args["name"]);
  const hook = (await hooksHere(context)).find((one) => one.name === name);
  if (hook) return hook;
  throw new CliError(`there is no event script "${name}"`, { code: "NOT_FOUND", hint: "openclaw hooks list" });
}

export function stateOf({ runs, enabled, problem }: HookRow): string {
  if (problem !== undefined) return "error";
  if (runs) return "on";
  return enabled ? "changed" : "off";
}
