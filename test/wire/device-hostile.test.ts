import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import type { ConnectParams } from "openclaw/plugin-sdk";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { createDeviceKey, signedText, signText, withDevice } from "./device-key.ts";
import type { DeviceKey } from "./device-key.ts";
import { attempt, deviceToken, login, outcome } from "./device-login.ts";
import type { LoginOptions } from "./device-login.ts";
import { heldBytes } from "./memory.ts";
import { connectParams, loggedIn, RawClient } from "./raw-client.ts";

const MIB = 1_048_576;
/** What a round of attacks may leave behind: caches and garbage of the runtime, nothing that grows with the attack. */
const SLACK_BYTES = 6 * MIB;
const MINUTE_MS = 60_000;

type Device = NonNullable<ConnectParams["device"]>;

suite("hostile clients of a gateway that pairs devices", () => {
  let gateway: TestGateway;
  let witness: RawClient;
  let key: DeviceKey;
  let token: string;

  before(async () => {
    gateway = await startTestGateway();
    witness = await loggedIn(gateway);
    key = createDeviceKey();
    token = await deviceToken(gateway, { key, auth: { token: gateway.token } });
  });
  after(async () => {
    await witness[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
  });

  /** The witness is answered after each round, and the second of two rounds leaves no more than the first did. */
  async function endure(round: () => Promise<void>): Promise<number> {
    await round();
    assert.equal((await witness.request("health")).ok, true);
    witness.frames.length = 0;
    const held = heldBytes();
    await round();
    assert.equal((await witness.request("health")).ok, true);
    witness.frames.length = 0;
    // What closes may still be closing.
    return eventually("memory is back", () => {
      const grown = heldBytes() - held;
      return grown < SLACK_BYTES && { grown };
    }).then(({ grown }) => grown);
  }

  async function refused(times: number, message: string, options: () => LoginOptions): Promise<void> {
    for (let i = 0; i < times; i++) assert.equal(await outcome(gateway, options()), message);
  }

  const device = (change: Partial<Device>) => (params: ConnectParams) => ({
    ...params,
    device: { ...(params.device as Device), ...change },
  });

  test("a proof that was overheard opens nothing, also with the right token", async () => {
    const auth = { token: gateway.token };
    const first = await attempt(gateway, { key, auth });
    await using overheard = first.client;

    await endure(async () => {
      await refused(50, "device nonce mismatch", () => ({ auth, tamper: () => first.sent }));
      await refused(50, "device nonce mismatch", () => ({
        key,
        auth: { token },
        remote: true,
        tamper: device({ nonce: String(first.sent.device?.nonce) }),
      }));
    });

    assert.ok(overheard.isOpen);
  });

  test("scopes, role and token that were not signed are not granted", async () => {
    const auth = { token: gateway.token };
    const changes: ((params: ConnectParams) => ConnectParams)[] = [
      (params) => ({ ...params, scopes: ["operator.admin"] }),
      (params) => ({ ...params, scopes: [...(params.scopes ?? [])].toReversed() }),
      (params) => ({ ...params, scopes: [] }),
      (params) => ({ ...params, role: "node" }),
      (params) => ({
        ...params,
        auth: { token: gateway.token, password: "x" },
        client: { ...params.client, id: "test" },
      }),
      (params) => ({ ...params, auth: { token } }),
    ];

    await endure(async () => {
      for (const tamper of changes) await refused(10, "device signature invalid", () => ({ key, auth, tamper }));
    });
  });

  test("a clock that is off by more than is allowed is refused", async () => {
    const auth = { token: gateway.token };

    await endure(async () => {
      for (const offsetMs of [-11 * MINUTE_MS, 11 * MINUTE_MS, -Date.now(), 1e15]) {
        await refused(10, "device signature expired", () => ({ key, auth, signedAt: Date.now() + offsetMs }));
      }
      await refused(10, "device signature expired", () => ({
        key,
        auth,
        withoutNonce: true,
        signedAt: Date.now() - 6 * MINUTE_MS,
      }));
    });
  });

  test("another key is another device, and no key is none", async () => {
    const auth = { token };
    const other = createDeviceKey();
    const mismatch = "unauthorized: gateway token mismatch (set gateway.remote.token to match gateway.auth.token)";

    await endure(async () => {
      await refused(20, "device identity mismatch", () => ({
        key,
        auth,
        tamper: device({ publicKey: other.publicKey }),
      }));
      await refused(20, "device identity mismatch", () => ({ key: other, auth, tamper: device({ id: key.id }) }));
      await refused(20, "device signature invalid", () => ({
        key,
        auth,
        tamper: (params) => {
          const signature = signText(other, signedText(params));
          return { ...params, device: { ...(params.device as Device), signature } };
        },
      }));
      for (const publicKey of ["AAAA", "\u0000", "-----BEGIN PUBLIC KEY-----", "A".repeat(2_048)])
        await refused(5, "device public key invalid", () => ({ key, auth, tamper: device({ publicKey }) }));
      // The right key with somebody else's token: counted, so a good login follows.
      await refused(3, mismatch, () => ({ key: other, auth }));
      await deviceToken(gateway, { key, auth: { token: gateway.token } });
    });
  });

  test("a second connect on an open socket changes nothing", async () => {
    await using client = (await login(gateway, { key, auth: { token }, scopes: ["operator.pairing"] })).client;

    await endure(async () => {
      for (let i = 0; i < 100; i++) {
        const params = withDevice(connectParams(gateway.token, { scopes: ["operator.admin"] }), createDeviceKey());
        const { error } = await client.connect(params, `again ${i}`);
        assert.equal(error?.message, "missing scope: operator.admin");
      }
    });

    assert.equal((await client.request("health")).error?.message, "missing scope: operator.read");
    assert.equal((await client.request("device.pair.list")).ok, true);
  });

  test("half-open sockets take no more than their share, and the owner gets in among them", async () => {
    await endure(async () => {
      const open: RawClient[] = [];
      const one = () =>
        RawClient.open(gateway.url).then(
          (client) => open.push(client),
          () => undefined,
        );
      for (let wave = 0; wave < 4; wave++) await Promise.all(Array.from({ length: 100 }, one));
      const back = await eventually("the owner's login", () => login(gateway, { key, auth: { token } }));
      assert.ok(open.filter((client) => client.isOpen).length <= 32);
      await back.client[Symbol.asyncDispose]();
      await Promise.all(open.map((client) => client[Symbol.asyncDispose]()));
    });
  });

  test("sixty wrong tokens, with devices and without, keep nobody out who has a right one", async () => {
    const stranger = createDeviceKey();

    await endure(async () => {
      let evaluated = 0;
      for (let i = 0; i < 60; i++) {
        const wrong = { token: i % 3 ? "wrong" : `${token.slice(0, -1)}x` };
        const said = await outcome(gateway, { auth: wrong, ...(i % 2 && { key: i % 4 === 1 ? stranger : key }) });
        if (said.includes("mismatch")) evaluated++;
        else assert.equal(said, "unauthorized: too many failed attempts; try again later");
      }
      assert.ok(evaluated >= 10 && evaluated <= 12, `${evaluated} evaluated`);
      assert.equal(await outcome(gateway, { key, auth: { token } }), "ok", "the device token");
      assert.equal(await outcome(gateway, { auth: { token: gateway.token } }), "ok", "the shared one");
    });
  });

  test("requests to be paired are forgotten beyond a few, whoever sends them", async () => {
    await endure(async () => {
      for (let i = 0; i < 60; i++) {
        const options = { key: createDeviceKey(), auth: { token: gateway.token }, remote: true };
        assert.equal(await outcome(gateway, options), "pairing required");
      }
    });

    const { pending } = (await witness.request("device.pair.list")).payload as { pending: readonly unknown[] };
    assert.equal(pending.length, 3);
  });

  test("messages that are too big, too deep or reach for a prototype end where they came in", async () => {
    const good = (await attempt(gateway, { key, auth: { token } })).sent;
    const text = JSON.stringify({ type: "req", id: "h", method: "connect", params: good });
    const first: readonly (readonly [string, number, string?])[] = [
      [text.replace('"params":{', `"params":{"x":"${"x".repeat(70_000)}",`), 1009],
      [`"${"x".repeat(4 * MIB)}"`, 1009],
      ["[".repeat(60_000), 1008],
      [text.replace('"device":{', `"device":{"x":${"[".repeat(60)}${"]".repeat(60)},`), 1008],
      [text.replace('"device":{', '"device":{"__proto__":{"id":"x"},'), 1008, "/device"],
      [text.replace('"auth":{', '"auth":{"constructor":{"prototype":{}},'), 1008, "/auth"],
      [text.replace('"params":{', '"params":{"\\u005f_proto__":{},'), 1008, "root"],
    ];

    await endure(async () => {
      for (const [data, code, where] of first) {
        await using client = await RawClient.open(gateway.url);
        client.sendRaw(data);
        const closed = await client.closed();
        assert.equal(closed.code, code, data.slice(0, 60));
        if (where !== undefined)
          assert.match(closed.reason, new RegExp(`^invalid connect params: at ${where}: unexpected`));
      }
      await using inside = (await login(gateway, { key, auth: { token } })).client;
      for (const method of ["device.pair.approve", "device.token.rotate"]) {
        for (const params of ['{"__proto__":{"requestId":"x"}}', '{"deviceId":{"constructor":1},"role":"x"}']) {
          inside.sendRaw(`{"type":"req","id":"p","method":"${method}","params":${params}}`);
          assert.match(
            String((await inside.response("p")).error?.message),
            /^invalid device\.\S+ params: at .*unexpected/,
          );
        }
        inside.sendRaw(`{"type":"req","id":"d","method":"${method}","params":${"[".repeat(80)}${"]".repeat(80)}}`);
        assert.match(String((await inside.response("invalid")).error?.message), /nested deeper/);
      }
      inside.sendRaw(`{"type":"req","id":"b","method":"device.pair.list","params":"${"x".repeat(524_288)}"}`);
      assert.equal((await inside.closed()).code, 1009);
    });
    assert.equal(({} as { id?: unknown }).id, undefined);
  });
});
