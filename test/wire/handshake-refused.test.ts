import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as openSocket } from "node:net";
import type { Socket } from "node:net";
import { mock, test } from "node:test";
import type { ConnectParams } from "openclaw/plugin-sdk";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { unauthorizedText } from "../../kernel/auth/shared.ts";
import { createDeviceKey, withDevice } from "./device-key.ts";
import { connectParams, loggedIn, RawClient } from "./raw-client.ts";
import type { RawOptions } from "./raw-client.ts";
import { startToyGateway } from "./toy-gateway.ts";

const CLI = { id: "cli", version: "dev", platform: "linux", mode: "cli" } as const;
const CONTROL_UI = { id: "openclaw-control-ui", version: "dev", platform: "linux", mode: "webchat" } as const;
const WEBCHAT = { id: "webchat", version: "dev", platform: "linux", mode: "webchat" } as const;
const REMOTE = { "x-forwarded-for": "203.0.113.9" };
const ORIGIN_TEXT =
  "origin not allowed (open the Control UI from the gateway host or allow it in gateway.controlUi.allowedOrigins)";

interface Refusal {
  readonly code?: string;
  readonly message: string;
  readonly details?: object;
  readonly closeCode?: number;
  readonly reason?: string;
}

/** Connect and compare what came back to the letter: the frame, then the close. */
async function assertRefused(
  gateway: TestGateway,
  params: unknown,
  expected: Refusal,
  options: RawOptions = {},
): Promise<void> {
  await using client = await RawClient.open(gateway.url, options);
  await client.challenge();

  const answer = await client.connect(params, "r1");

  const { code = "INVALID_REQUEST", message, details } = expected;
  const { details: actual, ...error } = answer.error as { code: string; message: string; details?: object };
  assert.deepEqual({ ...answer, error }, { type: "res", id: "r1", ok: false, error: { code, message } });
  if (details) assert.deepEqual(actual, details);
  const { closeCode = 1008, reason = message } = expected;
  assert.deepEqual(await client.closed(), { code: closeCode, reason });
}

test("a first message that is no request closes without an answer", async () => {
  await using gateway = await startToyGateway();
  const good = { type: "req", id: "r1", method: "connect", params: connectParams(gateway.token) };
  const bad: [string, string | Buffer][] = [
    ["not JSON", "{not json"],
    ["empty", ""],
    ["a string", '"str"'],
    ["a list", "[]"],
    ["null", "null"],
    ["an event", '{"type":"event","event":"x"}'],
    ["no id", JSON.stringify({ ...good, id: undefined })],
    ["an empty id", JSON.stringify({ ...good, id: "" })],
    ["an id that is null", JSON.stringify({ ...good, id: null })],
    ["an id that is a list", JSON.stringify({ ...good, id: [1] })],
    ["an id beyond numbers", JSON.stringify({ ...good, id: 0 }).replace('"id":0', '"id":1e999')],
    ["no type", JSON.stringify({ ...good, type: undefined })],
    ["an extra key", JSON.stringify({ ...good, extra: 1 })],
    ["an own __proto__", JSON.stringify(good).replace("{", '{"__proto__":{},')],
    ["binary", Buffer.from(JSON.stringify(good))],
    ["33 levels deep", `{"type":"req","id":"r1","method":"connect","params":${"[".repeat(32)}${"]".repeat(32)}}`],
  ];
  for (const [what, data] of bad) {
    await using client = await RawClient.open(gateway.url);
    await client.challenge();

    client.sendRaw(data);

    assert.deepEqual(await client.closed(), { code: 1008, reason: "invalid request frame" }, what);
    assert.deepEqual(client.frames, [], what);
  }
});

test("a first request that is not connect is answered, then closed with the same words", async () => {
  await using gateway = await startToyGateway();

  for (const [id, method] of [
    ["r1", "health"],
    [7, "no.such.method"],
  ] as const) {
    await using client = await RawClient.open(gateway.url);
    client.send({ type: "req", id, method, params: {} });
    const answer = await client.response(id);
    const message = "invalid handshake: first request must be connect";
    assert.deepEqual(answer.error, { code: "INVALID_REQUEST", message, details: { reason: "connect_required" } });
    assert.deepEqual(await client.closed(), { code: 1008, reason: message });
  }
});

