import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { connect as openSocket } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { canonicalAddress, CLIENT_IDS, CLIENT_MODES, secretEquals } from "openclaw/plugin-sdk";
import type { ConnectParams, GatewayClient } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { Throttle } from "../../kernel/auth/throttle.ts";
import { createDeviceKey, withDevice } from "../wire/device-key.ts";
import { connectParams, loggedIn, RawClient, UpgradeRefused } from "../wire/raw-client.ts";
import type { RawOptions } from "../wire/raw-client.ts";
import { startToyGateway } from "../wire/toy-gateway.ts";
import { refusedStart, startGatewayProcess } from "./gateway-process.ts";
import type { GatewayProcess } from "./gateway-process.ts";
import { RawHttp, statusOf, upgradeLines } from "./raw-http.ts";

const MIB = 1_048_576;
const ROOT = join(import.meta.dirname, "..", "..");

/** The rest of the world goes on. */
async function assertServes(witness: GatewayClient): Promise<void> {
  assert.equal((await witness.request<{ ok: boolean }>("health", {})).ok, true);
}

/** The message of a refused login, or "ok". */
async function attempt(url: string, params: unknown, options: RawOptions = {}): Promise<string> {
  await using client = await RawClient.open(url, options);
  const answer = await client.connect(params);
  return answer.ok ? "ok" : String(answer.error?.message);
}

/** HTTP status of the upgrade, 101 when it was granted. */
async function upgradeStatus(url: string, options: RawOptions = {}): Promise<number> {
  try {
    await using _client = await RawClient.open(url, options);
    return 101;
  } catch (error) {
    if (error instanceof UpgradeRefused) return error.status;
    throw error;
  }
}

test("S-01 the gateway listens on loopback unless told otherwise", async () => {
  await using gateway = await startToyGateway();
  const outside = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .find(({ internal, family }) => !internal && family === "IPv4")?.address;

  assert.equal(gateway.run.info.host, "127.0.0.1");
  assert.equal(await upgradeStatus(`ws://127.0.0.1:${gateway.port}`), 101);
  if (outside !== undefined) {
    const socket = openSocket(gateway.port, outside);
    const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
    assert.equal(error.code, "ECONNREFUSED");
  }
});

test("S-01 a bind beyond loopback needs a secret, and a long one", async () => {
  const lan = (auth: object) => ({ config: { gateway: { mode: "local", auth } }, options: { bind: "lan" as const } });
  await using good = await startToyGateway([], lan({ token: "x".repeat(24) }));
  assert.equal(good.run.info.host, "0.0.0.0");

  await assert.rejects(
    startToyGateway([], lan({ token: "x".repeat(23) })),
    /gateway\.auth\.token is too short: 24 char/,
  );
  await assert.rejects(
    startToyGateway([], lan({ mode: "none" })),
    /refusing to bind gateway to 0\.0\.0\.0 without auth/,
  );
  await assert.rejects(startToyGateway([], lan({ mode: "password" })), /set gateway\.auth\.password/);
});

test("S-01 the command line says in one line why and which key to set", async () => {
  const open = refusedStart({ config: { gateway: { mode: "local" } }, args: ["--bind", "lan"] });
  const short = refusedStart({
    config: { gateway: { mode: "local", auth: { token: "short" } } },
    args: ["--bind", "lan"],
  });

  for (const [ended, text] of [
    [await open, /refusing to bind gateway to 0\.0\.0\.0 without auth: set gateway\.auth\.token/],
    [await short, /gateway\.auth\.token is too short: 24 characters at least to bind 0\.0\.0\.0/],
  ] as const) {
    assert.equal(ended.code, 78);
    assert.equal(ended.output.split("\n").filter((line) => text.test(line)).length, 1, ended.output);
    assert.ok(!/^\s+at /m.test(ended.output), "no stack");
  }
});

