import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { test } from "node:test";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { startGatewayProcess } from "./gateway-process.ts";
import { RawHttp } from "./raw-http.ts";

test("S-04 the socket of a refused upgrade is closed, also when its peer does not", async () => {
  await using gateway = await startTestGateway();
  const socket = connect({ port: gateway.port, host: "127.0.0.1", allowHalfOpen: true });
  await once(socket, "connect");
  let answer = "";
  socket.on("data", (chunk: Buffer) => (answer += String(chunk)));
  const ended = once(socket, "end");
  let isCut = false;
  socket.on("error", () => (isCut = true));

  socket.write("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
  await ended;

  assert.match(answer, /^HTTP\/1\.1 421 /);
  await eventually("nobody listens to the rest", () => {
    socket.write("more");
    return isCut;
  });
  socket.destroy();
});

test("an upgrade to anything but WebSocket is told what is spoken here", async () => {
  await using gateway = await startTestGateway();
  const host = `Host: 127.0.0.1:${gateway.port}`;
  await using exchange = new RawHttp(gateway.port);
  exchange.head(
    "GET /health HTTP/1.1",
    host,
    "Connection: Upgrade, HTTP2-Settings",
    "Upgrade: h2c",
    "HTTP2-Settings: AA",
  );

  const { status, head } = await exchange.closed();

  assert.equal(status, 426);
  assert.match(head, /upgrade: websocket/);
});

test("S-04 more connections than the process has descriptors for cost those connections, not the gateway", async () => {
  await using gateway = await startGatewayProcess({ descriptors: 80 });
  const open = () => {
    const socket = connect({ port: gateway.port, host: "127.0.0.1" });
    socket.on("error", () => undefined);
    return socket;
  };
  const sockets: Socket[] = Array.from({ length: 120 }, open);
  await eventually("some are lost", () => sockets.some(({ closed }) => closed));

  for (const socket of sockets) socket.destroy();

  await eventually("it answers again", async () => (await fetch(`http://127.0.0.1:${gateway.port}/none`)).status > 0);
});
