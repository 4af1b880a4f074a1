import assert from "node:assert/strict";
import { test } from "node:test";
import type { Logger } from "openclaw/plugin-sdk";
import { Faults, running } from "./faults.ts";
import { Scope } from "./scope.ts";

const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** What the process-level handlers do with `error`, seen from `scope`. The runner's own handlers are left out. */
function happening(kind: "uncaughtException" | "unhandledRejection", error: unknown, scope?: Scope) {
  const faults = new Faults(SILENT);
  const fatal: unknown[] = [];
  const tripped: string[] = [];
  faults.tripped = (owner) => tripped.push(owner);
  faults.ownerOf = (file) => (file.startsWith("/plugins/acme/") ? "acme" : undefined);
  const before = new Set(process.rawListeners(kind));
  const undo = faults.watchProcess((cause) => fatal.push(cause));
  const [ours] = process.rawListeners(kind).filter((listener) => !before.has(listener));
  running.run(scope, () => (ours as (error: unknown) => void)(error));
  undo();
  return { fatal, tripped, faults: faults.count("acme"), left: process.rawListeners(kind).length - before.size };
}

function thrownFrom(...frames: string[]): Error {
  const error = new Error("no luck");
  error.stack = ["Error: no luck", ...frames.map((frame) => `    at ${frame}`)].join("\n");
  return error;
}

test("R-33 an error that only the process can catch is counted against whose code was running", () => {
  const scope = new Scope("acme");
  const error = new Error("no luck");

  assert.deepEqual(happening("unhandledRejection", error, scope), { fatal: [], tripped: [], faults: 1, left: 0 });
  assert.deepEqual(happening("uncaughtException", error, scope), { fatal: [], tripped: ["acme"], faults: 1, left: 0 });
});

test("R-33 an error of nobody's ends the gateway", () => {
  const error = new Error("no luck");

  assert.deepEqual(happening("unhandledRejection", error).fatal, [error]);
  assert.deepEqual(happening("uncaughtException", error).fatal, [error]);
  assert.deepEqual(happening("unhandledRejection", undefined).fatal, [undefined]);
  assert.deepEqual(happening("uncaughtException", Object.create(null)).fatal.length, 1);
});

test("a listener on an emitter of somebody else's is found by the file that its error was made in", () => {
  const ours = [
    ["listener (/plugins/acme/index.cjs:3:9)", "EventEmitter.emit (node:events:1:1)"],
    ["file:///plugins/acme/index.mjs?g=3:3:9"],
    ["async load (file:///plugins/acme/deep/er.mjs:3:9)", "kernel (/gateway/kernel/host.ts:1:1)"],
    ["node:internal/process/task_queues:1:1", "readFileSync (node:fs:1:1)", "read (/plugins/acme/a b.ts:1:1)"],
    ["Object.<anonymous> (/plugins/acme/index.cjs:1:1)"],
  ];
  const others = [
    ["dispatch (/gateway/kernel/wire/methods.ts:3:9)", "listener (/plugins/acme/index.cjs:3:9)"],
    ["listener (/plugins/acme-else/index.cjs:3:9)"],
    ["node:internal/process/task_queues:1:1"],
    [],
  ];

  for (const frames of ours) {
    assert.deepEqual(happening("uncaughtException", thrownFrom(...frames)), {
      fatal: [],
      tripped: ["acme"],
      faults: 1,
      left: 0,
    });
  }
  for (const frames of others) assert.equal(happening("uncaughtException", thrownFrom(...frames)).fatal.length, 1);
});

test("twenty faults in a window trip once, and the counting begins anew", () => {
  const faults = new Faults(SILENT);
  const reasons: string[] = [];
  faults.tripped = (owner, reason) => reasons.push(`${owner}: ${reason}`);

  for (let n = 0; n < 39; n++) faults.report("acme", "hook x", new Error("no luck"));
  faults.report("other", "hook x", new Error("no luck"));

  assert.deepEqual(reasons, ["acme: 20 faults within 60 s; last in hook x: Error: no luck"]);
  assert.deepEqual([faults.count("acme"), faults.count("other"), faults.count("nobody")], [39, 1, 0]);
});

test("the log names the plugin, and does not drown in what it leaves behind", (t) => {
  let now = 0;
  t.mock.method(performance, "now", () => now);
  const lines: string[] = [];
  const faults = new Faults({ ...SILENT, error: (line) => lines.push(line) });

  for (let n = 0; n < 1_000; n++) faults.report("acme", "a timer", new Error("no luck"));
  now = 60_001;
  faults.report("acme", "a timer", new Error("no luck"));

  assert.equal(lines.length, 21);
  assert.equal(lines[0], `fault of plugin "acme" in a timer: Error: no luck`);
  assert.equal(lines[20], `fault of plugin "acme" in a timer: Error: no luck (and 980 more before)`);
  assert.equal(faults.count("acme"), 1_001);
});
