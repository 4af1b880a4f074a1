import { definePlugin, ToolPolicy } from "openclaw/plugin-sdk";
import { isSandboxed } from "openclaw/plugin-sdk/workspace";
import { placeRules } from "./place.ts";
import { allowedTools } from "./policy.ts";
import type { ToolRules } from "./policy.ts";

const MAX_WARNINGS = 100;

type Tools = ToolRules & {
  readonly subagents?: { readonly tools?: ToolRules };
  readonly sandbox?: { readonly tools?: ToolRules };
};

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
      const everyone = settings.get<Tools>("tools") ?? {};
      const agents = settings.get<{ id: string; tools?: Tools }[]>("agents.list") ?? [];
      const agent = agents.find(({ id }) => id === turn.agentId)?.tools ?? {};
      const inSandbox = { ...everyone.sandbox?.tools, ...agent.sandbox?.tools };
      const rules = {
        everyone,
        agent,
        sandbox: isSandboxed(settings, turn) ? inSandbox : undefined,
        place: placeRules(settings, turn.envelope),
        subagents: everyone.subagents?.tools ?? {},
      };
      return allowedTools(turn, tools, rules, warn);
    },
  });
});
