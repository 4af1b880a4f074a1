import assert from "node:assert/strict";
import { once } from "node:events";
import { mock, test } from "node:test";
import { ConnectionError, GatewayClient, GatewayError } from "openclaw/plugin-sdk";
import type { ClientOptions, EventFrame, HelloOk } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import { startToyGateway } from "./toy-gateway.ts";

const CLIENT = { id: "test", version: "1", platform: "test", mode: "test" } as const;
const HELLO = {
  type: "hello-ok",
  protocol: 3,
  server: { version: "1", connId: "c" },
  features: { methods: [], events: [] },
  snapshot: { presence: [], health: {}, stateVersion: { presence: 0, health: 0 }, uptimeMs: 0 },
  policy: { maxPayload: 1, maxBufferedBytes: 1, tickIntervalMs: 30_000 },
} satisfies HelloOk;

interface Server extends AsyncDisposable {
  readonly url: string;
  /** Sockets in the order they came. */
  readonly sockets: WebSocket[];
  /** Requests after the login. */
  readonly requests: { id: string; method: string }[];
  send(frame: object): void;
}

/** A server that lets everybody in and does only what the test says. */
async function startServer(
  answer: (id: string) => object = (id) => ({ type: "res", id, ok: true, payload: HELLO }),
): Promise<Server> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const sockets: WebSocket[] = [];
  const requests: { id: string; method: string }[] = [];
  server.on("connection", (socket) => {
    sockets.push(socket);
    socket.on("message", (data) => {
      const frame = JSON.parse(String(data)) as { id: string; method: string };
      if (frame.method === "connect") socket.send(JSON.stringify(answer(frame.id)));
      else requests.push(frame);
    });
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as { port: number }).port}`,
    sockets,
    requests,
    send: (frame) => sockets.at(-1)?.send(JSON.stringify(frame)),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A client that is closed with the test. */
function clientOf(url: string, options: Partial<ClientOptions> = {}): GatewayClient & AsyncDisposable {
  const client = new GatewayClient({ url, client: CLIENT, token: "t", ...options });
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}

/** What a promise is rejected with. */
async function rejection<E extends Error>(promise: Promise<unknown>): Promise<E> {
  return promise.then(
    () => assert.fail("was fulfilled"),
    (error: unknown) => error as E,
  );
}

test("a hole in the numbers is told once, with where it is", async () => {
  await using server = await startServer();
  await using client = clientOf(server.url);
  await client.connect();
  const gaps: object[] = [];
  const events: EventFrame[] = [];
  client.on("gap", (gap) => gaps.push(gap));
  client.on("event", (event) => events.push(event));

  for (const seq of [7, 8, undefined, 11, 12]) server.send({ type: "event", event: "x", ...(seq && { seq }) });

  await eventually("five events", () => events.length === 5);
  assert.deepEqual(gaps, [{ expected: 9, received: 11 }]);
});

test("a new connection begins without a gap", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using client = clientOf(gateway.url, { token: gateway.token });
  const gaps: object[] = [];
  client.on("gap", (gap) => gaps.push(gap));
  const other = await gateway.client();
  for (let i = 0; i < 5; i++) await other.request("toy.emit", { event: "toy.open" });

  await client.connect();
  const seen = once(client, "event");
  await other.request("toy.emit", { event: "toy.open" });
  await seen;

  assert.deepEqual(gaps, []);
});

test("a refusal carries the error, the close code and the reason", async () => {
  await using gateway = await startToyGateway();
  await using client = clientOf(gateway.url, { token: "wrong" });
  const text = "unauthorized: gateway token mismatch (provide gateway auth token)";

  const error = await rejection<ConnectionError>(client.connect());

  assert.ok(error instanceof ConnectionError);
  assert.deepEqual([error.message, error.closeCode, error.closeReason], [text, 1008, text]);
  const details = { code: "AUTH_FAILED", reason: "token_mismatch" };
  assert.deepEqual(error.error, { code: "INVALID_REQUEST", message: text, details });
});

test("a refusal for too many attempts says how long to wait", async () => {
  await using gateway = await startToyGateway();
  const attempt = async (): Promise<ConnectionError> => {
    await using client = clientOf(gateway.url, { token: "wrong" });
    return await rejection<ConnectionError>(client.connect());
  };

  for (let i = 0; i < 9; i++) assert.equal((await attempt()).error?.retryAfterMs, undefined);

  const waitMs = (await attempt()).error?.retryAfterMs ?? 0;
  assert.ok(waitMs > 0 && waitMs <= 1_000, String(waitMs));
});

test("without a frame the close reason is the message", async () => {
  await using gateway = await startToyGateway();
  const down = clientOf("ws://127.0.0.1:1");

  assert.match((await rejection(down.connect())).message, /ECONNREFUSED/);
  await using evil = clientOf(gateway.url, { headers: { Host: "evil.example" } });
  assert.match((await rejection(evil.connect())).message, /421/);
  await using closing = await startServer(() => ({ type: "event", event: "x" }));
  await using client = clientOf(closing.url);
  const refused = rejection<ConnectionError>(client.connect());
  await eventually("the socket", () => closing.sockets.length > 0);
  closing.sockets[0]?.close(1013, "come back later");
  const error = await refused;
  assert.deepEqual([error.message, error.closeCode], ["come back later", 1013]);
});

test("a request is answered, refused or times out by itself", async () => {
  await using gateway = await startToyGateway(["toy"]);
  const client = await gateway.client();

  assert.deepEqual(await client.request("toy.echo", { text: "hi" }), { params: { text: "hi" } });
  const refused = await rejection<GatewayError>(client.request("toy.throw", { as: "GatewayError", message: "no" }));
  assert.ok(refused instanceof GatewayError);
  assert.deepEqual(
    [refused.code, refused.message, refused.details, refused.retryable, refused.retryAfterMs, refused.payload],
    ["UNAVAILABLE", "no", { code: "BUSY" }, true, 250, { status: "error" }],
  );
  const late = await rejection<GatewayError>(client.request("toy.wait", { tag: "t" }, { timeoutMs: 20 }));
  assert.deepEqual([late.code, late.message], ["UNAVAILABLE", "gateway timeout after 20ms waiting for toy.wait"]);
});

test("an accepted request waits for its second answer", async () => {
  await using gateway = await startToyGateway(["toy"]);
  const client = await gateway.client();
  const accepted: unknown[] = [];

  const final = client.request("toy.accept", { tag: "a" }, { onAccepted: (payload) => accepted.push(payload) });
  await eventually("the first answer", () => accepted.length > 0);
  await client.request("toy.release", { tag: "a" });

  assert.deepEqual(await final, { status: "ok", tag: "a" });
  assert.deepEqual(accepted, [{ status: "accepted", tag: "a" }]);
});

test("a signal calls a request off, also when it was aborted before", async () => {
  await using gateway = await startToyGateway(["toy"]);
  const client = await gateway.client();
  const abort = new AbortController();

  const during = rejection(client.request("toy.wait", { tag: "t" }, { signal: abort.signal }));
  abort.abort();

  assert.equal((await during).message, "request aborted");
  const { signal } = abort;
  assert.equal((await rejection(client.request("toy.wait", { tag: "t" }, { signal }))).message, "request aborted");
});

test("a signal that lives long collects no listeners", async () => {
  await using gateway = await startToyGateway(["toy"]);
  const client = await gateway.client();
  const { signal } = new AbortController();
  const added = mock.method(signal, "addEventListener");
  const removed = mock.method(signal, "removeEventListener");

  for (let i = 0; i < 20; i++) await client.request("toy.read", {}, { signal });

  assert.equal(removed.mock.callCount(), added.mock.callCount());
});

test("when the connection goes, what waits for an answer is told why", async () => {
  await using server = await startServer();
  await using client = clientOf(server.url);
  await client.connect();
  const pending = [rejection<ConnectionError>(client.request("a")), rejection<ConnectionError>(client.request("b"))];
  const gone = once(client, "disconnected");
  await eventually("the requests", () => server.requests.length === 2);

  server.sockets[0]?.close(1012, "service restart");

  for (const error of await Promise.all(pending)) {
    assert.ok(error instanceof ConnectionError);
    assert.deepEqual([error.closeCode, error.closeReason], [1012, "service restart"]);
  }
  assert.deepEqual(await gone, [{ code: 1012, reason: "service restart" }]);
  assert.equal((await rejection(client.request("c"))).message, "not connected");
});

test("closing rejects what is pending and is harmless twice", async () => {
  await using server = await startServer();
  await using client = clientOf(server.url);
  await client.connect();
  const pending = rejection(client.request("a"));

  await client.close();
  await client.close();

  assert.ok((await pending) instanceof ConnectionError);
  assert.equal((await rejection(client.connect())).message, "client is closed");
});

test("a message that is not JSON is passed over", async () => {
  await using server = await startServer();
  await using client = clientOf(server.url);
  await client.connect();
  const seen = once(client, "event");

  server.sockets[0]?.send("{oops");
  server.send({ type: "event", event: "x" });

  assert.equal(((await seen) as [EventFrame])[0].event, "x");
});

test("the time limit of connecting ends with the login", async () => {
  await using server = await startServer();
  mock.timers.enable({ apis: ["setTimeout"] });
  using timers = mock.timers;
  await using client = clientOf(server.url);
  await client.connect();

  timers.tick(59_000);
  const seen = once(client, "event");
  server.send({ type: "event", event: "x" });

  assert.equal(((await seen) as [EventFrame])[0].event, "x");
});

test("a gateway that answers nothing is given up after ten seconds", async () => {
  await using server = await startServer(() => ({ type: "event", event: "x" }));
  mock.timers.enable({ apis: ["setTimeout"] });
  using timers = mock.timers;
  await using client = clientOf(server.url);
  const seen = once(client, "event");
  const refused = rejection(client.connect());
  await seen;

  timers.tick(10_000);

  assert.equal((await refused).message, "gateway did not answer connect in time");
});

test("twice the tick interval without a tick closes with 4000", async () => {
  await using server = await startServer();
  mock.timers.enable({ apis: ["setTimeout"] });
  using timers = mock.timers;
  await using client = clientOf(server.url);
  await client.connect();
  const event = () => once(client, "event");
  const closed = new Promise<[number, string]>((resolve) =>
    server.sockets[0]?.once("close", (code, reason) => resolve([code, String(reason)])),
  );

  timers.tick(59_999);
  const seen = event();
  server.send({ type: "event", event: "tick", payload: { ts: 1 }, seq: 1 });
  await seen;
  timers.tick(59_999);
  const other = event();
  server.send({ type: "event", event: "x", seq: 2 });
  await other;
  timers.tick(1);

  assert.deepEqual(await closed, [4000, "tick timeout"]);
});

test("a server that is dead is let go a moment after the tick timeout", async () => {
  await using server = await startServer();
  mock.timers.enable({ apis: ["setTimeout"] });
  using timers = mock.timers;
  await using client = clientOf(server.url);
  await client.connect();
  // It reads nothing any more, so it answers no close either.
  server.sockets[0]?.pause();
  const gone = once(client, "disconnected");

  timers.tick(60_000);
  timers.tick(1_000);

  assert.equal(((await gone) as [{ code: number }])[0].code, 1006);
});

test("a lost connection is opened again after a random part of a doubling time", async () => {
  await using server = await startServer();
  mock.timers.enable({ apis: ["setTimeout"] });
  using timers = mock.timers;
  const random = mock.method(Math, "random", () => 0.5);
  await using client = clientOf(server.url, { reconnect: true });
  await client.connect();

  for (const waitMs of [500, 1_000, 2_000]) {
    const opened = server.sockets.length;
    const gone = once(client, "disconnected");
    server.sockets.at(-1)?.close(1012, "service restart");
    await gone;
    timers.tick(waitMs - 1);
    assert.equal(server.sockets.length, opened);
    const back = once(client, "connected");
    timers.tick(1);
    await back;
    assert.equal(server.sockets.length, opened + 1);
  }
  random.mock.restore();
  assert.equal(client.hello?.protocol, 3);
});

test("attempts go on while nobody answers, and end with close", async () => {
  const server = await startServer();
  mock.timers.enable({ apis: ["setTimeout"] });
  using timers = mock.timers;
  const random = mock.method(Math, "random", () => 1);
  await using client = clientOf(server.url, { reconnect: true });
  await client.connect();
  const gone = once(client, "disconnected");
  await server[Symbol.asyncDispose]();
  await gone;
  const calls = random.mock.callCount();

  for (let i = 1; i <= 3; i++) {
    timers.tick(30_000);
    await eventuallyCalled(() => random.mock.callCount() > calls + i - 1);
  }
  await client.close();
  const ended = random.mock.callCount();
  timers.tick(120_000);
  random.mock.restore();

  assert.equal(random.mock.callCount(), ended);
});

/** `eventually` without timers, for tests that have replaced them. */
async function eventuallyCalled(probe: () => boolean): Promise<void> {
  for (let i = 0; i < 10_000 && !probe(); i++) await new Promise((resolve) => setImmediate(resolve));
  assert.ok(probe());
}
