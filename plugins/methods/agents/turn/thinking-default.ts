import type { Settings } from "openclaw/plugin-sdk";

/** The level of an agent whose session has none: `agents.list[].thinkingDefault`, else `agents.defaults.thinkingDefault`. */
export function thinkingDefault(settings: Settings, agentId: string): string | undefined {
  const listed =
    settings.get<readonly { readonly id: string; readonly thinkingDefault?: string }[]>("agents.list") ?? [];
  const own = listed.find(({ id }) => id === agentId)?.thinkingDefault;
  return own ?? settings.get<string>("agents.defaults.thinkingDefault");
}
