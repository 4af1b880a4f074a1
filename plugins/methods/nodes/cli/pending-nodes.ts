import { GatewayError } from "openclaw/plugin-sdk";
import type { DevicePairRequest, GatewayClient } from "openclaw/plugin-sdk";
import type { PendingNode } from "./node-rows.ts";

/** Nodes that wait for approval: as devices, the way they come today, and by the explicit pairing. */
export async function pendingNodes(client: GatewayClient): Promise<PendingNode[]> {
  const [explicit, devices] = await Promise.all([
    client.request<{ pending: PendingNode[] }>("node.pair.list", {}),
    ofDevices(client),
  ]);
  return [...explicit.pending, ...devices].toSorted((a, b) => b.ts - a.ts);
}

async function ofDevices(client: GatewayClient): Promise<PendingNode[]> {
  const { pending } = await ifThere(client.request<{ pending: DevicePairRequest[] }>("device.pair.list", {}), {
    pending: [],
  });
  return pending
    .filter(({ role, roles }) => role === "node" || roles?.includes("node"))
    .map(({ deviceId, ...request }) => ({ ...request, nodeId: deviceId }));
}

/** A gateway without the plugin has no devices that wait. */
async function ifThere<T>(answer: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof GatewayError && error.message.startsWith("unknown method")) return otherwise;
    throw error;
  }
}

/** Approve or reject a request, whichever store it is in. */
export async function resolveRequest(
  client: GatewayClient,
  verb: "approve" | "reject",
  requestId: unknown,
): Promise<{ readonly answer: object; readonly nodeId: string }> {
  try {
    const answer = await client.request<{ nodeId?: string; node?: { nodeId: string } }>(`node.pair.${verb}`, {
      requestId,
    });
    return { answer: withoutToken(answer), nodeId: answer.nodeId ?? answer.node?.nodeId ?? "" };
  } catch (error) {
    if (!(error instanceof GatewayError && error.message === "unknown requestId")) throw error;
    const answer = await ifThere(
      client.request<{ deviceId?: string; device?: { deviceId: string } }>(`device.pair.${verb}`, { requestId }),
      undefined,
    );
    if (!answer) throw error;
    return { answer, nodeId: answer.deviceId ?? answer.device?.deviceId ?? "" };
  }
}

/** Secrets are not printed: the node asks for its token itself. */
function withoutToken(answer: { readonly node?: object }): object {
  if (!answer.node) return answer;
  const { token: _secret, ...node } = answer.node as Record<string, unknown>;
  return { ...answer, node };
}