test("S-02 only the gateway's own names are served, over HTTP and on upgrade", async () => {
  const gatewayConfig = {
    mode: "local",
    auth: { token: "test-token-0123456789abcdef" },
    hostNames: ["gw.example"],
    tailscale: { mode: "serve" },
  };
  await using gateway = await startToyGateway([], { config: { gateway: gatewayConfig } });
  const witness = await gateway.client();
  const { port } = gateway;
  const own = [
    `127.0.0.1:${port}`,
    `localhost:${port}`,
    `LOCALHOST:${port}`,
    `[::1]:${port}`,
    "gw.example",
    "me.ts.net",
  ];
  const foreign: string[][] = [
    ["evil.example"],
    [`evil.example:${port}`],
    [`127.0.0.1.evil.example:${port}`],
    [`localhost.evil.example:${port}`],
    [`evil-localhost:${port}`],
    [`127.0.0.2:${port}`],
    [`0.0.0.0:${port}`],
    [`2130706433:${port}`],
    [`localhost:${port + 1}`],
    ["localhost"],
    ["ts.net"],
    [""],
    [`localhost:${port}, evil.example`],
    [`user@localhost:${port}`],
    [`localhost:${port}/x`],
    [],
    [`localhost:${port}`, `localhost:${port}`],
    [`localhost:${port}`, "evil.example"],
  ];

  for (const host of own) {
    assert.equal(await statusOf(port, [`GET /nothing HTTP/1.1`, `Host: ${host}`]), 404, host);
    assert.equal(await statusOf(port, upgradeLines([host])), 101, host);
  }
  for (const hosts of foreign) {
    const lines = hosts.map((host) => `Host: ${host}`);
    for (const request of [["GET /nothing HTTP/1.1", ...lines], upgradeLines(hosts)]) {
      const status = await statusOf(port, request);
      // Node itself turns some of them away, with 400.
      assert.ok([400, 421].includes(status), `${hosts.join(" + ") || "none"}: ${status}`);
    }
    await assertServes(witness);
  }
  assert.equal(await statusOf(port, ["GET / HTTP/1.0"]), 421);
});

test("S-02 a name of Tailscale is ours only where Tailscale serves the gateway", async () => {
  await using gateway = await startToyGateway();

  assert.equal(await statusOf(gateway.port, upgradeLines(["me.ts.net"])), 421);
  assert.equal(await statusOf(gateway.port, ["GET /nothing HTTP/1.1", "Host: me.ts.net"]), 421);
});

test("S-03 a foreign page is refused with a valid token, for every client, mode and role", async (t) => {
  await using gateway = await startToyGateway();
  const witness = await gateway.client();
  const own = `http://127.0.0.1:${gateway.port}`;
  const foreign = [
    "http://evil.example",
    "null",
    `http://localhost:${gateway.port + 1}`,
    `https://127.0.0.1:${gateway.port}`,
  ];
  let cases = 0;

  for (const id of CLIENT_IDS) {
    for (const mode of CLIENT_MODES) {
      for (const role of ["operator", "node"]) {
        const params = connectParams(gateway.token, { client: { id, mode, version: "1", platform: "x" }, role });
        const allowed = await attempt(gateway.url, params, { headers: { origin: own } });
        // The control page also wants a device.
        assert.match(allowed, id === "openclaw-control-ui" ? /secure context/ : /^ok$/, `${id} ${mode} ${role}`);
        const origin = foreign[cases++ % foreign.length] as string;
        assert.match(
          await attempt(gateway.url, params, { headers: { origin } }),
          /^origin not allowed/,
          `${id} ${origin}`,
        );
      }
    }
  }
  await assertServes(witness);
  assert.ok(cases >= 168);
  t.diagnostic(`${cases} cases`);
});

test("S-03 the owner can list origins, the exact ones only", async () => {
  const controlUi = { allowedOrigins: ["https://Desk.example:8443"] };
  const config = { gateway: { mode: "local", auth: { token: "test-token-0123456789abcdef" }, controlUi } };
  await using gateway = await startToyGateway([], { config });
  const params = connectParams(gateway.token);
  const from = (origin: string) => attempt(gateway.url, params, { headers: { origin } });

  assert.equal(await from("https://desk.example:8443"), "ok");
  for (const origin of ["http://desk.example:8443", "https://desk.example", "https://a.desk.example:8443"])
    assert.match(await from(origin), /^origin not allowed/);
});

test("S-03 a foreign page gets nothing over HTTP either", async () => {
  await using gateway = await startToyGateway();
  const { port } = gateway;
  const ask = (origin: string) =>
    statusOf(port, ["GET /nothing HTTP/1.1", `Host: 127.0.0.1:${port}`, `Origin: ${origin}`]);

  assert.equal(await ask(`http://localhost:${port}`), 404);
  for (const origin of ["http://evil.example", "null", `http://127.0.0.1:${port + 1}`])
    assert.equal(await ask(origin), 403);
});

