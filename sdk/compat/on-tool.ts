import { Agents } from "../services/agents.ts";
import type { ToolContext } from "../services/agents.ts";
import type { HookTypes, ToolHookContext } from "./hook-contract.ts";
import type { ServeHook } from "./on.ts";

type Handler<N extends keyof HookTypes> = (event: HookTypes[N][0], context: HookTypes[N][1]) => HookTypes[N][2];

/** Hooks around one tool call. */
export const toolHooks: Readonly<Record<string, ServeHook>> = {
  before_tool_call(plugin, given, order) {
    const handler = given as Handler<"before_tool_call">;
    plugin.gateway.hooks.of(Agents).beforeTool.tap(order, async (call) => {
      const result = await handler({ toolName: call.name, params: call.arguments }, contextOf(call));
      if (result?.block === true) return { block: result.blockReason ?? "blocked by a plugin" };
      // In place: an answer would end the round, and handlers after this one could not block any more.
      if (result?.params) Object.assign(call.arguments, result.params);
      return undefined;
    });
  },

  after_tool_call(plugin, given, order) {
    const handler = given as Handler<"after_tool_call">;
    plugin.gateway.hooks.of(Agents).afterTool.tap(order, (call, result, durationMs) => {
      const [first] = result.content;
      const error = result.isError ? (first?.type === "text" ? first.text : "the tool failed") : undefined;
      const event = {
        toolName: call.name,
        params: call.arguments,
        result,
        durationMs,
        ...(error !== undefined && { error }),
      };
      plugin.detach("on after_tool_call", () => handler(event, contextOf(call)));
    });
  },
};

function contextOf({ agentId, sessionKey, name }: ToolContext): ToolHookContext {
  return { agentId, sessionKey, toolName: name };
}
