import assert from "node:assert/strict";
import { mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { GatewayClient } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import { run, start, startGateway, testHome, TOKEN } from "../support/command-line.ts";
import type { Running, TestHome } from "../support/command-line.ts";

interface Line {
  readonly type: "meta" | "log" | "notice" | "raw";
  readonly level?: string;
  readonly message?: string;
  readonly file?: string;
  readonly line?: string;
}

suite("openclaw logs", { concurrency: 2 }, () => {
  test("prints the newest lines of the gateway, oldest first", async () => {
    using at = await testHome();
    await using gateway = await startGateway(at);

    const { code, stdout, stderr } = await run(at, ["logs", "--limit", "3"]);

    const [first, second, third, ...more] = stdout.split("\n");
    assert.deepEqual({ code, stderr, more }, { code: 0, stderr: "", more: [""] });
    assert.match(first ?? "", /^\d{4}-\d\d-\d\dT[\d:.]+Z info {2}\[gateway\] plugins: /);
    assert.match(second ?? "", /^\S+ info {2}\[gateway\] ready \(\d+ ms\)$/);
    assert.match(third ?? "", /^\S+ info {2}\[plugin\/devices\] device [0-9a-f]{12} on this machine paired/);
    assert.ok(gateway.pid);
  });

  test("--json is one object per line, the file first", async () => {
    using at = await testHome();
    await using gateway = await startGateway(at);

    const { stdout } = await run(at, ["logs", "--limit", "1", "--json"]);

    const [meta, log, ...more] = parse(stdout);
    assert.deepEqual(more, []);
    assert.deepEqual(Object.keys(meta ?? {}), ["type", "file", "cursor", "size"]);
    assert.deepEqual(Object.keys(log ?? {}), ["type", "time", "level", "subsystem", "message", "raw"]);
    assert.ok(gateway.pid);
  });

  test("without a gateway the file is read, and that is said", async () => {
    using at = await testHome();
    const gateway = await startGateway(at);
    gateway.kill("SIGTERM");
    await gateway.ended;

    const { code, stdout, stderr } = await run(at, ["logs", "--limit", "1"]);
    const local = await run(at, ["logs", "--limit", "1", "--local"]);

    assert.equal(code, 0);
    assert.match(stdout, /ready/);
    assert.match(stderr, /^reading the file, the gateway does not answer: connect ECONNREFUSED/);
    assert.deepEqual({ stdout: local.stdout, stderr: local.stderr }, { stdout, stderr: "" });
  });

  test("a remote gateway that is down has no file here", async () => {
    using at = await testHome();

    const { code, stdout } = await run(at, ["logs", "--json", "--url", "ws://127.0.0.1:1"]);

    assert.equal(code, 1);
    assert.equal((JSON.parse(stdout) as { error: { code: string } }).error.code, "GATEWAY_UNAVAILABLE");
  });

  test("without any log there is nothing to show, and one line says so", async () => {
    using at = await testHome();

    const { code, stdout, stderr } = await run(at, ["logs", "--local"]);

    assert.deepEqual(
      [code, stdout, stderr],
      [1, "", "no log is there yet: ~/.openclaw/logs/openclaw-YYYY-MM-DD.log\n"],
    );
  });

  test("--level keeps what is as bad or worse, and lines of other programs are shown as they are", async () => {
    using at = await testHome();
    writeLog(at, [
      '{"time":"t1","level":"info","subsystem":"a","msg":"one"}',
      '{"time":"t2","level":"error","subsystem":"a","msg":"two\\u001b[31m"}',
      '{"0":"{\\"subsystem\\":\\"old\\"}","1":"three","_meta":{"logLevelName":"WARN","date":"t3"}}',
      "torn line",
    ]);

    const all = await run(at, ["logs", "--local"]);
    const warn = await run(at, ["logs", "--local", "--level", "warn", "--limit", "1"]);
    const json = await run(at, ["logs", "--local", "--json"]);

    assert.equal(all.stdout, "t1 info  [a] one\nt2 error [a] two\uFFFD[31m\nt3 warn  [old] three\ntorn line\n");
    assert.equal(warn.stdout, "t3 warn  [old] three\n");
    assert.deepEqual(parse(json.stdout).at(-1), { type: "raw", line: "torn line" });
  });

  test("a reader that goes away ends it silently", async () => {
    using at = await testHome();
    writeLog(
      at,
      Array.from({ length: 600 }, (_, n) => `{"time":"t","level":"info","subsystem":"s","msg":"${n}"}`),
    );
    await using logs = await start(at, ["logs", "--local", "--limit", "3000"]);

    logs.closeStdout();

    const { code, stderr } = await logs.ended;
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  });
});

suite("openclaw logs --follow", { concurrency: 2 }, () => {
  test("loses and repeats nothing while the log rotates and the gateway restarts", async () => {
    using at = await noisyHome();
    const gateway = await startGateway(at);
    await using logs = await follow(at);

    await noise(at, 1, 300);
    await reaches(logs, 300);
    gateway.kill("SIGTERM");
    await gateway.ended;
    await using second = await startGateway(at);
    await noise(at, 301, 600);
    await reaches(logs, 600);

    const numbers = numbersOf(logs);
    assert.deepEqual(
      numbers,
      Array.from({ length: 600 }, (_, index) => index + 1),
    );
    assert.ok(readdirSync(join(at.stateDir, "logs")).length > 4, "the log was rotated several times");
    assert.ok(second.pid);
  });

  test("goes on in the file while the gateway is down, and says both ways", async () => {
    using at = await noisyHome();
    const gateway = await startGateway(at);
    await using logs = await follow(at);
    gateway.kill("SIGTERM");
    await gateway.ended;
    await logs.prints(/reading the file, the gateway does not answer/);

    await using second = await startGateway(at);
    await logs.prints(/the gateway is back/);
    await noise(at, 1, 5);
    await reaches(logs, 5);

    const starts = parse(logs.stdout()).filter(({ message }) => message?.startsWith("ready ("));
    assert.equal(starts.length, 1, "what the second start wrote is there once");
    assert.ok(second.pid);
  });

  test("goes on after a file that was emptied in place", async () => {
    using at = await testHome();
    const path = writeLog(at, ["one", "two"]);
    await using logs = await start(at, ["logs", "--follow", "--local", "--interval", "20"]);
    await logs.prints(/two\n/);

    truncateSync(path, 0);
    await logs.prints(/emptied or removed/);
    writeFileSync(path, "three\n", { flag: "a" });
    await logs.prints(/three\n/);

    assert.equal(logs.stdout(), "one\ntwo\nthree\n");
  });

  test("goes on with the next day's file", async () => {
    using at = await testHome();
    const path = writeLog(at, ["one"]);
    await using logs = await start(at, ["logs", "--follow", "--local", "--interval", "20"]);
    await logs.prints(/one\n/);

    writeFileSync(path, "last\n", { flag: "a" });
    writeLog(at, ["two"], "2031-01-02");
    await logs.prints(/two\n/);

    assert.equal(logs.stdout(), "one\nlast\ntwo\n");
  });

  test("goes on with a new file in the place of one that was removed", async () => {
    using at = await testHome();
    const path = writeLog(at, ["one"]);
    await using logs = await start(at, ["logs", "--follow", "--local", "--interval", "20"]);
    await logs.prints(/one\n/);

    rmSync(path);
    await logs.prints(/no log is there yet/);
    writeLog(at, ["two"]);
    await logs.prints(/two\n/);

    assert.equal(logs.stdout(), "one\ntwo\n");
  });

  test("ends by the signal that interrupts it", async () => {
    using at = await testHome();
    writeLog(at, ["one"]);
    await using logs = await start(at, ["logs", "--follow", "--local"]);
    await logs.prints(/one\n/);

    logs.kill("SIGINT");

    const { code, signal, stderr } = await logs.ended;
    assert.deepEqual({ code, signal, stderr }, { code: null, signal: "SIGINT", stderr: "" });
  });

  test("shows a line when it is whole", async () => {
    using at = await testHome();
    const path = writeLog(at, ["one"]);
    await using logs = await start(at, ["logs", "--follow", "--local", "--interval", "20"]);
    await logs.prints(/one\n/);

    writeFileSync(path, "ha", { flag: "a" });
    const after = logs.prints(/half\n/);
    writeFileSync(path, "lf\n", { flag: "a" });
    await after;

    assert.equal(logs.stdout(), "one\nhalf\n");
  });
});

function parse(stdout: string): Line[] {
  return stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
}

function writeLog(at: TestHome, lines: readonly string[], day = "2031-01-01"): string {
  const folder = join(at.stateDir, "logs");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `openclaw-${day}.log`);
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

/** A home whose gateway has a method that logs, in files as small as they may be. */
async function noisyHome(): Promise<TestHome> {
  const at = await testHome({ logging: { maxFileBytes: 65_536 }, plugins: { entries: { noise: { enabled: true } } } });
  const folder = join(at.stateDir, "extensions", "noise");
  mkdirSync(folder, { recursive: true });
  const manifest = { id: "noise", contributes: { methods: { "noise.make": "operator.write" } } };
  writeFileSync(join(folder, "openclaw.plugin.json"), JSON.stringify(manifest));
  writeFileSync(
    join(folder, "index.mjs"),
    `import { definePlugin, Type } from "openclaw/plugin-sdk";
    export default definePlugin((gateway) => {
      gateway.method({
        name: "noise.make",
        scope: "operator.write",
        params: Type.Object({ from: Type.Integer(), to: Type.Integer() }),
        handle({ from, to }) {
          for (let n = from; n <= to; n++) gateway.log.info(\`noise \${n} \${".".repeat(1_000)}\`);
          return {};
        },
      });
    });`,
  );
  return at;
}

/** Fewer lines in a second than a plugin may write (reliability.md §9). */
const LINES_AT_ONCE = 50;
const PAUSE_MS = 300;

/** `from` to `to`, a few at a time, so that the log is read while it is written. */
async function noise(at: TestHome, from: number, to: number): Promise<void> {
  const identity = { id: "test", version: "1", platform: "test", mode: "test" } as const;
  const client = new GatewayClient({ url: `ws://127.0.0.1:${at.port}`, token: TOKEN, client: identity });
  await client.connect();
  for (let n = from; n <= to; n += LINES_AT_ONCE) {
    await client.request("noise.make", { from: n, to: Math.min(to, n + LINES_AT_ONCE - 1) });
    if (n + LINES_AT_ONCE <= to) await delay(PAUSE_MS);
  }
  await client.close();
}

async function follow(at: TestHome): Promise<Running> {
  const logs = await start(at, [
    "logs",
    "--follow",
    "--json",
    "--limit",
    "0",
    "--interval",
    "20",
    "--max-bytes",
    "4000",
  ]);
  await logs.prints(/"type":"meta"/);
  return logs;
}

function numbersOf(logs: Running): number[] {
  return [...logs.stdout().matchAll(/"message":"noise (\d+) /g)].map((match) => Number(match[1]));
}

async function reaches(logs: Running, last: number): Promise<void> {
  await eventually(`line ${last} is shown`, () => numbersOf(logs).at(-1) === last, 10_000);
}