/** Try until the budget lets a good client in. */
async function loginWithin(url: string, token: string, ms: number): Promise<void> {
  await eventually("a good login", async () => (await attempt(url, connectParams(token))) === "ok", ms);
}

test("S-04 of a burst of strangers 32 are held, and a good client gets in among them", async () => {
  await using gateway = await startToyGateway();
  const witness = await gateway.client();
  const idle: RawClient[] = [];
  const refused: number[] = [];
  const open = async () => {
    try {
      idle.push(await RawClient.open(gateway.url));
    } catch (error) {
      refused.push((error as UpgradeRefused).status);
    }
  };

  await Promise.all(Array.from({ length: 300 }, open));
  const startedAt = performance.now();
  await loginWithin(gateway.url, gateway.token, 1_000);
  assert.ok(performance.now() - startedAt < 1_000);
  await assertServes(witness);

  const held = idle.filter((client) => client.isOpen).length;
  assert.ok(held <= 32, `${held} held`);
  assert.equal(idle.length + refused.length, 300);
  assert.ok(refused.length > 0 && refused.every((status) => status === 503));
  for (const client of idle) await client[Symbol.asyncDispose]();
});

test("S-04 the oldest idle stranger gives way to a newcomer, one for one", async () => {
  await using gateway = await startToyGateway();
  const idle: RawClient[] = [];
  for (let i = 0; i < 32; i++) idle.push(await RawClient.open(gateway.url));
  await eventually("the newcomer", async () => (await upgradeStatus(gateway.url)) === 101, 1_000);

  assert.deepEqual(await idle[0]?.closed(), { code: 1008, reason: "too many connections without login" });
  assert.ok(idle.slice(1).every((client) => client.isOpen));
  for (const client of idle) await client[Symbol.asyncDispose]();
});

test("S-04 a burst after that holds no more than 32 either", async () => {
  await using gateway = await startToyGateway();
  const clients: RawClient[] = [];
  for (let i = 0; i < 32; i++) clients.push(await RawClient.open(gateway.url));
  // All are old enough now to give way.
  await eventually("the newcomer", async () => (await upgradeStatus(gateway.url)) === 101, 1_000);
  await Promise.all(
    Array.from({ length: 100 }, () =>
      RawClient.open(gateway.url).then(
        (client) => clients.push(client),
        () => undefined,
      ),
    ),
  );
  await loginWithin(gateway.url, gateway.token, 1_000);

  const held = clients.filter((client) => client.isOpen).length;
  assert.ok(held <= 32, `${held} held`);
  for (const client of clients) await client[Symbol.asyncDispose]();
});

test("S-04 strangers of many addresses hold 256 sockets between them, and the owner gets in among them", async () => {
  const token = "test-token-0123456789abcdef";
  const config = { gateway: { mode: "local", auth: { token }, trustedProxies: ["127.0.0.1"] } };
  await using gateway = await startToyGateway([], { config });
  const witness = await gateway.client();
  const clients: RawClient[] = [];
  const refused: number[] = [];
  const open = (n: number) =>
    RawClient.open(gateway.url, { headers: { "x-forwarded-for": `203.0.${n >> 8}.${n & 255}` } }).then(
      (client) => clients.push(client),
      (error: UpgradeRefused) => refused.push(error.status),
    );

  await Promise.all(Array.from({ length: 320 }, (_, n) => open(n)));
  await loginWithin(gateway.url, token, 1_000);
  await assertServes(witness);

  const held = clients.filter((client) => client.isOpen).length;
  assert.ok(held > 200 && held <= 256, `${held} held`);
  assert.equal(clients.length + refused.length, 320);
  assert.ok(refused.every((status) => status === 503));
  for (const client of clients) await client[Symbol.asyncDispose]();
});

test("S-04 who has logged in does not count as a stranger", async () => {
  await using gateway = await startToyGateway();
  const clients: RawClient[] = [];
  for (let i = 0; i < 60; i++) clients.push(await loggedIn(gateway));

  assert.ok(clients.every((client) => client.isOpen));
  for (const client of clients) await client[Symbol.asyncDispose]();
});

/** Send `data` as the first message and wait for the close. */
async function firstMessage(gateway: GatewayProcess, data: string): Promise<number> {
  await using client = await RawClient.open(gateway.url);
  client.sendRaw(data);
  return (await client.closed()).code;
}