test("what comes in one write with connect is before the first answer, and refused like any other first request", async () => {
  await using gateway = await startToyGateway();
  const connect = { type: "req", id: "c", method: "connect", params: connectParams(gateway.token) };
  const first = "invalid handshake: first request must be connect";
  const once = "invalid handshake: connect is only valid as the first request";
  const frame = "invalid request frame";
  const behind: [unknown, string, string | undefined][] = [
    [{ type: "req", id: "r1", method: "health", params: {} }, first, "connect_required"],
    [{ type: "req", id: "r1", method: "no.such" }, first, "connect_required"],
    [{ ...connect, id: "r1" }, once, "connect_repeated"],
    [{ type: "event", event: "x" }, frame, undefined],
    ["str", frame, undefined],
  ];

  for (const [second, message, reason] of behind) {
    await using client = await RawClient.open(gateway.url);
    await client.challenge();
    inOneWrite(client, [connect, second, { type: "req", id: "r2", method: "health" }]);

    if (reason) {
      const { error } = await client.response("r1");
      assert.deepEqual(error, { code: "INVALID_REQUEST", message, details: { reason } });
    }
    assert.deepEqual(await client.closed(), { code: 1008, reason: message });
    assert.deepEqual(client.frames, []);
  }
});

test("wrong connect params are told in the established words, the close has as many as fit", async () => {
  await using gateway = await startToyGateway();
  const missing =
    "invalid connect params: must have required property 'minProtocol'; must have required property 'maxProtocol'; must have required property 'client'";
  const several =
    "invalid connect params: at root: unexpected property 'bogus'; at /client/id: must be equal to constant; at /client/id: must match a schema in anyOf; at /client/mode: must be equal to constant; at /client/mode: must match a schema in anyOf";
  const wrong: [unknown, string][] = [
    [undefined, missing],
    [null, missing],
    [{}, missing],
    [[], "invalid connect params: must be object"],
    [
      {
        minProtocol: 3,
        maxProtocol: 3,
        client: { id: "nope", version: "1", platform: "x", mode: "operator" },
        bogus: 1,
      },
      several,
    ],
    [connectParams("x", { minProtocol: 0 }), "invalid connect params: at /minProtocol: must be >= 1"],
    [
      connectParams("x", { client: { ...CLI, version: "" } }),
      "invalid connect params: at /client/version: must NOT have fewer than 1 characters",
    ],
    [
      { ...connectParams("x"), auth: { token: "x", deviceToken: "y" } },
      "invalid connect params: at /auth: unexpected property 'deviceToken'",
    ],
  ];

  for (const [params, message] of wrong)
    await assertRefused(gateway, params, { message, reason: Buffer.from(message).subarray(0, 120).toString() });
});

test("keys that reach a prototype are refused at any depth of connect", async () => {
  await using gateway = await startToyGateway();

  for (const [key, where] of [
    ["__proto__", '"permissions":{"%":true}'],
    ["\\u005f_proto__", '"permissions":{"%":true}'],
    ["constructor", '"permissions":{"%":true}'],
  ] as const) {
    await using client = await RawClient.open(gateway.url);
    const params = JSON.stringify(connectParams(gateway.token)).replace("{", `{${where.replace("%", key)},`);
    client.sendRaw(`{"type":"req","id":"r1","method":"connect","params":${params}}`);
    const answer = await client.response("r1");
    const name = key.replace("\\u005f", "_");
    assert.equal(answer.error?.message, `invalid connect params: at /permissions: unexpected property '${name}'`);
  }
});

test("a close reason is cut between characters, at 120 bytes", async () => {
  await using gateway = await startToyGateway();
  const message = `invalid connect params: at root: unexpected property '${"ü".repeat(60)}'`;

  // 54 bytes come before the name: 33 of its two-byte letters fit.
  await assertRefused(
    gateway,
    { ...connectParams(gateway.token), ["ü".repeat(60)]: 1 },
    { message, reason: message.slice(0, 54 + 33) },
  );
});

test("a version range without 3 closes with 1002", async () => {
  await using gateway = await startToyGateway();
  const details = { expectedProtocol: 3, reason: "protocol_mismatch" };

  for (const [minProtocol, maxProtocol] of [
    [1, 2],
    [4, 5],
    [9, 1],
  ] as const) {
    const params = connectParams(gateway.token, { minProtocol, maxProtocol });
    await assertRefused(gateway, params, { message: "protocol mismatch", details, closeCode: 1002 });
  }
});

