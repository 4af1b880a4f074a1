import assert from "node:assert/strict";
import { hostname } from "node:os";
import { mock, test } from "node:test";
import type { ConnectParams } from "openclaw/plugin-sdk";
import { createDeviceKey, signedText, signText } from "../wire/device-key.ts";
import { connectParams, loggedIn, RawClient } from "../wire/raw-client.ts";
import type { Frame } from "../wire/raw-client.ts";
import { startTestGateway } from "openclaw/plugin-sdk/testing";

interface Entry {
  readonly host?: string;
  readonly reason?: string;
  readonly ts: number;
  readonly [field: string]: unknown;
}

const entriesOf = ({ payload }: Frame) => (payload?.["presence"] ?? payload) as readonly Entry[];
const listOf = async (client: RawClient) => entriesOf(await client.request("system-presence"));
const panel = (displayName: string, instanceId: string): Pick<ConnectParams, "client"> => ({
  client: { id: "test", version: "3", platform: "linux", mode: "backend", displayName, instanceId },
});
/** The next presence event that shows an entry as `shows` wants it. */
const presenceWith = (client: RawClient, shows: (entry: Entry) => boolean) =>
  client.next(
    "presence",
    (frame) => frame.event === "presence" && entriesOf(frame).some(shows) && frame.seq !== undefined,
  );
const versionOf = (frame: Frame) => (frame["stateVersion"] as { presence: number }).presence;

test("coming and going is told to everybody as the whole list, with a growing version", async () => {
  await using gateway = await startTestGateway();
  await using witness = await loggedIn(gateway);

  const guest = await loggedIn(gateway, panel("Panel", "Inst-A"));
  const came = await presenceWith(witness, ({ host, reason }) => host === "Panel" && reason === "connect");
  await guest[Symbol.asyncDispose]();
  const went = await presenceWith(witness, ({ host, reason }) => host === "Panel" && reason === "disconnect");

  const [self, entry] = entriesOf(came);
  assert.deepEqual([self?.host, self?.["mode"], self?.reason], [hostname(), "gateway", "self"]);
  assert.match(String(self?.["text"]), /^Gateway: .* · app .* · mode gateway · reason self$/);
  assert.equal(entriesOf(came).length, 3, "the gateway, the witness and the guest");
  const { ts, ...facts } = entry as Entry;
  assert.ok(Number.isInteger(ts));
  assert.deepEqual(facts, {
    host: "Panel",
    version: "3",
    platform: "linux",
    mode: "backend",
    roles: ["operator"],
    scopes: ["operator.admin"],
    instanceId: "Inst-A",
    reason: "connect",
    text: "Node: Panel · mode backend",
  });
  assert.ok(versionOf(went) > versionOf(came));
  assert.equal(entriesOf(went).length, 3, "who went is shown as gone");
});

test("a client finds itself in its first snapshot, a command line leaves no trace", async () => {
  await using gateway = await startTestGateway();
  await using shown = await loggedIn(gateway, panel("Panel", "a"));
  await using hidden = await loggedIn(gateway, { client: { id: "cli", version: "1", platform: "linux", mode: "cli" } });

  assert.ok((shown.hello.snapshot.presence as Entry[]).some(({ host }) => host === "Panel"));
  assert.ok(!(hidden.hello.snapshot.presence as Entry[]).some(({ host }) => host === "cli"));
  assert.equal((await listOf(shown)).length, 2);
});