/** Both mostly wait, each for a gateway of its own. */
suite("S-04 in a process of its own", { concurrency: true }, () => {
  test("S-04 300 sockets that say nothing at all are closed within 11 s", async () => {
    await using gateway = await startGatewayProcess();
    const startedAt = performance.now();
    const sockets = Array.from({ length: 300 }, () => openSocket(gateway.port, "127.0.0.1"));
    const closed = Promise.all(
      sockets.map(async (socket) => {
        socket.on("error", () => undefined);
        socket.resume();
        await once(socket, "close");
      }),
    );

    await loginWithin(gateway.url, gateway.token, 1_000);
    await closed;

    assert.ok(performance.now() - startedAt < 11_000);
    await loginWithin(gateway.url, gateway.token, 1_000);
  });

  test("S-04 strangers cost little memory, whatever they send", { skip: process.platform !== "linux" }, async (t) => {
    await using gateway = await startGatewayProcess();
    const good = JSON.stringify({ type: "req", id: 1, method: "connect", params: connectParams(gateway.token) });
    const hostile: [string, number][] = [
      [good.replace("{", `{"x":"${"x".repeat(70_000)}",`), 1009],
      [good.replace("{", `{"x":"${"x".repeat(600_000)}",`), 1009],
      [good.replace("{", `{"x":"${"x".repeat(30 * MIB)}",`), 1009],
      ["[".repeat(60_000), 1008],
      ['{"a":'.repeat(13_000), 1008],
    ];
    const idle = async () => {
      const clients: RawClient[] = [];
      for (let i = 0; i < 300; i++)
        await RawClient.open(gateway.url).then(
          (client) => clients.push(client),
          () => undefined,
        );
      for (const client of clients) await client[Symbol.asyncDispose]();
    };
    // Once to bring the process to its working size, so that what is measured is what the load costs.
    for (const [data, code] of hostile) assert.equal(await firstMessage(gateway, data), code);
    await idle();

    const before = gateway.residentBytes();
    for (let round = 0; round < 2; round++) for (const [data] of hostile) await firstMessage(gateway, data);
    const afterFrames = gateway.residentBytes();
    await idle();
    const afterIdle = gateway.residentBytes();

    await loginWithin(gateway.url, gateway.token, 1_000);
    t.diagnostic(
      `frames ${((afterFrames - before) / MIB).toFixed(1)} MiB, idle ${((afterIdle - afterFrames) / MIB).toFixed(1)} MiB`,
    );
    assert.ok(afterFrames - before < 5 * MIB);
    assert.ok(afterIdle - afterFrames < 20 * MIB);
  });
});

test("S-05 nothing but a connect in text opens a session", async () => {
  await using gateway = await startToyGateway();
  const witness = await gateway.client();
  const good = JSON.stringify({ type: "req", id: 1, method: "connect", params: connectParams(gateway.token) });
  const wrong = [
    good.replace('"connect"', '"health"'),
    good.replace("}", ""),
    `[${good}]`,
    Buffer.from(good),
    "",
    '"connect"',
  ];

  assert.equal(await attempt(gateway.url, connectParams(gateway.token)), "ok");
  for (const data of wrong) {
    await using client = await RawClient.open(gateway.url);
    client.sendRaw(data);
    // The first is answered and ignored, the good one after it too.
    client.sendRaw(good);
    assert.equal((await client.closed()).code, 1008);
    assert.ok(!client.frames.some(({ ok }) => ok));
    await assertServes(witness);
  }
});