test("only the roles and scopes that exist are taken", async () => {
  await using gateway = await startToyGateway();

  await assertRefused(gateway, connectParams(gateway.token, { role: "admin" }), { message: "invalid role" });
  for (const scope of ["operator.reed", "x.none", "*", "Operator.Read"]) {
    const params = connectParams(gateway.token, { scopes: ["operator.read", scope] });
    await assertRefused(gateway, params, { message: `unknown scope: ${scope}`, details: { reason: "unknown_scope" } });
  }
});

test("a page of another origin is refused, whatever program it says it is", async () => {
  await using gateway = await startToyGateway();
  const { port } = gateway;
  const foreign = [
    "http://evil.example",
    "null",
    "",
    `http://127.0.0.1:${port + 1}`,
    `https://127.0.0.1:${port}`,
    `http://127.0.0.1:${port}/page`,
    `http://127.0.0.1:${port}.evil.example`,
    `http://127.0.0.1.evil.example:${port}`,
    `http://user@127.0.0.1:${port}`,
    `file://127.0.0.1:${port}`,
  ];

  for (const client of [CLI, CONTROL_UI, WEBCHAT]) {
    for (const origin of foreign) {
      const params = connectParams(gateway.token, { client });
      const details = { reason: "origin_not_allowed" };
      await assertRefused(gateway, params, { message: ORIGIN_TEXT, details }, { headers: { origin } });
    }
  }
});

test("a client that calls itself a page needs an origin", async () => {
  await using gateway = await startToyGateway();

  for (const client of [CONTROL_UI, WEBCHAT, { ...WEBCHAT, id: "webchat-ui", mode: "ui" }] as const)
    await assertRefused(gateway, connectParams(gateway.token, { client }), { message: ORIGIN_TEXT });
});

test("the control page needs a device", async () => {
  await using gateway = await startToyGateway();
  const params = connectParams(gateway.token, { client: CONTROL_UI });
  const message = "control ui requires HTTPS or localhost (secure context)";

  await assertRefused(gateway, params, { message }, { headers: { origin: `http://127.0.0.1:${gateway.port}` } });
});

for (const key of ["allowInsecureAuth", "dangerouslyDisableDeviceAuth"]) {
  test(`with ${key} the control page needs no device, but the secret all the same`, async () => {
    const controlUi = { [key]: true };
    await using gateway = await startToyGateway([], {
      config: { gateway: { mode: "local", auth: { token: "test-token-0123456789abcdef" }, controlUi } },
    });
    const headers = { origin: `http://127.0.0.1:${gateway.port}` };
    const client = CONTROL_UI;

    await using page = await loggedIn(gateway, { client }, { headers });
    // With such a page a device proves nothing more, so it waits for no pairing either.
    await using remote = await RawClient.open(gateway.url, { headers: { ...headers, ...REMOTE } });
    const { payload } = await remote.challenge();
    const params = withDevice(connectParams(gateway.token, { client }), createDeviceKey(), {
      nonce: String(payload?.["nonce"]),
    });

    assert.ok(page.isOpen);
    assert.equal((await remote.connect(params)).ok, true);
    const message =
      "unauthorized: gateway token mismatch (open the dashboard URL and paste the token in Control UI settings)";
    await assertRefused(gateway, connectParams("wrong", { client }), { message }, { headers });
  });
}

test("without credential and device there is nothing to check", async () => {
  await using gateway = await startToyGateway();
  const expected = { code: "NOT_PAIRED", message: "device identity required", details: { reason: "device_required" } };

  await assertRefused(gateway, connectParams(undefined), expected);
  await assertRefused(gateway, connectParams(undefined, { auth: {} }), expected);
  await assertRefused(gateway, connectParams(undefined), expected, { headers: REMOTE });
});

