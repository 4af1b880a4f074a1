import { join } from "node:path";
import { Agents, definePlugin, GatewayError, jsonResult, Nodes, textResult, wrapUntrusted } from "openclaw/plugin-sdk";
import type { NodeInfo, ToolContext, ToolResult } from "openclaw/plugin-sdk";
import { askedOf, NodesParameters } from "./actions.ts";
import type { Asked } from "./actions.ts";
import { canvasAsked, CanvasParameters } from "./canvas.ts";
import { chooseNode } from "./choose.ts";
import { keepMedia, mediaIn } from "./media.ts";

const PEOPLE: ReadonlySet<string> = new Set(["pending", "approve", "reject"]);

export default definePlugin((gateway) => {
  const nodes = gateway.use(Nodes);
  const folder = join(gateway.paths.stateDir, "media", "nodes");

  gateway.hooks
    .of(Agents)
    .tool.for("nodes")
    .tap(
      {
        label: "Nodes",
        description:
          "Use paired devices: status, describe, notify, run, camera_list, camera_snap, camera_clip, screen_record, location_get, invoke. What a device records is saved to a file; images are shown to you.",
        parameters: NodesParameters,
        timeoutMs: 0,
      },
      async (call) => {
        // The arguments were checked against the schema before the tool is called.
        const args = call.arguments as NodesParameters;
        if (PEOPLE.has(args.action))
          throw new GatewayError(
            "INVALID_REQUEST",
            `letting devices in is for people: "openclaw nodes pending" and "openclaw nodes approve <id>"`,
          );
        if (args.action === "status") return jsonResult({ nodes: (await nodes.list()).map(shortOf) });
        const node = await chooseNode(nodes, args.node);
        if (args.action === "describe") return jsonResult(node);
        return ask(node, askedOf(args, call), call);
      },
    );

  gateway.hooks
    .of(Agents)
    .tool.for("canvas")
    .tap(
      {
        label: "Canvas",
        description:
          "Show something on the screen of a paired device: present a page, hide it, navigate, eval JavaScript in it, snapshot it, or draw A2UI 0.8 with a2ui_push and clear it with a2ui_reset.",
        parameters: CanvasParameters,
        timeoutMs: 0,
      },
      async (call) => {
        const args = call.arguments as CanvasParameters;
        const asked = canvasAsked(args);
        return ask(await chooseNode(nodes, args.node), asked, call);
      },
    );

  async function ask(node: NodeInfo, { command, params, timeoutMs }: Asked, call: ToolContext): Promise<ToolResult> {
    const { runId, toolCallId, signal } = call;
    const { payload } = await nodes.invoke({
      nodeId: node.nodeId,
      command,
      params,
      timeoutMs,
      idempotencyKey: `${runId}:${toolCallId}`,
      signal,
    });
    const media = mediaIn(payload);
    if (media) return { content: await keepMedia(media, folder), details: { nodeId: node.nodeId, command } };
    const text = payload === undefined || payload === null ? "done" : JSON.stringify(payload, null, 2);
    // A device tells what stands on its screen or in its messages: the words of others.
    const shown = text === "done" ? text : wrapUntrusted(text, `node ${node.displayName ?? node.nodeId}`);
    const failed = (payload as { success?: unknown } | null | undefined)?.success === false;
    return { ...textResult(shown, { nodeId: node.nodeId, command }), ...(failed && { isError: true }) };
  }
});

function shortOf({ nodeId, displayName, platform, connected, caps, commands }: NodeInfo): object {
  return { nodeId, displayName, platform, connected, caps, commands };
}