test("S-06 every mix of good, bad and absent proofs ends as the table says", async (t) => {
  await using gateway = await startToyGateway();
  const key = createDeviceKey();
  let cases = 0;

  for (const scopes of ["good", "bad", "absent"] as const) {
    for (const device of ["good", "bad", "absent"] as const) {
      for (const signature of ["good", "bad"] as const) {
        for (const token of ["good", "bad", "absent"] as const) {
          if (device === "absent" && signature === "bad") continue;
          const verdict =
            scopes === "bad"
              ? "unknown scope: operator.root"
              : device === "absent" && token === "absent"
                ? "device identity required"
                : device === "bad"
                  ? "device identity mismatch"
                  : signature === "bad"
                    ? "device signature invalid"
                    : token === "good"
                      ? "ok"
                      : `unauthorized: gateway token ${token === "bad" ? "mismatch" : "missing"} (provide gateway auth token)`;
          // A gateway of its own after each wrong secret would be slow: a good login clears the count.
          assert.equal(await attempt(gateway.url, connectParams(gateway.token)), "ok");
          await using client = await RawClient.open(gateway.url);
          const { payload } = await client.challenge();
          const auth = token === "good" ? { token: gateway.token } : token === "bad" ? { token: "wrong" } : undefined;
          const named = scopes === "absent" ? {} : { scopes: [scopes === "good" ? "operator.read" : "operator.root"] };
          const params = connectParams(undefined, { ...named, ...(auth && { auth }) });
          const signed = withDevice(params, key, { nonce: String(payload?.["nonce"]) });
          const proof = {
            ...signed.device,
            ...(device === "bad" && { id: "0".repeat(64) }),
            ...(signature === "bad" && { signature: Buffer.alloc(64).toString("base64url") }),
          } as NonNullable<ConnectParams["device"]>;
          const answer = await client.connect(device === "absent" ? params : { ...signed, device: proof });
          const said = answer.ok ? "ok" : answer.error?.message;
          assert.equal(said, verdict, `scopes ${scopes}, device ${device}, signature ${signature}, token ${token}`);
          cases++;
        }
      }
    }
  }
  assert.equal(cases, 45);
  t.diagnostic(`${cases} cases`);
});

/** 60 wrong secrets by every way into the same address. */
async function hammer(
  gateway: TestGateway,
  wrong: ConnectParams["auth"],
): Promise<{ evaluated: number; waits: number[] }> {
  const host = `127.0.0.1:${gateway.port}`;
  const ways = [
    `ws://127.0.0.1:${gateway.port}`,
    `ws://[::1]:${gateway.port}`,
    `ws://[::ffff:127.0.0.1]:${gateway.port}`,
  ];
  const key = createDeviceKey();
  const waits: number[] = [];
  let evaluated = 0;
  for (let i = 0; i < 60; i++) {
    await using client = await RawClient.open(ways[i % ways.length] as string, { headers: { host } });
    const { payload } = await client.challenge();
    const params = connectParams(undefined, { auth: wrong ?? {} });
    const { error } = await client.connect(
      i % 2 ? withDevice(params, key, { nonce: String(payload?.["nonce"]) }) : params,
    );
    if (error?.message.includes("mismatch")) evaluated++;
    else assert.equal(error?.message, "unauthorized: too many failed attempts; try again later");
    if (error?.["retryAfterMs"] !== undefined) waits.push(error["retryAfterMs"] as number);
  }
  return { evaluated, waits };
}

test("S-07 wrong tokens of one address are counted together, a right one gets in all the same", async () => {
  await using gateway = await startToyGateway();
  const witness = await gateway.client();

  const { evaluated, waits } = await hammer(gateway, { token: "wrong", password: "also wrong" });

  assert.ok(evaluated >= 10 && evaluated <= 12, `${evaluated} evaluated`);
  assert.ok(waits.length >= 48 && waits.every((ms) => ms > 0 && ms <= 60_000));
  const startedAt = performance.now();
  assert.equal(await attempt(gateway.url, connectParams(gateway.token)), "ok");
  assert.ok(performance.now() - startedAt < 1_000);
  await assertServes(witness);
});

test("S-07 in back-off a password is not looked at, the right one neither", async () => {
  const password = "correct horse";
  const config = { gateway: { mode: "local", auth: { mode: "password", password } } };
  await using gateway = await startToyGateway([], { config });
  await using witness = await loggedIn(gateway, { auth: { password } });
  const right = connectParams(undefined, { auth: { password } });

  const { evaluated } = await hammer(gateway, { password: "wrong" });
  const during = await attempt(gateway.url, right);

  assert.ok(evaluated >= 10 && evaluated <= 12, `${evaluated} evaluated`);
  assert.equal(during, "unauthorized: too many failed attempts; try again later");
  assert.equal((await witness.request("health")).ok, true);
  await eventually("the end of the back-off", async () => (await attempt(gateway.url, right)) === "ok", 3_000);
});

