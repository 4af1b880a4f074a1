import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

const STALLED_MS = 30_000;

/**
 * Ends the connection of a peer that reads nothing of its answer for half a minute: what it does not read takes memory,
 * and the connection a descriptor. Waiting for an answer that has not begun is no such thing.
 */
export function cutWhenStalled(response: ServerResponse, afterMs: number = STALLED_MS): void {
  response.setTimeout(afterMs);
  response.on("timeout", (socket: Socket) => {
    if (socket.writableLength > 0) socket.destroy();
  });
}
