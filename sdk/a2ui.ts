import { GatewayError } from "./error.ts";

/** Messages of A2UI 0.8, server to client. Each line of a stream has exactly one. */
const MESSAGES: ReadonlySet<string> = new Set(["beginRendering", "surfaceUpdate", "dataModelUpdate", "deleteSurface"]);
const SURFACE = "main";

/**
 * A2UI as lines of JSON, checked: empty lines fall away, and `INVALID_REQUEST` names the first line that is no message
 * of version 0.8.
 */
export function checkA2ui(jsonl: string): string {
  const lines = jsonl.split(/\r?\n/).map((text, index) => ({ text: text.trim(), number: index + 1 }));
  const messages = lines.filter(({ text }) => text !== "");
  if (messages.length === 0) throw refused("there is no A2UI message; give one JSON object a line");
  for (const { text, number } of messages) {
    const problem = problemOf(text);
    if (problem !== undefined) throw refused(`line ${number}: ${problem}`);
  }
  return messages.map(({ text }) => text).join("\n");
}

/** A surface that shows one text. */
export function a2uiText(text: string): string {
  const components = [{ id: "root", component: { Text: { text: { literalString: text }, usageHint: "body" } } }];
  return [
    { surfaceUpdate: { surfaceId: SURFACE, components } },
    { beginRendering: { surfaceId: SURFACE, root: "root" } },
  ]
    .map((message) => JSON.stringify(message))
    .join("\n");
}

function problemOf(text: string): string | undefined {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch (error) {
    return `not JSON: ${(error as Error).message}`;
  }
  const keys = typeof message === "object" && message !== null ? Object.keys(message) : [];
  if (keys.includes("createSurface"))
    return "createSurface is A2UI 0.9; this is 0.8: surfaceUpdate, then beginRendering";
  const [key, ...others] = keys;
  if (key !== undefined && others.length === 0 && MESSAGES.has(key)) return undefined;
  return `needs exactly one of ${[...MESSAGES].join(", ")}`;
}

function refused(message: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", message);
}
