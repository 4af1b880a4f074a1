// A server of the Model Context Protocol over standard streams, for the test beside it.
import { createInterface } from "node:readline";

const [, , mode = ""] = process.argv;
const tools = [
  {
    name: "echo",
    description: "Says it again",
    inputSchema: {
      $schema: "http://json-schema.org/draft-07/schema#",
      type: "object",
      required: ["text"],
      properties: { text: { type: "string" } },
    },
  },
  { name: "Odd Name!", description: "no schema" },
  { name: "fail", inputSchema: { type: "object" } },
  { name: "hang", inputSchema: { type: "object" } },
  { name: "die", inputSchema: { type: "object" } },
  { name: "look", inputSchema: { type: "object" } },
];
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const say = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);

process.stdout.write("a line for people\n");
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (method === "initialize") {
    say({ id: 900, method: "ping" });
    say({
      id,
      result: {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: "t", version: "1" },
      },
    });
  } else if (method === "tools/list") {
    const first = params.cursor === undefined;
    say({ id, result: first ? { tools: tools.slice(0, 2), nextCursor: "more" } : { tools: tools.slice(2) } });
  } else if (method === "tools/call") {
    const { name, arguments: args } = params;
    if (name === "echo")
      say({
        id,
        result: {
          content: [
            {
              type: "text",
              text: `${args.text} ${process.env.GREETING ?? ""}${process.env.SECRET_OF_GATEWAY ?? ""}${mode}`,
            },
          ],
        },
      });
    else if (name === "fail") say({ id, error: { code: -32000, message: "it is broken" } });
    else if (name === "look") say({ id, result: { content: [{ type: "image", data: PIXEL, mimeType: "image/png" }] } });
    else if (name === "die") process.exit(3);
    else if (name !== "hang") say({ id, result: { content: [], structuredContent: { odd: true } } });
  }
}