test("S-07 unit: delays double from one second to a minute, per address and kind", () => {
  const clock = { ms: 0 };
  const throttle = new Throttle(() => clock.ms);
  const fail = (address = "192.0.2.1", kind = "token") => {
    throttle.failed(address, kind);
    return throttle.waitMs(address, kind);
  };

  for (let i = 0; i < 9; i++) assert.equal(fail(), 0);
  const waits: number[] = [];
  for (let i = 0; i < 8; i++) {
    waits.push(fail());
    clock.ms += waits.at(-1) as number;
  }
  assert.deepEqual(
    waits,
    [1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * 1_000),
  );
  assert.equal(throttle.waitMs("192.0.2.2", "token"), 0);
  for (let i = 0; i < 10; i++) fail("192.0.2.1", "password");
  throttle.succeeded("192.0.2.1", "token");
  assert.ok(throttle.waitMs("192.0.2.1", "password") > 0, "a success of another kind resets nothing");
});

test("S-07 unit: who stays away for a minute after the wait begins anew", () => {
  const clock = { ms: 0 };
  const throttle = new Throttle(() => clock.ms);
  for (let i = 0; i < 12; i++) throttle.failed("192.0.2.1", "token");
  assert.equal(throttle.waitMs("192.0.2.1", "token"), 4_000);

  clock.ms += 64_001;
  throttle.failed("192.0.2.1", "token");

  assert.equal(throttle.waitMs("192.0.2.1", "token"), 0);
});

test("S-07 unit: ten failures count only within a minute", () => {
  const clock = { ms: 0 };
  const throttle = new Throttle(() => clock.ms);

  for (let i = 0; i < 100; i++) {
    throttle.failed("192.0.2.1", "token");
    assert.equal(throttle.waitMs("192.0.2.1", "token"), 0);
    clock.ms += 6_700;
  }
});

