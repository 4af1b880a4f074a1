import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { modelFetch } from "./fetch.ts";

async function serving(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const ASKED = { method: "POST", headers: { "x-key": "1" }, body: "{}" };

test("what was asked arrives, and its answer with status, headers and text", async () => {
  let seen = "";
  await using server = await serving((request, response) => {
    request.setEncoding("utf8").on("data", (part: string) => (seen += part));
    request.once("end", () => {
      seen += ` ${request.method} ${String(request.headers["x-key"])} ${String(request.headers["content-length"])}`;
      response.writeHead(429, "Too Many", { "retry-after": "3" }).end("später");
    });
  });

  const response = await modelFetch(server.url, ASKED);

  assert.equal(await response.text(), "später");
  assert.deepEqual([response.status, response.statusText], [429, "Too Many"]);
  assert.equal(response.headers.get("retry-after"), "3");
  assert.equal(seen, "{} POST 1 2");
});

test("nobody there, and a connection cut before the answer, are what fetch calls them", async () => {
  await using server = await serving((request) => request.socket.destroy());
  const away = await serving(() => undefined);
  await away[Symbol.asyncDispose]();

  const isFailure = (code: string) => (error: unknown) =>
    error instanceof TypeError && error.message === "fetch failed" && (error.cause as { code?: string }).code === code;
  await assert.rejects(modelFetch(away.url, ASKED), isFailure("ECONNREFUSED"));
  await assert.rejects(modelFetch(server.url, ASKED), isFailure("ECONNRESET"));
});

test("an answer that is cut fails where it is read", async () => {
  await using server = await serving((_request, response) => {
    response.write("half");
    setImmediate(() => response.destroy());
  });

  const response = await modelFetch(server.url, ASKED);

  await assert.rejects(response.text(), /^TypeError: terminated/);
});

test("who calls off gets their own reason, before the answer and in the middle of it, and the connection goes", async () => {
  const gone = Promise.withResolvers<void>();
  await using server = await serving((request, response) => {
    if (request.headers["x-key"] === "1") return;
    response.once("close", () => gone.resolve());
    response.write("half");
  });
  const reason = new Error("called off");
  const early = new AbortController();
  const late = new AbortController();

  const silent = modelFetch(server.url, { ...ASKED, signal: early.signal });
  const begun = await modelFetch(server.url, { ...ASKED, headers: {}, signal: late.signal });
  early.abort(reason);
  late.abort(reason);

  await assert.rejects(silent, reason);
  await assert.rejects(begun.text(), reason);
  await gone.promise;
});

test("a reader that stops lets go of the connection, and one that waits is not written to without end", async () => {
  const gone = Promise.withResolvers<void>();
  let written = 0;
  await using server = await serving((_request, response) => {
    response.once("close", () => gone.resolve());
    const more = () => {
      while (!response.destroyed && written < 200 && response.write(Buffer.alloc(1_048_576))) written++;
      written++;
    };
    response.on("drain", more);
    more();
  });

  const { body } = await modelFetch(server.url, ASKED);
  const reader = body?.getReader();
  await reader?.read();
  await reader?.cancel();
  await gone.promise;

  assert.ok(written < 200);
});