test("a wrong or missing token is told with a hint for the kind of client", async () => {
  await using gateway = await startToyGateway();
  const origin = { headers: { origin: `http://127.0.0.1:${gateway.port}` } };
  const page = "open the dashboard URL and paste the token in Control UI settings";
  const wrong = (client: ConnectParams["client"], auth: ConnectParams["auth"]) =>
    connectParams(undefined, { client, auth: auth ?? {} });
  const cases: [ConnectParams, string, string, RawOptions?][] = [
    [wrong(CLI, { token: "wrong" }), "mismatch", "set gateway.remote.token to match gateway.auth.token"],
    [wrong(CLI, { token: `${gateway.token}x` }), "mismatch", "set gateway.remote.token to match gateway.auth.token"],
    [wrong(CLI, { token: "" }), "missing", "set gateway.remote.token to match gateway.auth.token"],
    [wrong(CLI, { password: "x" }), "missing", "set gateway.remote.token to match gateway.auth.token"],
    [wrong({ ...CLI, id: "gateway-client", mode: "ui" }, { token: "x" }), "mismatch", "provide gateway auth token"],
    [wrong({ ...CLI, mode: "probe" }, { token: "x" }), "mismatch", "provide gateway auth token"],
    [wrong(WEBCHAT, { token: "x" }), "mismatch", page, origin],
  ];

  for (const [params, reason, hint, options] of cases) {
    const message = `unauthorized: gateway token ${reason} (${hint})`;
    const details = { code: "AUTH_FAILED", reason: `token_${reason}` };
    await assertRefused(gateway, params, { message, details }, options);
  }
});

test("in password mode only the password counts", async () => {
  const password = "correct horse";
  await using gateway = await startToyGateway([], {
    config: { gateway: { mode: "local", auth: { mode: "password", password } } },
  });
  const origin = { headers: { origin: `http://127.0.0.1:${gateway.port}` } };
  const cli = "set gateway.remote.password to match gateway.auth.password";
  const cases: [ConnectParams["client"], ConnectParams["auth"], string, string, RawOptions?][] = [
    [CLI, { password: "no" }, "mismatch", cli],
    [CLI, { token: password }, "missing", cli],
    [
      { ...CLI, id: "gateway-client", mode: "backend" },
      { password: "no" },
      "mismatch",
      "provide gateway auth password",
    ],
    [WEBCHAT, { password: "no" }, "mismatch", "enter the password in Control UI settings", origin],
  ];

  for (const [client, auth, reason, hint, options] of cases) {
    const message = `unauthorized: gateway password ${reason} (${hint})`;
    const details = { code: "AUTH_FAILED", reason: `password_${reason}` };
    await assertRefused(gateway, connectParams(undefined, { client, auth: auth ?? {} }), { message, details }, options);
  }
});

test("a gateway without a secret says what to set", () => {
  for (const kind of ["token", "password"] as const)
    assert.equal(
      unauthorizedText(kind, "not_configured", CLI),
      `unauthorized: gateway ${kind} not configured on gateway (set gateway.auth.${kind})`,
    );
});

test("from afar a device waits for its pairing, a right token alone does not", async () => {
  await using gateway = await startToyGateway();
  await using plain = await loggedIn(gateway, {}, { headers: REMOTE });
  await using client = await RawClient.open(gateway.url, { headers: REMOTE });
  const { payload } = await client.challenge();
  const nonce = String(payload?.["nonce"]);

  const answer = await client.connect(withDevice(connectParams(gateway.token), createDeviceKey(), { nonce }));

  assert.ok(plain.isOpen);
  assert.deepEqual(answer.error, {
    code: "NOT_PAIRED",
    message: "pairing required",
    details: { reason: "pairing_required" },
  });
  assert.deepEqual(await client.closed(), { code: 1008, reason: "pairing required" });
});

test("what a plugin decides is told as it says, and a plugin that fails decides no", async () => {
  await using gateway = await startToyGateway(["toy-auth"]);
  const client = (instanceId: string) => ({ ...CLI, instanceId });

  await assertRefused(gateway, connectParams(gateway.token, { client: client("refuse") }), {
    code: "NOT_PAIRED",
    message: "pairing required",
    details: { sharedAuth: true },
  });
  await assertRefused(gateway, connectParams(gateway.token, { client: client("throw") }), {
    message: "unauthorized: authentication failed",
  });
});

