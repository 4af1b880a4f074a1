import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { statusBlock } from "../../plugins/methods/system/cli/status-block.ts";
import { root } from "../support/build.ts";
import { run, startGateway, testHome, TOKEN } from "../support/command-line.ts";
import type { Running, TestHome } from "../support/command-line.ts";

const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };

/** cli.md §2.2, byte for byte. */
const GOLDEN = `\
Gateway Status
--------------
Runtime:     running
RPC probe:   ok (190ms)
Version:     2026.1.29
Uptime:      2h 34m
PID:         12345
Port:        18789
Bind:        loopback (127.0.0.1)
Auth:        token (configured)
Config path: ~/.openclaw/openclaw.json
Probe target: ws://127.0.0.1:18789
Config (cli):     profile=default, port=18789, bind=loopback
Config (service): profile=default, port=18789, bind=loopback
Last gateway error: (none)`;

test("the block of gateway status is laid out as scripts expect it", () => {
  const own = "profile=default, port=18789, bind=loopback";

  const text = statusBlock({
    runtime: "running",
    rpc: "ok (190ms)",
    version: "2026.1.29",
    uptime: "2h 34m",
    pid: "12345",
    port: "18789",
    bind: "loopback (127.0.0.1)",
    auth: "token (configured)",
    configPath: "~/.openclaw/openclaw.json",
    probeTarget: "ws://127.0.0.1:18789",
    cli: own,
    service: own,
    lastError: "(none)",
  });

  assert.equal(text, GOLDEN);
});

