import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Server as SecureServer } from "node:https";
import type { Duplex } from "node:stream";
import { canonicalAddress, hostAllowed, MAX_FIRST_FRAME_BYTES, peerOf, TICK_INTERVAL_MS } from "openclaw/plugin-sdk";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import type { TlsMaterial } from "../tls/material.ts";
import { Connection } from "./connection.ts";
import type { ConnectionParts } from "./connection.ts";
import { HttpServing, namesCredential } from "./http.ts";
import type { HttpParts } from "./http.ts";

/** Sockets that have not logged in (security.md S-04). */
const WAITING_PER_ADDRESS = 32;
const WAITING_TOTAL = 256;
/** A waiting socket older than this makes room for a newcomer. */
const WAITING_GRACE_MS = 250;
const MAX_CONNECTIONS = 10_000;
const CLOSE_GRACE_MS = 250;
const HTTP = {
  headersTimeout: 5_000,
  // The routes have limits of their own.
  requestTimeout: 0,
  keepAliveTimeout: 5_000,
  // Node looks at the limits above only this often.
  connectionsCheckingInterval: 1_000,
};

const SECURE = { minVersion: "TLSv1.2" } as const;

/** One port for HTTP and WebSocket. */
export class WireServer {
  readonly #http: Server[] = [];
  readonly #sockets: WebSocketServer;
  readonly #connections = new Set<Connection>();
  /** Connections that have not logged in, oldest first. */
  readonly #waiting = new Set<Connection>();
  readonly #parts: ConnectionParts & HttpParts;
  readonly #serving: HttpServing;
  #ticker: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(parts: ConnectionParts & HttpParts) {
    this.#parts = parts;
    this.#serving = new HttpServing(parts);
    this.#sockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      clientTracking: false,
      maxPayload: MAX_FIRST_FRAME_BYTES,
    });
  }

  /** Bind every host on one port; 0 picks a free one for all. The first host must work, others may fail. */
  async listen(
    hosts: readonly string[],
    port: number,
    tls?: TlsMaterial,
  ): Promise<{ host: string; port: number; failed: string[] }> {
    const [first = "127.0.0.1", ...others] = hosts;
    const bound = await this.#bind(first, port, tls);
    const failed: string[] = [];
    for (const host of others) await this.#bind(host, bound, tls).catch(() => failed.push(host));
    this.#ticker = setInterval(() => this.#parts.events.broadcast("tick", { ts: Date.now() }), TICK_INTERVAL_MS);
    return { host: first, port: bound, failed };
  }

  /** Serve connections from now on with another certificate; those that are open stay. */
  renew({ cert, key, ca }: TlsMaterial): void {
    for (const server of this.#http)
      (server as SecureServer).setSecureContext({ ...SECURE, cert, key, ...(ca && { ca }) });
  }

  /** Close every client with the same words, then the port. Sockets that do not answer are cut. */
  async close(code: number, reason: string): Promise<void> {
    clearInterval(this.#ticker);
    this.#closed = true;
    for (const server of this.#http) server.close();
    for (const connection of this.#connections) connection.close(code, reason);
    const deadline = performance.now() + CLOSE_GRACE_MS;
    while (this.#connections.size > 0 && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 5));
    for (const connection of this.#connections) connection.terminate();
    await Promise.all(
      this.#http.map(async (server) => {
        server.closeAllConnections();
        if (server.listening) await new Promise((resolve) => server.once("close", resolve));
      }),
    );
  }

  async #bind(host: string, port: number, tls: TlsMaterial | undefined): Promise<number> {
    const server = await createListener(tls);
    const serve = (request: IncomingMessage, response: ServerResponse) => {
      this.#serving.answer(request, response).catch((error: unknown) => {
        this.#parts.log("warn", `http request failed: ${String(error)}`);
        response.destroy();
      });
    };
    server.on("request", serve);
    // The body is asked for when somebody wants it, not before.
    server.on("checkContinue", serve);
    server.on("upgrade", (request, socket, head) => {
      socket.on("error", () => socket.destroy());
      this.#upgrade(request, socket, head).catch((error: unknown) => {
        this.#parts.log("warn", `upgrade failed: ${String(error)}`);
        socket.destroy();
      });
    });
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host, port, ipv6Only: host.includes(":") }, () => {
        server.off("error", reject);
        // Such as no descriptor left for a connection: that one is lost, the others are not.
        server.on("error", ({ message }) => this.#parts.log("warn", `cannot accept a connection: ${message}`));
        this.#http.push(server);
        resolve((server.address() as { port: number }).port);
      });
    });
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { hooks, rules } = this.#parts;
    const { port, hostNames, trustedProxies, tailscale } = rules();
    if (!hostAllowed(request, { port, names: hostNames, tailscale })) return refuse(socket, "421 Misdirected Request");
    const url = URL.parse(request.url ?? "/", "http://gateway");
    if (!url || namesCredential(url)) return refuse(socket, "400 Bad Request");
    if (request.headers.upgrade?.toLowerCase() !== "websocket")
      return refuse(socket, "426 Upgrade Required", "Upgrade: websocket");
    if (hooks.upgrade.taps.length > 0) {
      const verdict = await hooks.upgrade.promise({ request, socket, head, url });
      if (verdict === "taken") return;
      if (verdict === "refused") return refuse(socket, "503 Service Unavailable");
    }
    const peer = peerOf(request, trustedProxies);
    if (this.#closed || !this.#makeRoom(canonicalAddress(peer.address)))
      return refuse(socket, "503 Service Unavailable");
    this.#sockets.handleUpgrade(request, socket, head, (ws: WebSocket) => {
      const connection = new Connection(ws, request, peer, this.#parts);
      this.#connections.add(connection);
      this.#waiting.add(connection);
      connection.onLogin = () => this.#waiting.delete(connection);
      ws.on("close", () => {
        this.#connections.delete(connection);
        this.#waiting.delete(connection);
      });
    });
  }

  /** Room for one more socket that has not logged in; the oldest idle one gives way. */
  #makeRoom(address: string): boolean {
    if (this.#connections.size >= MAX_CONNECTIONS) return false;
    if (this.#waiting.size < WAITING_PER_ADDRESS) return true;
    const same = [...this.#waiting].filter(({ peer }) => canonicalAddress(peer.address) === address);
    if (same.length < WAITING_PER_ADDRESS && this.#waiting.size < WAITING_TOTAL) return true;
    const [oldest] = same.length >= WAITING_PER_ADDRESS ? same : this.#waiting;
    if (!oldest || performance.now() - oldest.openedAt < WAITING_GRACE_MS) return false;
    // Out of the count at once: its close event comes after the next upgrades.
    this.#waiting.delete(oldest);
    oldest.close(1008, "too many connections without login");
    oldest.terminate();
    return true;
  }
}

/** What speaks plain HTTP on a TLS port is closed without an answer: it fails the TLS handshake. */
async function createListener(tls: TlsMaterial | undefined): Promise<Server> {
  if (!tls) return createServer(HTTP);
  const { createServer: createSecureServer } = await import("node:https");
  const { cert, key, ca } = tls;
  return createSecureServer({
    ...HTTP,
    ...SECURE,
    handshakeTimeout: HTTP.headersTimeout,
    cert,
    key,
    ...(ca && { ca }),
  });
}

/** Nothing else answers a refused upgrade in this mode of ws, or closes its socket when the peer does not. */
function refuse(socket: Duplex, status: string, ...headers: readonly string[]): void {
  socket.once("finish", () => socket.destroy());
  socket.end([`HTTP/1.1 ${status}`, ...headers, "Connection: close", "Content-Length: 0", "", ""].join("\r\n"));
}
