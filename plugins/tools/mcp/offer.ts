import { createHash } from "node:crypto";
import { wrapUntrusted } from "openclaw/plugin-sdk";
import type { ContentBlock, ToolResult } from "openclaw/plugin-sdk";

/** A tool as its server describes it. */
export interface RemoteTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: object;
}

const MAX_NAME = 64;
const MAX_DESCRIPTION = 2_000;
const MAX_SCHEMA = 50_000;
const MAX_TEXT = 400_000;

/** `mcp_<server>_<tool>`, in letters that every model takes; a long one ends with what tells it apart. */
export function offeredName(server: string, tool: string): string {
  const plain = `mcp_${server}_${tool}`.toLowerCase().replaceAll(/[^a-z0-9_]+/g, "_");
  if (plain.length <= MAX_NAME) return plain;
  const mark = createHash("sha256").update(`${server} ${tool}`).digest("hex").slice(0, 8);
  return `${plain.slice(0, MAX_NAME - mark.length - 1)}_${mark}`;
}

/** What can be used of the answer to `tools/list`. */
export function toolsIn(answer: unknown): RemoteTool[] {
  const { tools } = (answer ?? {}) as { tools?: unknown };
  if (!Array.isArray(tools)) return [];
  return tools.flatMap((given: unknown): RemoteTool[] => {
    const { name, description, inputSchema } = (given ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof name !== "string" || name === "" || name.length > 200) return [];
    return [
      {
        name,
        description: (typeof description === "string" ? description : name).slice(0, MAX_DESCRIPTION),
        parameters: schemaOf(inputSchema),
      },
    ];
  });
}

/** Models want an object at the root, and nothing that only names the dialect of the schema. */
function schemaOf(given: unknown): object {
  const {
    $schema: _dialect,
    $id: _id,
    ...schema
  } = (typeof given === "object" && given !== null ? given : {}) as Readonly<Record<string, unknown>>;
  if (schema["type"] !== "object" || JSON.stringify(schema).length > MAX_SCHEMA)
    return { type: "object", additionalProperties: true };
  return { properties: {}, ...schema };
}

/** The answer to `tools/call`. Its texts are those of others. */
export function resultOf(answer: unknown, server: string): ToolResult {
  const { content, structuredContent, isError } = (answer ?? {}) as Readonly<Record<string, unknown>>;
  const blocks = Array.isArray(content) ? (content as Readonly<Record<string, unknown>>[]) : [];
  const texts = blocks.flatMap((block) => textIn(block));
  if (texts.length === 0 && structuredContent !== undefined) texts.push(JSON.stringify(structuredContent, null, 2));
  const images = blocks.flatMap((block): ContentBlock[] =>
    block["type"] === "image" && typeof block["data"] === "string" && typeof block["mimeType"] === "string"
      ? [{ type: "image", data: block["data"], mimeType: block["mimeType"] }]
      : [],
  );
  const text = texts.join("\n\n").slice(0, MAX_TEXT);
  const words =
    text === "" ? (images.length > 0 ? [] : ["(no answer)"]) : [wrapUntrusted(text, `the MCP server ${server}`)];
  return {
    content: [...words.map((one) => ({ type: "text" as const, text: one })), ...images],
    ...(isError === true && { isError: true }),
  };
}

function textIn(block: Readonly<Record<string, unknown>>): string[] {
  const { type, text, resource, uri } = block;
  if (type === "text" && typeof text === "string") return [text];
  if (type === "resource_link" && typeof uri === "string") return [`[resource ${uri}]`];
  if (type === "audio") return ["[audio, which is not passed on]"];
  if (type !== "resource") return [];
  const { uri: address, text: body } = (resource ?? {}) as { uri?: unknown; text?: unknown };
  return [`[resource ${String(address)}]${typeof body === "string" ? `\n${body}` : ""}`];
}