test("S-07 unit: an address is one address however it is written", () => {
  for (const address of ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1", "::FFFF:127.0.0.1"])
    assert.equal(canonicalAddress(address), "loopback");
  assert.equal(canonicalAddress("::ffff:192.0.2.1"), canonicalAddress("192.0.2.1"));
  assert.equal(canonicalAddress("2001:db8:1:2:3:4:5:6"), canonicalAddress("2001:db8:1:2::9"));
  assert.notEqual(canonicalAddress("2001:db8:1:2::9"), canonicalAddress("2001:db8:1:3::9"));
  assert.equal(canonicalAddress("fe80::1%eth0"), canonicalAddress("fe80::2"));
});

test("S-07 unit: the table holds ten thousand addresses and forgets the oldest", () => {
  const throttle = new Throttle(() => 0);
  for (let i = 0; i < 10; i++) throttle.failed("192.0.2.1", "token");
  for (let i = 0; i < 9_999; i++) throttle.failed(`10.0.${i >> 8}.${i & 255}`, "token");
  assert.ok(throttle.waitMs("192.0.2.1", "token") > 0);

  throttle.failed("10.1.0.0", "token");

  assert.equal(throttle.waitMs("192.0.2.1", "token"), 0);
});

test("S-08 unit: a secret equals itself only", () => {
  const secret = "s3cret-0123456789";

  assert.equal(secretEquals(secret, secret), true);
  for (const other of [
    "",
    " ",
    secret.slice(0, -1),
    `${secret}x`,
    `${secret}\0`,
    secret.toUpperCase(),
    "x".repeat(1e6),
  ])
    assert.equal(secretEquals(other, secret), false);
  for (const other of [undefined, null, 0, true, {}, [secret], Buffer.from(secret)])
    assert.equal(secretEquals(other, secret), false);
  for (const empty of ["", undefined]) assert.equal(secretEquals(empty, empty), false);
});

test("S-08 static: secrets are compared in one place", () => {
  const files = ["kernel", "sdk", "plugins"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && !file.includes("node_modules"))
      .map((file) => join(folder, file)),
  );
  // What is compared with nothing, or asked for its type, is a question of presence; counts of tokens are no secrets.
  const secret = String.raw`\b[\w.?]*(?:[tT]oken|[sS]ecret|[pP]assword|[sS]ignature)\b`;
  const nothing = String.raw`(?!=|\s*(?:undefined\b|null\b|""))`;
  const comparison = new RegExp(
    String.raw`(?<!typeof [\w.?]*)${secret}\s*[!=]==?${nothing}|[\w)]\s*[!=]==?\s*${secret}`,
  );
  for (const line of ["if (token === expected)", "given !== auth.token", "a.gatewayToken == b"])
    assert.match(line, comparison);
  assert.doesNotMatch(`typeof found?.token === "string"`, comparison);
  const found = files.flatMap((file) =>
    readFileSync(join(ROOT, file), "utf8")
      .split("\n")
      .filter((line) => line.includes("timingSafeEqual") || comparison.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );

  assert.ok(files.length > 100);
  assert.deepEqual(
    found.filter((line) => !line.startsWith(join("sdk", "secret.ts"))),
    [],
  );
  assert.equal(found.length, 2);
});

test("S-09 a credential that may read is not made to do more by asking", async () => {
  await using gateway = await startToyGateway(["toy", "toy-auth"]);
  const client = { id: "test", version: "1", platform: "x", mode: "test", instanceId: "grant:operator.read" } as const;
  await using greedy = await loggedIn(gateway, { client, scopes: ["operator.admin"] });

  assert.deepEqual((await greedy.request("toy.read")).payload?.["scopes"], ["operator.read"]);
  for (const scope of ["write", "approvals", "pairing", "admin"])
    assert.equal((await greedy.request(`toy.${scope}`)).error?.message, `missing scope: operator.${scope}`);
  // Asking again on the same connection raises nothing.
  await greedy.connect(connectParams(gateway.token, { scopes: ["operator.admin"] }), "again");
  assert.equal((await greedy.request("toy.admin")).error?.message, "missing scope: operator.admin");
});

test("S-09 a scope that does not exist is refused with a right token", async () => {
  await using gateway = await startToyGateway();

  assert.equal(await attempt(gateway.url, connectParams(gateway.token, { scopes: ["operator.read"] })), "ok");
  for (const scope of ["operator.raed", "operator.*", "admin", "operator.admin "])
    assert.equal(
      await attempt(gateway.url, connectParams(gateway.token, { scopes: ["operator.read", scope] })),
      `unknown scope: ${scope}`,
    );
});

const FORWARDING = [
  "X-Forwarded-For",
  "X-Forwarded-Host",
  "X-Forwarded-Proto",
  "X-Forwarded",
  "X-Real-IP",
  "X-Client-IP",
  "X-Cluster-Client-IP",
  "X-Original-Forwarded-For",
  "X-Envoy-External-Address",
  "Forwarded",
  "Via",
  "True-Client-IP",
  "CF-Connecting-IP",
  "CF-Ray",
  "Fly-Client-IP",
  "Fastly-Client-IP",
  "Tailscale-User-Login",
  "Tailscale-User-Name",
];

test("S-12 a device is taken as local only over a socket that nobody forwarded", async (t) => {
  await using gateway = await startToyGateway();
  const witness = await gateway.client();
  const key = createDeviceKey();
  const from = async (headers: Record<string, string>) => {
    await using client = await RawClient.open(gateway.url, { headers });
    const { payload } = await client.challenge();
    const params = withDevice(connectParams(gateway.token), key, { nonce: String(payload?.["nonce"]) });
    const answer = await client.connect(params);
    return answer.ok ? "ok" : answer.error?.message;
  };

  assert.equal(await from({}), "ok");
  for (const name of FORWARDING) {
    for (const value of ["203.0.113.9", "127.0.0.1", ""])
      assert.equal(await from({ [name]: value }), "pairing required", `${name}: ${value}`);
  }
  assert.match(String(await from({ origin: "http://evil.example" })), /^origin not allowed/);
  await assertServes(witness);
  t.diagnostic(`${FORWARDING.length * 3} cases`);
});

test("S-13 a forged identity opens nothing", async () => {
  await using gateway = await startToyGateway();
  const headers = {
    "tailscale-user-login": "owner@example.com",
    "x-forwarded-for": "100.64.0.1",
    "x-forwarded-proto": "https",
    "x-forwarded-host": "me.ts.net",
  };

  assert.equal(await attempt(gateway.url, connectParams(gateway.token), { headers }), "ok");
  assert.equal(await attempt(gateway.url, connectParams(undefined), { headers }), "device identity required");
  await using http = new RawHttp(gateway.port);
  http.head("GET /x HTTP/1.1", `Host: 127.0.0.1:${gateway.port}`, "Tailscale-User-Login: owner@example.com");
  assert.equal((await http.answer()).status, 404);
});
