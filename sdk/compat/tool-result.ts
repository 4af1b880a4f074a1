import type { ToolResult } from "../services/agents.ts";

/** What an established tool returned, as the model can read it. Anything of another shape becomes one text. */
export function toolResult(returned: unknown): ToolResult {
  if (isResult(returned)) return returned;
  const text = textOf(returned);
  return { content: [{ type: "text", text }], ...(typeof returned === "object" && { details: returned }) };
}

function isResult(value: unknown): value is ToolResult {
  return Array.isArray((value as { content?: unknown } | null | undefined)?.content);
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  const { text } = (value ?? {}) as { text?: unknown };
  return typeof text === "string" ? text : (JSON.stringify(value) ?? "");
}
