import type { Client } from "openclaw/plugin-sdk";

/** Who asks for an approval, or gives one. */
export interface Requester {
  /** The same on every connection of one asker. */
  readonly identity: string;
  isSameAs(other: Requester): boolean;
}

/** A device is known by its key; a client without one only by its connection and by what it says of itself. */
export function clientRequester({ connId, deviceId, connect: { client } }: Client): Requester & { connId: string } {
  const { id, mode, displayName = "" } = client;
  const identity = deviceId === undefined ? `client:${JSON.stringify([id, mode, displayName])}` : `device:${deviceId}`;
  return {
    identity,
    connId,
    isSameAs: (other) => other.identity === identity || ("connId" in other && other.connId === connId),
  };
}

/** A part of the gateway, such as a tool that an agent uses. No client is the same. */
export function ownRequester(): Requester {
  return { identity: "gateway", isSameAs: () => false };
}
