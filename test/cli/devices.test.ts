import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { WebSocketServer } from "ws";
import { run, startGateway, testHome, TOKEN } from "../support/command-line.ts";
import type { Ended, Running, TestHome } from "../support/command-line.ts";
import { createDeviceKey, withDevice } from "../wire/device-key.ts";
import type { DeviceKey } from "../wire/device-key.ts";
import { connectParams, RawClient } from "../wire/raw-client.ts";

interface Listed {
  readonly pending: readonly { readonly requestId: string; readonly deviceId: string }[];
  readonly paired: readonly {
    readonly deviceId: string;
    readonly clientId: string;
    readonly roles: readonly string[];
    readonly scopes: readonly string[];
    readonly tokens: readonly { readonly role: string; readonly token?: string; readonly revokedAtMs?: number }[];
  }[];
}

suite("openclaw devices", { concurrency: 1 }, () => {
  let at: TestHome;
  let gateway: Running;
  before(async () => {
    at = await testHome();
    gateway = await startGateway(at);
  });
  after(async () => {
    await gateway[Symbol.asyncDispose]();
    at[Symbol.dispose]();
  });

  /** A phone asks from afar; the id of its request. */
  async function ask(key: DeviceKey, displayName = "iPhone"): Promise<string> {
    const headers = { "x-forwarded-for": "203.0.113.9" };
    await using client = await RawClient.open(`ws://127.0.0.1:${at.port}`, { headers });
    const { payload } = await client.challenge();
    const identity = { id: "openclaw-ios", version: "1", platform: "ios", mode: "node", displayName } as const;
    const params = connectParams(TOKEN, { client: identity, role: "node", scopes: [] });
    const answer = await client.connect(withDevice(params, key, { nonce: String(payload?.["nonce"]) }));
    assert.equal(answer.error?.message, "pairing required");
    return String((answer.error?.["details"] as { requestId?: string } | undefined)?.requestId);
  }

  /** What the gateway itself says. */
  async function listed(): Promise<Listed> {
    await using client = await RawClient.open(`ws://127.0.0.1:${at.port}`);
    await client.connect(connectParams(TOKEN));
    return (await client.request("device.pair.list")).payload as unknown as Listed;
  }

  const said = ({ code, stdout, stderr }: Ended) => ({ code, text: stdout + stderr });

  test("list shows what waits and what is paired, this machine too, and no token", async () => {
    const key = createDeviceKey();
    const requestId = await ask(key, "Anna's\u001b[31m iPhone\n\u202eevil");

    const json = JSON.parse((await run(at, ["devices", "list", "--json"])).stdout) as Listed;
    const text = await run(at, ["devices", "list"]);
    await run(at, ["devices", "reject", requestId]);

    assert.deepEqual(
      json.pending.map((request) => [request.requestId, request.deviceId]),
      [[requestId, key.id]],
    );
    const [own] = json.paired;
    assert.deepEqual([own?.clientId, own?.roles], ["cli", ["operator"]]);
    assert.ok(json.paired.every(({ tokens }) => tokens.every(({ token }) => token === undefined)));
    assert.equal(text.code, 0);
    assert.match(text.stdout, /^Waiting \(1\): openclaw devices approve <request>$/m);
    const rows = text.stdout.split("\n").filter((line) => line.includes(requestId));
    assert.equal(rows.length, 1);
    assert.match(rows[0] ?? "", /Anna's\uFFFD\[31m iPhone \uFFFDevil, ios/);
    assert.match(text.stdout, /^Paired \(1\)$/m);
    assert.ok(text.stdout.includes((own?.deviceId ?? "?").slice(0, 12)));
  });

  test("approve lets a device in, reject turns it away, an unknown request is told", async () => {
    const [phone, other] = [createDeviceKey(), createDeviceKey()];

    const approved = await run(at, ["devices", "approve", await ask(phone)]);
    const rejected = await run(at, ["devices", "reject", await ask(other), "--json"]);
    const unknown = await run(at, ["devices", "approve", "no-such-request"]);

    assert.deepEqual(said(approved), { code: 0, text: `approved ${phone.id}: node\n` });
    assert.equal((JSON.parse(rejected.stdout) as { deviceId: string }).deviceId, other.id);
    assert.deepEqual(said(unknown), { code: 1, text: "unknown requestId\nHint: openclaw devices list\n" });
    const { pending, paired } = await listed();
    assert.deepEqual(pending, []);
    assert.ok(paired.some(({ deviceId }) => deviceId === phone.id));
    assert.ok(!paired.some(({ deviceId }) => deviceId === other.id));
  });

  test("rotate prints the new token, revoke takes it away", async () => {
    const phone = createDeviceKey();
    await run(at, ["devices", "approve", await ask(phone)]);
    const which = ["--device", phone.id, "--role", "node"];

    const rotated = await run(at, ["devices", "rotate", ...which]);
    const json = await run(at, ["devices", "rotate", ...which, "--json"]);
    const short = await run(at, ["devices", "rotate", "--device", phone.id.slice(0, 12), "--role", "node"]);
    const tooShort = await run(at, ["devices", "revoke", "--device", phone.id.slice(0, 5), "--role", "node"]);
    const revoked = await run(at, ["devices", "revoke", ...which]);

    assert.match(short.stdout, /^[0-9a-f]{32}\n$/);
    assert.deepEqual(said(tooShort), { code: 1, text: "unknown deviceId/role\nHint: openclaw devices list\n" });
    assert.match(rotated.stdout, /^[0-9a-f]{32}\n$/);
    const { token, ...rest } = JSON.parse(json.stdout) as { token: string; rotatedAtMs: number };
    assert.match(token, /^[0-9a-f]{32}$/);
    assert.deepEqual(Object.keys(rest), ["deviceId", "role", "scopes", "rotatedAtMs"]);
    assert.deepEqual(said(revoked), { code: 0, text: `revoked the node token of ${phone.id}\n` });
    const device = (await listed()).paired.find(({ deviceId }) => deviceId === phone.id);
    assert.equal(typeof device?.tokens[0]?.revokedAtMs, "number");
  });

  test("the command line goes on when its own token is changed under it", async () => {
    const own = () => JSON.parse(readFileSync(join(at.stateDir, "identity", "device-auth.json"), "utf8")) as Auth;
    const { deviceId, tokens } = own();

    const rotated = await run(at, ["devices", "rotate", "--device", deviceId]);
    const afterRotate = await run(at, ["health"]);
    const revoked = await run(at, ["devices", "revoke", "--device", deviceId]);
    const afterRevoke = await run(at, ["health"]);

    for (const { code } of [rotated, afterRotate, revoked, afterRevoke]) assert.equal(code, 0);
    assert.notEqual(own().tokens["operator"]?.token, tokens["operator"]?.token);
  });

  test("a new token of this machine is the one it uses next", async () => {
    const path = join(at.stateDir, "identity", "device-auth.json");
    const own = () => JSON.parse(readFileSync(path, "utf8")) as Auth;

    const rotated = await run(at, ["devices", "rotate", "--device", own().deviceId, "--json"]);
    const kept = own().tokens["operator"]?.token;
    const next = await run(at, ["health"]);

    assert.equal(kept, (JSON.parse(rotated.stdout) as { token: string }).token);
    assert.deepEqual([next.code, own().tokens["operator"]?.token], [0, kept]);
  });

  test("wrong usage is told before a gateway is asked", async () => {
    const none = await run(at, ["devices", "revoke"]);
    const role = await run(at, ["devices", "rotate", "--device", "x", "--role", "boss"]);

    assert.equal(none.code, 2);
    assert.match(none.stderr, /^--device is missing; pass the id of a device\nHint: openclaw devices list/);
    assert.equal(role.code, 2);
  });

  test("a command line that has to be let in says how", async () => {
    using elsewhere = await testHome(null);
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    server.on("connection", (socket) => {
      socket.send(JSON.stringify({ type: "event", event: "connect.challenge", payload: { nonce: "n", ts: 1 } }));
      socket.on("message", (data) => {
        const { id } = JSON.parse(String(data)) as { id: string };
        const error = { code: "NOT_PAIRED", message: "pairing required", details: { requestId: "r-1" } };
        socket.send(JSON.stringify({ type: "res", id, ok: false, error }));
        socket.close(1008, "pairing required");
      });
    });
    await once(server, "listening");
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;

    const { code, stderr } = await run(elsewhere, ["devices", "list", "--url", url, "--token", "x"]);
    server.close();

    assert.equal(code, 1);
    assert.equal(stderr, "pairing required\nHint: on the gateway's machine: openclaw devices approve r-1\n");
  });
});

interface Auth {
  readonly deviceId: string;
  readonly tokens: Readonly<Record<string, { readonly token: string }>>;
}