suite("with a gateway", { concurrency: 2 }, () => {
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

  const json = async <T>(...args: string[]) => JSON.parse((await run(at, [...args, "--json"])).stdout) as T;

  test("gateway status fills the block", async () => {
    const { code, stdout } = await run(at, ["gateway", "status"]);

    const shape = stdout
      .replace(/\d+ms/, "Nms")
      .replace(/^Uptime: .*$/m, "Uptime:      Ns")
      .replace(/\d{4}-\d\d-\d\d/, "DAY")
      .replaceAll(at.home, "~");
    assert.equal(code, 0);
    assert.equal(
      shape,
      `\
Gateway Status
--------------
Runtime:     unknown (no service is installed)
RPC probe:   ok (Nms)
Version:     ${version}
Uptime:      Ns
PID:         ${gateway.pid}
Port:        ${at.port}
Bind:        loopback (127.0.0.1)
Auth:        token (configured)
Config path: ~/.openclaw/openclaw.json
Probe target: ws://127.0.0.1:${at.port}
Config (cli):     profile=default, port=${at.port}, bind=loopback
Config (service): (none)
Last gateway error: (none)

File logs: ~/.openclaw/logs/openclaw-DAY.log
Listening: port ${at.port} pid ${gateway.pid} (openclaw-gateway)
`,
    );
  });

  test("gateway status --json holds the same for scripts", async () => {
    const status = await json<{ ok: boolean; summary: Record<string, unknown>; rpc: { ok: boolean } }>(
      "gateway",
      "status",
    );

    const { rpcLatencyMs, uptimeMs, ...summary } = status.summary;
    assert.equal(typeof rpcLatencyMs, "number");
    assert.equal(typeof uptimeMs, "number");
    assert.deepEqual({ ok: status.ok, rpc: status.rpc.ok }, { ok: true, rpc: true });
    assert.deepEqual(summary, {
      runtime: "unknown",
      rpc: "ok",
      version,
      pid: gateway.pid,
      port: at.port,
      bind: "loopback",
      bindHost: "127.0.0.1",
      auth: "token",
      authConfigured: true,
      configPath: at.configPath,
      probeTarget: `ws://127.0.0.1:${at.port}`,
      profile: "default",
      configMismatch: [],
      lastError: null,
    });
  });

  test("gateway status --no-probe does not connect", async () => {
    const { code, stdout } = await run(at, ["gateway", "status", "--no-probe", "--url", "ws://127.0.0.1:1"]);

    assert.equal(code, 0);
    assert.match(stdout, /^RPC probe: {3}skipped$/m);
  });

  test("gateway probe begins with three lines that scripts know", async () => {
    const { code, stdout } = await run(at, ["gateway", "probe"]);

    const [first, second, third, fourth] = stdout.split("\n");
    assert.equal(code, 0);
    assert.match(first ?? "", /^Gateway probe: ok \(\d+ms\)$/);
    assert.deepEqual(
      [second, third, fourth],
      [`WS URL: ws://127.0.0.1:${at.port}`, "Auth: token (configured)", "RPC probe: ok"],
    );
  });

  test("gateway probe --json lists every target with what it answered", async () => {
    const { ok, primaryTargetId, targets } = await json<{
      ok: boolean;
      primaryTargetId: string;
      targets: { id: string; active: boolean; connect: { ok: boolean }; self: { version: string } }[];
    }>("gateway", "probe");

    assert.deepEqual({ ok, primaryTargetId, count: targets.length }, { ok: true, primaryTargetId: "local", count: 1 });
    assert.deepEqual(
      targets.map(({ id, active, connect, self }) => ({ id, active, ok: connect.ok, version: self.version })),
      [{ id: "local", active: true, ok: true, version }],
    );
  });

  test("health --json is the answer of the gateway", async () => {
    const [own, called] = await Promise.all([
      json<{ ok: boolean; version: string; gateway: object }>("health"),
      json<object>("gateway", "call", "health"),
    ]);

    assert.deepEqual(Object.keys(own), Object.keys(called));
    assert.deepEqual(
      { ok: own.ok, version: own.version, gateway: own.gateway },
      {
        ok: true,
        version,
        gateway: { port: at.port, bind: "loopback", auth: "token" },
      },
    );
  });

  test("health --format seed prints the plain form and nothing more", async () => {
    const plain = await json<Record<string, unknown>>("health", "--format", "seed");

    assert.deepEqual(Object.keys(plain), ["ok", "version", "uptime", "gateway", "channels", "models"]);
  });

  test("status says how the gateway lets clients in", async () => {
    const { code, stdout } = await run(at, ["status"]);

    assert.equal(code, 0);
    assert.match(stdout, /^Auth: token \(configured\)$/m);
    assert.match(stdout, new RegExp(`^Gateway: running at ws://127\\.0\\.0\\.1:${at.port} `, "m"));
    assert.match(stdout, /^Config: ~\/\.openclaw\/openclaw\.json \(valid\)$/m);
  });

  test("status --all can be pasted: configuration and log are in it, secrets are not", async () => {
    const { stdout } = await run(at, ["status", "--all"]);

    assert.match(stdout, /"token": "__OPENCLAW_REDACTED__"/);
    assert.match(stdout, /listening on ws:/);
    assert.equal(stdout.includes(TOKEN), false);
  });

  test("a flag reaches the command that was meant although its parents have one of that name", async () => {
    const [status, call, before, verbose, timeout] = await Promise.all([
      run(at, ["gateway", "status", "--json"]),
      run(at, ["gateway", "call", "health", "--token", "wrong-token-0123456789"]),
      run(at, ["gateway", "--token", "wrong-token-0123456789", "call", "health"]),
      run(at, ["gateway", "health", "--verbose"]),
      run(at, ["--timeout", "4000", "gateway", "call", "health", "--json"]),
    ]);

    assert.equal((JSON.parse(status.stdout) as { ok: boolean }).ok, true);
    assert.match(call.stderr, /unauthorized/);
    assert.match(before.stderr, /unauthorized/);
    assert.match(verbose.stdout, /^ {2}system: active$/m);
    assert.equal((JSON.parse(timeout.stdout) as { ok: boolean }).ok, true);
  });

  test("a wrong token is told with the code of the wire", async () => {
    const env = { OPENCLAW_GATEWAY_TOKEN: "wrong-token-0123456789" };

    const { code, stdout } = await run(at, ["health", "--json"], { env });

    const { error } = JSON.parse(stdout) as { error: { code: string; details: { wireCode: string } } };
    assert.deepEqual({ code, kind: error.code }, { code: 1, kind: "UNAUTHORIZED" });
    assert.equal(typeof error.details.wireCode, "string");
  });

  test("the configuration's token stays at home when another address is asked", async () => {
    const heard: string[] = [];
    const recorder = createServer((socket) =>
      socket.on("data", (data) => heard.push(String(data))).on("error", () => undefined),
    );
    await new Promise<void>((resolve) => recorder.listen(0, "127.0.0.1", resolve));
    const { port } = recorder.address() as { port: number };

    const { code } = await run(at, ["health", "--url", `ws://127.0.0.1:${port}`, "--timeout", "300"]);

    recorder.close();
    assert.equal(code, 124);
    assert.match(heard.join(""), /Upgrade: websocket/);
    assert.equal(heard.join("").includes(TOKEN), false);
  });

  test("parameters come from stdin when they are asked for from there", async () => {
    const { stdout } = await run(at, ["gateway", "call", "health", "--params", "-"], { input: "{ probe: true }" });

    assert.equal((JSON.parse(stdout) as { ok: boolean }).ok, true);
  });

  test("a gateway is found where it listens, whatever the configuration says by now", async () => {
    using other = await testHome();
    await using moved = await startGateway(other, ["--port", "0"]);
    const [, port] = await moved.prints(/listening on ws:\/\/127\.0\.0\.1:(\d+)/);

    const { code, stdout } = await run(other, ["gateway", "probe"]);

    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`^WS URL: ws://127\\.0\\.0\\.1:${port}$`, "m"));
    assert.notEqual(Number(port), other.port);
  });

  test("a gateway whose file was broken meanwhile says so", async () => {
    using other = await testHome();
    await using running = await startGateway(other);
    other.write('{ gateway: { mode: "local", port: "x" } }');
    await running.prints(/config reload: .* is wrong/);

    const health = await run(other, ["gateway", "call", "health", "--token", TOKEN]);
    const status = await run(other, ["status", "--token", TOKEN]);

    const { ready, issues } = JSON.parse(health.stdout) as { ready: boolean; issues: { path: string }[] };
    assert.deepEqual({ ready, path: issues[0]?.path }, { ready: false, path: "gateway.port" });
    assert.match(status.stdout, /^Config issue: gateway\.port: must be integer$/m);
  });
});

