import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { failureOf } from "./failure.ts";
import { Post } from "./post.ts";

const LIMITS = { timeoutMs: 10_000, maxBytes: 1_048_576 };

test("one call after the other goes through one connection", async (context) => {
  const { post, sockets } = await listening(context, async (request, response) => {
    let body = "";
    for await (const part of request.setEncoding("utf8")) body += String(part);
    response.writeHead(201).end(`${request.method} ${request.url} ${request.headers["content-type"]} ${body}`);
  });

  for (const body of ['{"n":"ü"}', '{"n":2}'])
    assert.deepEqual(await post.send(body, LIMITS), { status: 201, text: `POST /rpc application/json ${body}` });
  assert.equal(sockets(), 1);
});

test("a call ends when it is told to, when it takes too long and when the answer is cut off or too large", async (context) => {
  const abort = new AbortController();
  const answers: RequestListener[] = [
    () => abort.abort(),
    () => undefined,
    (_, response) => void response.writeHead(200).write("{", () => response.destroy()),
    (_, response) => void response.writeHead(200).write("x".repeat(2_000)),
  ];
  const { post } = await listening(context, (request, response) => answers.shift()?.(request, response));
  const kindOf = (change: object, signal?: AbortSignal) =>
    post.send("{}", { ...LIMITS, ...change, signal }).then(
      () => "answered",
      (error: unknown) => failureOf(error, signal).kind,
    );

  assert.equal(await kindOf({}, abort.signal), "stopped");
  assert.equal(await kindOf({ timeoutMs: 50 }), "lost");
  assert.equal(await kindOf({}), "lost");
  assert.equal(await kindOf({ maxBytes: 1_000 }), "rejected");
  assert.equal(await kindOf({}, abort.signal), "stopped");
});

test("that nobody listens is told apart from an answer that is missing", async () => {
  const failure = await new Post("http://127.0.0.1:9/rpc")
    .send("{}", LIMITS)
    .catch((error: unknown) => failureOf(error));

  assert.ok(failure instanceof Error);
  assert.equal("kind" in failure && failure.kind, "unreachable");
});

async function listening(context: TestContext, answer: RequestListener) {
  let sockets = 0;
  const server = createServer(answer).on("connection", () => sockets++);
  await once(server.listen(0, "127.0.0.1"), "listening");
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { post: new Post(`http://127.0.0.1:${port}/rpc`), sockets: () => sockets };
}
