import { agentOfKey } from "openclaw/plugin-sdk";
import type { Settings } from "openclaw/plugin-sdk";

/** The session whose answer files belong to. */
export interface FilesOf {
  readonly agentId: string;
  readonly sessionKey: string;
}

/** A key that names no agent, such as `global`, belongs to the default one. */
export function filesOf(sessionKey: string, settings: Settings): FilesOf {
  return { agentId: agentOfKey(sessionKey) ?? agentIds(settings)[0] ?? "main", sessionKey };
}

/** Every agent, the default one first. */
export function agentIds(settings: Settings): readonly string[] {
  const agents = settings.get<readonly { readonly id: string; readonly default?: boolean }[]>("agents.list") ?? [];
  const ids = agents.toSorted((a, b) => Number(b.default === true) - Number(a.default === true)).map(({ id }) => id);
  return ids.length > 0 ? ids : ["main"];
}
