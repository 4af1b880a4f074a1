import { a2uiText, checkA2ui, GatewayError, oneOf, Type } from "openclaw/plugin-sdk";
import type { Static } from "openclaw/plugin-sdk";
import type { Asked } from "./actions.ts";

const TIMEOUT_MS = 20_000;

export const CanvasParameters = Type.Object({
  action: oneOf(["present", "hide", "navigate", "eval", "snapshot", "a2ui_push", "a2ui_reset"]),
  node: Type.Optional(Type.String({ description: "name, id or the beginning of the id; not needed with one node" })),
  url: Type.Optional(Type.String({ maxLength: 8_192, description: "present, navigate: a web address or a path" })),
  x: Type.Optional(Type.Number()),
  y: Type.Optional(Type.Number()),
  width: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  height: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  javaScript: Type.Optional(Type.String({ maxLength: 65_536 })),
  format: Type.Optional(oneOf(["png", "jpeg"])),
  maxWidth: Type.Optional(Type.Integer({ minimum: 16, maximum: 4_096 })),
  quality: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  jsonl: Type.Optional(Type.String({ maxLength: 262_144, description: "a2ui_push: one A2UI 0.8 message a line" })),
  text: Type.Optional(Type.String({ maxLength: 16_384, description: "a2ui_push: show just this text" })),
  timeoutMs: Type.Optional(Type.Integer({ minimum: 100, maximum: 120_000 })),
});
export type CanvasParameters = Static<typeof CanvasParameters>;

/** What one action asks of a node (agent.md §22). */
export function canvasAsked(args: CanvasParameters): Asked {
  const { action, url, javaScript, jsonl, text, timeoutMs = TIMEOUT_MS } = args;
  const { x, y, width, height } = args;
  const ask = (command: string, params: object = {}): Asked => ({ command, params: { ...params }, timeoutMs });
  switch (action) {
    case "present": {
      const placement = defined({ x, y, width, height });
      return ask("canvas.present", {
        ...defined({ url }),
        ...(Object.keys(placement).length > 0 && { placement }),
      });
    }
    case "hide":
      return ask("canvas.hide");
    case "navigate":
      if (url === undefined) throw refused("navigate needs url");
      return ask("canvas.navigate", { url });
    case "eval":
      if (javaScript === undefined) throw refused("eval needs javaScript");
      return ask("canvas.eval", { javaScript });
    case "snapshot": {
      const { format = "png", maxWidth, quality } = args;
      return ask("canvas.snapshot", { format, ...defined({ maxWidth, quality }) });
    }
    case "a2ui_push":
      if ((jsonl === undefined) === (text === undefined)) throw refused("a2ui_push needs jsonl or text");
      return ask("canvas.a2ui.pushJSONL", { jsonl: jsonl === undefined ? a2uiText(text as string) : checkA2ui(jsonl) });
    case "a2ui_reset":
      return ask("canvas.a2ui.reset");
  }
}

function defined(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function refused(message: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", message);
}