test("connections of one device are one entry whose roles and scopes add up", async () => {
  await using gateway = await startTestGateway();
  const key = createDeviceKey();
  const login = async (scopes: string[]) => {
    const client = await RawClient.open(gateway.url);
    const { payload } = await client.challenge();
    const params = connectParams(gateway.token, { scopes, ...panel("Panel", "other") });
    params.device = {
      id: key.id,
      publicKey: key.publicKey,
      signature: "",
      signedAt: Date.now(),
      nonce: String(payload?.["nonce"]),
    };
    params.device.signature = signText(key, signedText(params));
    const answer = await client.connect(params);
    assert.equal(answer.ok, true, JSON.stringify(answer));
    return client;
  };
  await using first = await login(["operator.read"]);
  await using second = await login(["operator.write"]);

  const own = (await listOf(second)).filter(({ deviceId }) => deviceId === key.id);
  assert.equal(own.length, 1);
  assert.deepEqual(own[0]?.["scopes"], ["operator.read", "operator.write"]);
  assert.equal(own[0]?.["instanceId"], key.id);
  assert.ok(first.isOpen);
});

test("entries are forgotten after five minutes, the gateway's own is not", async () => {
  await using gateway = await startTestGateway();
  await using witness = await loggedIn(gateway);
  await witness.request("system-event", { text: "Node: lamp", host: "lamp" });
  mock.timers.enable({ apis: ["Date"], now: Date.now() });
  using timers = mock.timers;

  timers.tick(299_000);
  assert.ok((await listOf(witness)).some(({ host }) => host === "lamp"));
  timers.tick(2_000);

  assert.deepEqual(
    (await listOf(witness)).map(({ reason }) => reason),
    ["self"],
  );
});

test("no more than 200 entries are kept, the oldest go first", async () => {
  await using gateway = await startTestGateway();
  await using witness = await loggedIn(gateway);

  for (let n = 0; n < 205; n++) await witness.request("system-event", { text: `Node: lamp ${n}`, host: `lamp ${n}` });
  const hosts = (await listOf(witness)).map(({ host }) => host);

  assert.equal(hosts.length, 201, "and the gateway");
  assert.deepEqual(hosts.slice(1, 3), ["lamp 204", "lamp 203"], "newest first");
  assert.ok(!hosts.includes("lamp 4"));
});

test("a beacon's text fills in what its fields do not say", async () => {
  await using gateway = await startTestGateway();
  await using client = await loggedIn(gateway);
  const text = "Node: peter-mac (10.0.0.5) · app 1.2.3 · last input 12s ago · mode local · reason launch";

  await client.request("system-event", { text, deviceId: "DEV-9", version: "9", roles: ["node", 5], tags: "no list" });
  const event = await presenceWith(client, ({ host }) => host === "peter-mac");

  const { ts: _ts, ...facts } = entriesOf(event)[1] as Entry;
  assert.deepEqual(facts, {
    host: "peter-mac",
    ip: "10.0.0.5",
    version: "9",
    mode: "local",
    reason: "launch",
    lastInputSeconds: 12,
    deviceId: "DEV-9",
    roles: ["node"],
    text,
  });
});

test("the presence event of a system event comes before its answer, and needs no wait", async () => {
  await using gateway = await startTestGateway();
  await using client = await loggedIn(gateway);

  client.send({ type: "req", id: "s", method: "system-event", params: { text: "a plain note" } });
  const first = await client.next(
    "either",
    ({ event, id, ...frame }) =>
      id === "s" || (event === "presence" && entriesOf(frame as Frame).some(({ text }) => text === "a plain note")),
  );

  assert.equal(first.event, "presence");
  assert.deepEqual((await client.response("s")).payload, { ok: true });
});

for (const text of [undefined, "", "  ", 5]) {
  test(`a system event with the text ${JSON.stringify(text)} is refused`, async () => {
    await using gateway = await startTestGateway();
    await using client = await loggedIn(gateway);

    const { error } = await client.request("system-event", { text, host: "x" });

    assert.deepEqual(error, { code: "INVALID_REQUEST", message: "text required" });
  });
}

test("presence outlives a reload of its plugin", async () => {
  await using gateway = await startTestGateway();
  await using client = await loggedIn(gateway, panel("Panel", "a"));
  const before = await client.request("plugins.reload", { id: "system" });

  assert.equal(before.ok, true, JSON.stringify(before));
  assert.ok((await listOf(client)).some(({ host }) => host === "Panel"));
});
