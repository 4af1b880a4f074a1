import { imageType, textResult, Type } from "openclaw/plugin-sdk";
import type { Static, ToolResult } from "openclaw/plugin-sdk";
import { openFile } from "./file.ts";
import { readLines } from "./lines.ts";

const MAX_LINES = 2_000;
const MAX_BYTES = 50 * 1024;
/** Scaled to what models take on its way to them. */
const MAX_IMAGE_BYTES = 20_000_000;
const HEAD_BYTES = 8_192;

export const ReadParameters = Type.Object({
  path: Type.String({ description: "file, relative to the workspace or absolute" }),
  offset: Type.Optional(Type.Integer({ minimum: 1, description: "first line, from 1" })),
  limit: Type.Optional(Type.Integer({ minimum: 1, description: `lines, at most ${MAX_LINES}` })),
});

/** A window of a text file with a hint how to go on, or an image as the model sees it. */
export async function readFor(
  { path: name, offset = 1, limit = MAX_LINES }: Static<typeof ReadParameters>,
  path: string,
  signal: AbortSignal,
): Promise<ToolResult> {
  const file = await openFile(path, name);
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(Math.min(HEAD_BYTES, size));
    await file.read(head, 0, head.length, 0);
    const mimeType = imageType(head);
    if (mimeType !== undefined) {
      if (size > MAX_IMAGE_BYTES) return textResult(`${name} is an image of ${size} bytes, too large to be shown`);
      const data = (await file.readFile()).toString("base64");
      return {
        content: [
          { type: "text", text: `${name} (${mimeType})` },
          { type: "image", data, mimeType },
        ],
      };
    }
    if (head.includes(0)) return textResult(`${name} is a binary file of ${size} bytes`);
    const window = await readLines(file, {
      offset,
      lines: Math.min(limit, MAX_LINES),
      bytes: MAX_BYTES,
      signal,
    });
    if (window.last === 0) {
      return textResult(size === 0 ? `${name} is empty` : `${name} has no line ${offset}`);
    }
    const notes = [
      ...(window.cut ? ["[the rest of this line was left out]"] : []),
      ...(window.hasMore ? [`[lines ${window.first} to ${window.last}; go on with offset ${window.last + 1}]`] : []),
    ];
    return textResult([window.text, ...notes].join("\n"), { firstLine: window.first, lastLine: window.last });
  } finally {
    await file.close();
  }
}
