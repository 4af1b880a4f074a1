import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

/** A reverse proxy: whoever comes through it is not of the gateway's own machine. */
export async function startProxy(port: number): Promise<AsyncDisposable & { readonly port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((incoming) => {
    const outgoing = connect(port, "127.0.0.1");
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
    }
    incoming.once("data", (head) => {
      const request = String(head)
        .replace(/^host: .*$/im, `Host: 127.0.0.1:${port}`)
        .replace("\r\n\r\n", "\r\nX-Forwarded-For: 203.0.113.77\r\n\r\n");
      outgoing.write(request);
      incoming.pipe(outgoing);
      outgoing.pipe(incoming);
    });
    incoming.on("close", () => outgoing.destroy());
    outgoing.on("close", () => incoming.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