/** Each fault by itself, in the order in which it is looked for. */
const FAULTS: { readonly name: string; readonly message: string; readonly spoil: (attempt: Attempt) => void }[] = [
  { name: "protocol", message: "protocol mismatch", spoil: (attempt) => (attempt.changes.maxProtocol = 2) },
  { name: "role", message: "invalid role", spoil: (attempt) => (attempt.changes.role = "boss") },
  { name: "scope", message: "unknown scope: x.none", spoil: (attempt) => (attempt.changes.scopes = ["x.none"]) },
  { name: "origin", message: ORIGIN_TEXT, spoil: (attempt) => (attempt.headers["origin"] = "http://evil.example") },
  { name: "device", message: "device signature invalid", spoil: (attempt) => (attempt.signature = "AAAA") },
  {
    name: "token",
    message: "unauthorized: gateway token mismatch (set gateway.remote.token to match gateway.auth.token)",
    spoil: (attempt) => (attempt.changes.auth = { token: "wrong" }),
  },
  { name: "pairing", message: "pairing required", spoil: (attempt) => Object.assign(attempt.headers, REMOTE) },
];

interface Attempt {
  readonly changes: Partial<Record<keyof ConnectParams, unknown>>;
  readonly headers: Record<string, string>;
  signature?: string;
}

test("of two faults the one that is looked for first is told", async () => {
  await using gateway = await startToyGateway();
  const device = createDeviceKey();
  let pairs = 0;

  for (const [first, one] of FAULTS.entries()) {
    for (const other of FAULTS.slice(first)) {
      const attempt: Attempt = { changes: { client: CLI }, headers: {} };
      other.spoil(attempt);
      one.spoil(attempt);
      await using client = await RawClient.open(gateway.url, { headers: attempt.headers });
      const { payload } = await client.challenge();
      const params = connectParams(gateway.token, attempt.changes as Partial<ConnectParams>);
      const signed = withDevice(params, device, { nonce: String(payload?.["nonce"]) });
      if (attempt.signature && signed.device) signed.device.signature = attempt.signature;
      const answer = await client.connect(signed);
      assert.equal(answer.error?.message, one.message, `${one.name} before ${other.name}`);
      pairs++;
    }
  }
  assert.equal(pairs, 28);
});

test("after a refusal nothing on that socket is looked at", async () => {
  await using gateway = await startToyGateway();
  await using witness = await loggedIn(gateway);
  await using client = await RawClient.open(gateway.url);
  const before = (await witness.request("system-presence")).payload?.["length"];

  client.sendRaw("{not json");
  client.send({ type: "req", id: 1, method: "connect", params: connectParams(gateway.token) });

  assert.deepEqual(await client.closed(), { code: 1008, reason: "invalid request frame" });
  assert.ok(!client.frames.some((frame) => frame.type === "res"));
  assert.equal((await witness.request("system-presence")).payload?.["length"], before);
});

test("ten seconds without a login close with 1000 and no words", async () => {
  await using gateway = await startToyGateway();
  mock.timers.enable({ apis: ["setTimeout"] });
  using timers = mock.timers;
  await using client = await RawClient.open(gateway.url);
  await client.challenge();

  timers.tick(9_999);
  client.socket.ping();
  await once(client.socket, "pong");
  timers.tick(1);

  assert.deepEqual(await client.closed(), { code: 1000, reason: "" });
});

test("a stranger who does not answer the close is cut half a second later", async () => {
  await using gateway = await startToyGateway();
  mock.timers.enable({ apis: ["setTimeout"] });
  using timers = mock.timers;
  const socket = openSocket(gateway.port, "127.0.0.1");
  socket.on("error", () => undefined);
  const lines = ["GET / HTTP/1.1", `Host: 127.0.0.1:${gateway.port}`, "Connection: Upgrade", "Upgrade: websocket"];
  lines.push("Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "", "");
  socket.write(lines.join("\r\n"));
  await once(socket, "data");

  timers.tick(10_000);
  const [close] = (await once(socket, "data")) as [Buffer];
  timers.tick(500);
  await once(socket, "close");

  // Opcode 8, two bytes: 1000.
  assert.deepEqual([...close.subarray(-4)], [0x88, 2, 0x03, 0xe8]);
});

function inOneWrite(client: RawClient, frames: readonly unknown[]): void {
  const { _socket } = client.socket as unknown as { _socket: Socket };
  _socket.cork();
  for (const frame of frames) client.send(frame);
  _socket.uncork();
}
