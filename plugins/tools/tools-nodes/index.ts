import { join } from "node:path";
import { Agents, definePlugin, GatewayError, jsonResult, Nodes, textResult, wrapUntrusted } from "openclaw/plugin-sdk";
import type { NodeInfo, ToolContext, ToolResult } from "openclaw/plugin-sdk";
import { askedOf, NodesParameters } from "./actions.ts";
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
        const node = await chosen(args.node);
        if (args.action === "describe") return jsonResult(node);
        return ask(node, args, call);
      },
    );

  async function ask(node: NodeInfo, args: NodesParameters, call: ToolContext): Promise<ToolResult> {
    const { agentId, sessionKey, runId, toolCallId, signal } = call;
    const { command, params, timeoutMs } = askedOf(args, { agentId, sessionKey, runId });
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

  async function chosen(wanted: string | undefined): Promise<NodeInfo> {
    const all = await nodes.list();
    const connected = all.filter((one) => one.connected);
    if (wanted === undefined) {
      const [only, ...others] = connected;
      if (only && others.length === 0) return only;
      throw new GatewayError(
        "INVALID_REQUEST",
        only ? `several nodes are connected; name one: ${connected.map(nameOf).join(", ")}` : "no node is connected",
      );
    }
    const text = wanted.toLowerCase();
    const named = all.filter(({ nodeId, displayName }) => nodeId === wanted || displayName?.toLowerCase() === text);
    const begins = text.length < 6 ? [] : all.filter(({ nodeId }) => nodeId.startsWith(text));
    const [found, ...more] = named.length > 0 ? named : begins;
    if (found && more.length === 0) return found;
    throw new GatewayError(
      "INVALID_REQUEST",
      found
        ? `"${wanted}" is several nodes: ${[found, ...more].map(({ nodeId }) => nodeId).join(", ")}`
        : `there is no node "${wanted}"; there are ${all.map(nameOf).join(", ") || "none"}`,
    );
  }
});

function shortOf({ nodeId, displayName, platform, connected, caps, commands }: NodeInfo): object {
  return { nodeId, displayName, platform, connected, caps, commands };
}

function nameOf({ nodeId, displayName }: NodeInfo): string {
  return displayName ?? nodeId;
}
