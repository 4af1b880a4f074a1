import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { EventStream } from "./event-stream.ts";

/** The answer to one request, and a socket that reads it only when it is told to. */
async function exchange() {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1" });
  socket.pause();
  socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  const [, response] = (await once(server, "request")) as [unknown, ServerResponse];
  return {
    socket,
    response,
    async [Symbol.asyncDispose]() {
      socket.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

test("a reader that does not read is cut off before it costs much", async () => {
  await using open = await exchange();
  const stream = new EventStream(open.response);
  const event = { text: "x".repeat(65_536) };
  let sent = 0;

  while (!open.response.destroyed && sent < 2_000) {
    stream.send(event);
    sent++;
    await new Promise((resolve) => setImmediate(resolve));
  }

  assert.ok(open.response.destroyed);
  stream.send(event);
  stream.done();
});

test("events, their names and the end", async () => {
  await using open = await exchange();
  const stream = new EventStream(open.response);
  let text = "";
  open.socket.setEncoding("utf8").on("data", (part: string) => (text += part));
  open.socket.resume();

  assert.equal(stream.isOpen, false);
  stream.send({ a: "1\n2" });
  stream.send({ b: 2 }, "named");
  stream.done();
  stream.done();
  stream.send({ late: true });
  await once(open.response, "finish");
  while (!text.includes("[DONE]")) await once(open.socket, "data");

  assert.match(text, /data: \{"a":"1\\n2"\}\n\n/);
  assert.match(text, /event: named\ndata: \{"b":2\}\n\n/);
  assert.ok(!text.includes("late"));
});
