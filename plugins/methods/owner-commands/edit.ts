import { errorText, GatewayError } from "openclaw/plugin-sdk";
import type { ConfigApi, ConfigWriteResult } from "openclaw/plugin-sdk";
import { parsePath, valueAt } from "openclaw/plugin-sdk/config";
import { protectedPath } from "./protected.ts";

/** Values by path; `undefined` takes one away. */
export type Edit = ReadonlyMap<string, unknown>;

export interface EditParts {
  readonly config: ConfigApi;
  /** Who does it, for the audit log. */
  readonly actor: string;
}

/** Writes values by path where a chat may, with the hash of what was seen; says what the change does, or why not. */
export async function change(edit: Edit, { config, actor }: EditParts): Promise<string> {
  const { parsed, hash } = await config.snapshot();
  const refused = refusalOf(edit, parsed, config);
  if (refused !== undefined) return refused;
  const { changed, plan } = await config.write({ set: edit }, { baseHash: hash, actor });
  const paths = [...edit.keys()].join(", ");
  return changed.length === 0 ? `${paths}: nothing to change.` : `Changed ${paths} (${effect(plan)}).`;
}

/** Why a chat, or a model in its turn, may not make this edit of what the file says now. */
export function refusalOf(edit: Edit, parsed: unknown, config: ConfigApi): string | undefined {
  const { uiHints } = config.schema();
  for (const [path, value] of edit) {
    const keys = parsePath(path);
    if (!keys) return `"${path}" is no path; write it as in agents.defaults.model.`;
    const refused = protectedPath(keys, { before: valueAt(parsed, keys), value }, uiHints);
    if (refused !== undefined)
      return `${refused} cannot be changed from a chat; use "openclaw config" on the gateway's machine.`;
  }
  return undefined;
}

/** What a change does to the gateway that runs. */
export function effect({ hot, plugins, restart }: ConfigWriteResult["plan"]): string {
  if (restart.length > 0) return "the gateway restarts for it";
  const names = plugins.filter((id) => id !== "*").map((id) => `plugin ${id} restarts`);
  return [...names, ...(hot.length > 0 ? ["applied at once"] : [])].join(", ") || "no effect on what runs";
}

/** What is wrong, with the first place of the configuration that is. */
export function problemOf(error: unknown): string {
  const { issues } = (error instanceof GatewayError ? error.details : undefined) ?? {};
  const first = Array.isArray(issues) ? (issues[0] as { path?: string; message?: string } | undefined) : undefined;
  const text = error instanceof GatewayError ? error.message : errorText(error);
  return `${text}${first ? ` (${first.path}: ${first.message})` : ""}`;
}