suite("without a gateway", { concurrency: 2 }, () => {
  let at: TestHome;
  before(async () => {
    at = await testHome();
  });
  after(() => at[Symbol.dispose]());

  test("a command that needs it names the target, where that came from, and what to do", async () => {
    const { code, stdout, stderr } = await run(at, ["health"]);

    assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
    assert.equal(
      stderr,
      `\
Gateway not reachable: connect ECONNREFUSED 127.0.0.1:${at.port}
Gateway target: ws://127.0.0.1:${at.port}
Source: local loopback
Config: ~/.openclaw/openclaw.json
Bind: loopback
Start it: openclaw gateway
Hint: openclaw gateway status
`,
    );
  });

  test("JSON carries the same as details", async () => {
    const { stdout } = await run(at, ["health", "--json", "--url", "ws://127.0.0.1:1"]);

    const { error } = JSON.parse(stdout) as { error: { code: string; details: Record<string, string> } };
    assert.equal(error.code, "GATEWAY_UNAVAILABLE");
    assert.deepEqual(
      { url: error.details["url"], source: error.details["source"], configPath: error.details["configPath"] },
      { url: "ws://127.0.0.1:1", source: "--url", configPath: at.configPath },
    );
  });

  test("the target of the environment is used and named", async () => {
    const { stderr } = await run(at, ["health"], { env: { OPENCLAW_GATEWAY_URL: "ws://127.0.0.1:1" } });

    assert.match(stderr, /^Gateway target: ws:\/\/127\.0\.0\.1:1\nSource: env$/m);
  });

  test("a remote gateway that is configured is the target, and probed beside our own", async () => {
    using other = await testHome({ gateway: { mode: "remote", remote: { url: "ws://127.0.0.1:1" } } });

    const { code, stdout } = await run(other, ["gateway", "probe"]);

    assert.equal(code, 1);
    assert.match(stdout, /^WS URL: ws:\/\/127\.0\.0\.1:1$/m);
    assert.match(stdout, new RegExp(`^ {2}local ws://127\\.0\\.0\\.1:${other.port}: connect ECONNREFUSED`, "m"));
  });

  test("status works and tells that the gateway is down", async () => {
    const { code, stdout } = await run(at, ["status"]);

    assert.equal(code, 0);
    assert.match(stdout, /^Gateway: not reachable at ws:/m);
    assert.match(stdout, /^Auth: token \(configured\)$/m);
  });

  test("gateway status names who holds the port instead, and what the gateway last complained of", async () => {
    using other = await testHome();
    const holder = createServer((socket) => socket.on("error", () => undefined).end("HTTP/1.1 404 Not Found\r\n\r\n"));
    await new Promise<void>((resolve) => holder.listen(other.port, "127.0.0.1", resolve));
    await run(other, ["gateway"]);

    const { code, stdout } = await run(other, ["gateway", "status"]);

    holder.close();
    assert.equal(code, 1);
    assert.match(stdout, /^Last gateway error: start failed: another gateway instance is already listening on ws:/m);
    assert.match(stdout, new RegExp(`^Port ${other.port} is held by pid ${process.pid}, which did not answer`, "m"));
  });

  test("without any secret the auth line says so", async () => {
    using other = await testHome(null);

    const { stdout } = await run(other, ["status"]);

    assert.match(stdout, /^Auth: token \(missing\)$/m);
    assert.match(stdout, /^Config: ~\/\.openclaw\/openclaw\.json \(missing\)$/m);
  });
});
