import type { ModelTool, RunRequest } from "openclaw/plugin-sdk";

/** What a model is offered: the agent's tools, and those of whoever asks, which go before ours of the same name. */
export function withCallersTools(own: readonly ModelTool[], asked: RunRequest | undefined): readonly ModelTool[] {
  const { tools = [], toolChoice = "auto" } = asked ?? {};
  if (tools.length === 0) return own;
  // Who wants a call wants one of their own.
  if (toolChoice !== "auto") return tools;
  return [...own.filter(({ name }) => !isCallers(name, asked)), ...tools];
}

/** Is a tool of this name run by whoever asks? */
export function isCallers(name: string, asked: RunRequest | undefined): boolean {
  return asked?.tools?.some((tool) => tool.name === name) === true;
}
