import { definePlugin, ToolPolicy } from "openclaw/plugin-sdk";
import { placeRules } from "./place.ts";
import { allowedTools } from "./policy.ts";
import type { ToolRules } from "./policy.ts";

const MAX_WARNINGS = 100;

export default definePlugin((gateway) => {
  const { settings } = gateway;
  const told = new Set<string>();
  const warn = (text: string) => {
    if (told.has(text) || told.size >= MAX_WARNINGS) return;
    told.add(text);
    gateway.log.warn(text);
  };

  gateway.provide(ToolPolicy, {
    allowed(turn, tools) {
      const everyone = settings.get<ToolRules & { subagents?: { tools?: ToolRules } }>("tools") ?? {};
      const agents = settings.get<{ id: string; tools?: ToolRules }[]>("agents.list") ?? [];
      const rules = {
        everyone,
        agent: agents.find(({ id }) => id === turn.agentId)?.tools ?? {},
        place: placeRules(settings, turn.envelope),
        subagents: everyone.subagents?.tools ?? {},
      };
      return allowedTools(turn, tools, rules, warn);
    },
  });
});
