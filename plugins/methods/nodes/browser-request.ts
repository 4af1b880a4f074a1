import { randomUUID } from "node:crypto";
import { GatewayError, Type } from "openclaw/plugin-sdk";
import type { NodeInfo } from "openclaw/plugin-sdk";
import { invoke } from "./invoke-methods.ts";
import type { InvokeParts } from "./invoke-methods.ts";

const COMMAND = "browser.proxy";
const METHODS: ReadonlySet<unknown> = new Set(["GET", "POST", "DELETE"]);

/** `gateway.nodes.browser` of the configuration. */
interface BrowserRules {
  /** `auto` takes the node that is named, else any that offers its browser; `manual` the named one only. */
  readonly mode?: "auto" | "manual" | "off";
  /** Id or name of a node. */
  readonly node?: string;
}

/** `browser.request`: a request for the browser control of a node, and what that answers (protocol.md §9.12). */
export function registerBrowserRequest(parts: InvokeParts): void {
  parts.gateway.method({
    name: "browser.request",
    scope: "operator.write",
    // The node has its own time to answer.
    timeoutMs: 0,
    // Established clients add what their browser control knows, and look for the words below.
    params: Type.Object({}, { additionalProperties: true }),
    result: Type.Unknown(),
    async handle(params, { signal }) {
      const { method: named, path, query, body, timeoutMs } = params as Record<string, unknown>;
      const method = typeof named === "string" ? named.trim().toUpperCase() : "";
      if (method === "" || typeof path !== "string" || path.trim() === "")
        throw refused("method and path are required");
      if (!METHODS.has(method)) throw refused("method must be GET, POST, or DELETE");
      const node = chosen(await parts.directory.list(), parts);
      if (!node) {
        throw new GatewayError("UNAVAILABLE", "browser control is disabled", { details: { code: "NO_BROWSER" } });
      }
      const ms = typeof timeoutMs === "number" && timeoutMs >= 1 ? Math.floor(timeoutMs) : undefined;
      const { payload } = await invoke(
        {
          nodeId: node.nodeId,
          command: COMMAND,
          params: { method, path: path.trim(), query, body, timeoutMs: ms },
          ...(ms !== undefined && { timeoutMs: ms }),
          idempotencyKey: randomUUID(),
          signal,
        },
        parts,
      );
      return resultOf(payload);
    },
  });
}

function chosen(nodes: readonly NodeInfo[], { gateway }: InvokeParts): NodeInfo | undefined {
  const { mode = "auto", node } = gateway.settings.get<BrowserRules>("gateway.nodes.browser") ?? {};
  if (mode === "off") return undefined;
  const able = nodes.filter(({ connected, commands }) => connected && commands.includes(COMMAND));
  if (node === undefined) return mode === "auto" ? able[0] : undefined;
  return able.find(({ nodeId, displayName }) => nodeId === node || displayName === node);
}

/** A node's proxy wraps what the browser control said, to send files beside it. */
function resultOf(payload: unknown): unknown {
  const isWrapped = typeof payload === "object" && payload !== null && Object.hasOwn(payload, "result");
  return isWrapped ? (payload as { readonly result: unknown }).result : payload;
}

function refused(message: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", message);
}
