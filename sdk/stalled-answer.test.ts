import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { test } from "node:test";
import { cutWhenStalled } from "./stalled-answer.ts";

const LIMIT_MS = 100;
/** More than the buffers of two sockets. */
const LARGE = Buffer.alloc(32 * 1_048_576, "x");

test("who reads nothing of an answer is cut off, who waits for one is not", async () => {
  const server = createServer((request, response) => {
    cutWhenStalled(response, LIMIT_MS);
    if (request.url === "/large") response.end(LARGE);
    else setTimeout(() => response.end("late"), 3 * LIMIT_MS);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;

  const stalled = connect(port, "127.0.0.1").pause();
  stalled.write("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  const [held] = (await once(server, "connection")) as [NodeJS.EventEmitter];
  await once(held, "close");
  const late = await fetch(`http://127.0.0.1:${port}/late`);

  assert.equal(await late.text(), "late");
  stalled.destroy();
  server.closeAllConnections();
  server.close();
});
