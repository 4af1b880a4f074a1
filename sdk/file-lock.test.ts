import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { test, type TestContext } from "node:test";
import { acquireLock, LockedError } from "./file-lock.ts";
import { startTimeOf } from "./process-life.ts";

const isLinux = process.platform === "linux";

function lockPath(context: TestContext): string {
  const directory = fs.mkdtempSync(join(tmpdir(), "lock-"));
  context.after(() => fs.rmSync(directory, { recursive: true, force: true }));
  return join(directory, "config.json.lock");
}

function read(path: string): Record<string, unknown> {
  return JSON.parse(fs.readFileSync(path, "utf8"));
}

/** The id of a process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ["--version"]).pid;
}

test("the lock file says who holds it, for its owner's eyes only", async (context) => {
  const path = lockPath(context);

  const lock = await acquireLock(path, { info: { port: 18789, pid: "not this one" } });

  const { id, createdAt, ...rest } = read(path);
  const startTime = startTimeOf(process.pid);
  assert.deepEqual(rest, { pid: process.pid, ...(startTime && { startTime }), port: 18789 });
  assert.match(String(id), /^[0-9a-f]{32}$/);
  assert.ok(Math.abs(Date.now() - Date.parse(String(createdAt))) < 60_000);
  if (process.platform !== "win32") assert.equal(fs.statSync(path).mode & 0o777, 0o600);
  lock.release();
});

test("release removes the lock file and can be called twice", async (context) => {
  const path = lockPath(context);

  const lock = await acquireLock(path);
  lock.release();
  lock.release();

  assert.deepEqual(fs.readdirSync(dirname(path)), []);
});

test("release leaves a lock alone that is no longer ours", async (context) => {
  const path = lockPath(context);
  const first = await acquireLock(path);
  fs.rmSync(path);
  const second = await acquireLock(path);

  first.release();

  assert.ok(fs.existsSync(path));
  second.release();
  assert.ok(!fs.existsSync(path));
});

test("a living owner is waited for and then named", async (context) => {
  const path = lockPath(context);
  const lock = await acquireLock(path);

  const started = performance.now();
  await assert.rejects(acquireLock(path, { waitMs: 100 }), (error) => {
    assert.ok(error instanceof LockedError);
    assert.equal(error.pid, process.pid);
    assert.equal(error.message, `locked by pid ${process.pid} (config.json.lock)`);
    return true;
  });

  assert.ok(performance.now() - started >= 100);
  lock.release();
});

test("who waits gets the lock when it is released", async (context) => {
  const path = lockPath(context);
  const first = await acquireLock(path);

  const waiting = acquireLock(path, { waitMs: 10_000 });
  first.release();
  const second = await waiting;

  second.release();
  assert.deepEqual(fs.readdirSync(dirname(path)), []);
});

test("waiting can be aborted", async (context) => {
  const path = lockPath(context);
  const lock = await acquireLock(path);
  const abort = new AbortController();

  const waiting = acquireLock(path, { signal: abort.signal });
  abort.abort();

  await assert.rejects(waiting, { name: "AbortError" });
  lock.release();
});

test("the lock of a process that is gone is taken over at once", async (context) => {
  const path = lockPath(context);
  fs.writeFileSync(path, JSON.stringify({ pid: deadPid(), id: "aa" }));

  const lock = await acquireLock(path, { waitMs: 0 });

  assert.equal(read(path)["pid"], process.pid);
  lock.release();
  assert.deepEqual(fs.readdirSync(dirname(path)), []);
});

test("a process id that was used again does not keep a lock", { skip: !isLinux }, async (context) => {
  const path = lockPath(context);
  const startTime = Number(startTimeOf(process.pid)) + 1;
  fs.writeFileSync(path, JSON.stringify({ pid: process.pid, startTime, id: "aa" }));

  const lock = await acquireLock(path, { waitMs: 0 });

  assert.notEqual(read(path)["id"], "aa");
  lock.release();
});

test("the lock of a process killed while it held it is taken over", async (context) => {
  const path = lockPath(context);
  const child = startScript(
    `await acquireLock(${JSON.stringify(path)}); console.log("held"); setInterval(() => {}, 1000);`,
  );
  await once(child.stdout, "data");
  await assert.rejects(acquireLock(path, { waitMs: 0 }), { pid: child.pid });

  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
  const lock = await acquireLock(path, { waitMs: 0 });

  lock.release();
});

test("a lock file without an owner counts as being written until it is old", async (context) => {
  const path = lockPath(context);
  for (const content of ["", "{", "7", '{"pid":-1}', '{"pid":"1"}']) {
    fs.writeFileSync(path, content);
    await assert.rejects(acquireLock(path, { waitMs: 0 }), { name: "LockedError", pid: undefined }, content);

    const minuteAgo = new Date(Date.now() - 60_000);
    fs.utimesSync(path, minuteAgo, minuteAgo);
    (await acquireLock(path, { waitMs: 0 })).release();
  }
  assert.deepEqual(fs.readdirSync(dirname(path)), []);
});

test("an id in a lock file leads to no other directory", async (context) => {
  const path = lockPath(context);
  fs.writeFileSync(path, JSON.stringify({ pid: deadPid(), id: "../../out" }));

  (await acquireLock(path, { waitMs: 0 })).release();

  assert.deepEqual(fs.readdirSync(dirname(path)), []);
});

test("a claim left by a taker that died is taken over, a living one is respected", async (context) => {
  const path = lockPath(context);
  const pid = deadPid();
  const claim = `${path}.${pid}.aa.tmp`;
  fs.writeFileSync(path, JSON.stringify({ pid, id: "aa" }));
  fs.writeFileSync(claim, JSON.stringify({ pid: process.pid, id: "bb" }));

  await assert.rejects(acquireLock(path, { waitMs: 0 }), LockedError);
  fs.writeFileSync(claim, JSON.stringify({ pid, id: "bb" }));
  const lock = await acquireLock(path, { waitMs: 0 });

  lock.release();
  assert.deepEqual(fs.readdirSync(dirname(path)), []);
});

test("of twenty at a time in one process only one holds the lock, and each gets it", async (context) => {
  const path = lockPath(context);
  let holders = 0;
  let turns = 0;

  await Promise.all(
    Array.from({ length: 20 }, async () => {
      const lock = await acquireLock(path, { waitMs: 30_000 });
      assert.equal(++holders, 1);
      await new Promise((done) => setImmediate(done));
      holders--;
      turns++;
      lock.release();
    }),
  );

  assert.equal(turns, 20);
});

test("several processes never hold the lock together, whether it is released or its owner dies", async (context) => {
  const path = lockPath(context);
  const dead = JSON.stringify({ pid: deadPid() });
  // every other turn ends as if the holder had died, so that all others try to take over at once
  const script = `
    import * as fs from "node:fs";
    import { randomBytes } from "node:crypto";
    const path = ${JSON.stringify(path)};
    const soon = () => new Promise((done) => setImmediate(done));
    async function take() {
      for (;;) {
        try {
          return await acquireLock(path, { waitMs: 0 });
        } catch (error) {
          if (error.name !== "LockedError") throw error;
          await soon();
        }
      }
    }
    for (let turn = 0; turn < 200; turn++) {
      const lock = await take();
      fs.mkdirSync(path + ".inside");
      await soon();
      fs.rmdirSync(path + ".inside");
      if (turn % 2) { lock.release(); continue; }
      const left = path + "." + process.pid + ".left";
      fs.writeFileSync(left, JSON.stringify({ ...${dead}, id: randomBytes(16).toString("hex") }));
      fs.renameSync(left, path);
    }
    process.stdout.write("done");
  `;

  const children = Array.from({ length: 4 }, () => startScript(script));
  const outputs = await Promise.all(children.map((child) => Promise.all([text(child.stdout), text(child.stderr)])));

  assert.deepEqual(
    outputs,
    Array.from({ length: 4 }, () => ["done", ""]),
  );
  assert.deepEqual(
    fs.readdirSync(dirname(path)).filter((name) => name !== "config.json.lock"),
    [],
  );
});

function startScript(code: string) {
  const imports = `import { acquireLock } from ${JSON.stringify(import.meta.resolve("./file-lock.ts"))};`;
  return spawn(process.execPath, ["--input-type=module", "--eval", imports + code], {
    stdio: ["ignore", "pipe", "pipe"],
  });
}
