import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { GatewayApi } from "openclaw/plugin-sdk";

const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5_000,
  maxHeaderSize: 16_384,
  connectionsCheckingInterval: 1_000,
};
const SECURE = { minVersion: "TLSv1.2" } as const;
const MAX_SOCKETS = 1_024;

export interface ListenerParts {
  readonly host: string;
  readonly port: number;
  /** The certificate of the moment: it may be renewed. */
  readonly tls: GatewayApi["tls"];
  readonly serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>;
  readonly failed: (error: unknown) => void;
}

/** The canvas's own port, as `host` of the gateway, with TLS where the gateway has it. */
export async function listen(parts: ListenerParts): Promise<{ readonly port: number; close(): Promise<void> }> {
  const { host, port, tls, serve, upgrade, failed } = parts;
  const server = await createListener(tls);
  server.maxConnections = MAX_SOCKETS;
  server.on("request", (request, response) => {
    serve(request, response).catch((error: unknown) => {
      failed(error);
      response.destroy();
    });
  });
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    upgrade(request, socket, head).catch((error: unknown) => {
      failed(error);
      socket.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen({ host, port, ipv6Only: host.includes(":") }, () => {
      server.off("error", reject).on("error", failed);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function createListener(tls: GatewayApi["tls"]): Promise<Server> {
  let served = tls();
  if (!served) return createServer(LIMITS);
  const { createServer: createSecureServer } = await import("node:https");
  const server = createSecureServer({ ...LIMITS, ...SECURE, ...served });
  // Before the handshake of each connection.
  server.prependListener("connection", () => {
    const now = tls();
    if (now === served || !now) return;
    served = now;
    server.setSecureContext({ ...SECURE, ...now });
  });
  return server;
}
