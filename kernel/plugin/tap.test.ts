import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { gate, KeyedHook, limit } from "openclaw/plugin-sdk";
import type { Logger } from "openclaw/plugin-sdk";
import {
  AsyncParallelHook,
  AsyncSeriesBailHook,
  AsyncSeriesHook,
  SyncBailHook,
  SyncHook,
  SyncWaterfallHook,
} from "tapable";
import { Faults, running } from "./faults.ts";
import { Scope } from "./scope.ts";
import { compileHooks, ownedPoints } from "./tap.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const LIMITS = { drainMs: 100, disposeMs: 100 };
const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} };

function createTable() {
  return {
    observed: new SyncHook<[string]>(["word"], "observed"),
    awaited: new AsyncSeriesHook<[string]>(["word"], "awaited"),
    together: new AsyncParallelHook<[string]>(["word"], "together"),
    filtered: new SyncWaterfallHook<[string]>(["word"], "filtered"),
    decided: new SyncBailHook<[string], string | void>(["word"], "decided"),
    gated: gate(new AsyncSeriesBailHook<[string], string | void>(["word"], "gated"), () => "denied"),
    hurried: limit(
      gate(new AsyncSeriesBailHook<[string], string | void>(["word"], "hurried"), () => "late"),
      20,
    ),
    keyed: new KeyedHook<[string], string>(["word"], "keyed", "words"),
  };
}

function createOwner(id: string) {
  const scope = new Scope(id);
  const faults = new Faults(SILENT);
  return { scope, faults, diagnose: () => undefined, mayTap: () => undefined };
}

/** A plugin that is active, with its view of `table`. */
function plugin(table: ReturnType<typeof createTable>, id = "acme") {
  const owner = createOwner(id);
  const points = ownedPoints(table, owner);
  return { ...owner, points, publish: () => owner.scope.publish() };
}

test("a tap is seen once its scope is published, and no more once it is retracted", () => {
  const table = createTable();
  const acme = plugin(table);
  const heard: string[] = [];
  acme.points.observed.tap((word) => void heard.push(word));

  table.observed.call("before");
  acme.publish();
  table.observed.call("while");
  acme.scope.retract();
  table.observed.call("after");

  assert.deepEqual(heard, ["while"]);
  assert.equal(table.observed.taps.length, 0);
});

test("hooks that were compiled ahead call who is there then, and whoever comes later", async () => {
  const table = createTable();
  const [first, second] = [plugin(table, "first"), plugin(table, "second")];
  const heard: string[] = [];
  for (const { points, scope } of [first, second]) {
    points.observed.tap((word) => void heard.push(`${scope.owner} observed ${word}`));
    points.awaited.tap(async (word) => void heard.push(`${scope.owner} awaited ${word}`));
  }
  first.points.keyed.for("key").tap((word) => `keyed ${word}`);
  const compiled = () => [
    Object.hasOwn(table.observed, "call") && table.observed.call.name !== "CALL_DELEGATE",
    Object.hasOwn(table.awaited, "promise") && table.awaited.promise.name !== "PROMISE_DELEGATE",
  ];
  first.publish();

  assert.deepEqual(compiled(), [false, false]);
  compileHooks(table);
  assert.deepEqual(compiled(), [true, true]);
  table.observed.call("once");
  await table.awaited.promise("once");
  assert.equal(await table.keyed.for("key").promise("once"), "keyed once");
  second.publish();
  assert.deepEqual(compiled(), [false, false]);
  compileHooks(table);
  first.scope.retract();
  table.observed.call("twice");
  await table.awaited.promise("twice");

  assert.deepEqual(heard, [
    "first observed once",
    "first awaited once",
    "second observed twice",
    "second awaited twice",
  ]);
});

test("taps run by stage, then in order of arrival, whoever owns them", () => {
  const table = createTable();
  const [first, second] = [plugin(table, "first"), plugin(table, "second")];
  const heard: string[] = [];
  first.points.observed.tap({ stage: 10 }, () => void heard.push("first late"));
  first.points.observed.tap(() => void heard.push("first"));
  second.points.observed.tap({ stage: -1 }, () => void heard.push("second early"));
  second.points.observed.tap(() => void heard.push("second"));
  first.publish();
  second.publish();

  table.observed.call("go");

  assert.deepEqual(heard, ["second early", "first", "second", "first late"]);
});

test("removing a tap frees what it held, whether its hook was called or not", async () => {
  const table = createTable();
  const refs: WeakRef<object>[] = [];
  const tapAll = () => {
    const acme = plugin(table);
    const ballast = { big: Array.from({ length: 1_000 }, () => "x") };
    refs.push(new WeakRef(ballast));
    acme.points.observed.tap(() => void ballast.big.length);
    acme.points.awaited.tap(async () => void ballast.big.length);
    acme.points.together.tap(async () => void ballast.big.length);
    acme.points.filtered.tap((word) => word + ballast.big.length);
    acme.points.gated.tap(async () => void ballast.big.length);
    acme.points.keyed.for("a").tap({}, async () => String(ballast.big.length));
    acme.publish();
    return acme;
  };

  const acme = tapAll();
  table.observed.call("x");
  await table.awaited.promise("x");
  await table.together.promise("x");
  table.filtered.call("x");
  await table.gated.promise("x");
  await table.keyed.offers.get("a")?.hook.promise("x");
  await acme.scope.close(LIMITS);
  await tapAll().scope.close(LIMITS);
  for (let round = 0; round < 4; round++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }

  assert.deepEqual(
    refs.map((ref) => ref.deref() === undefined),
    [true, true],
  );
  assert.equal(table.keyed.offers.size, 0);
});

test("a call that runs keeps the list it began with, less the taps that were removed meanwhile", async () => {
  const table = createTable();
  const [staying, leaving, coming] = [plugin(table, "staying"), plugin(table, "leaving"), plugin(table, "coming")];
  const heard: string[] = [];
  const held = Promise.withResolvers<void>();
  staying.points.awaited.tap(async (word) => {
    heard.push(`staying ${word}`);
    await held.promise;
  });
  leaving.points.awaited.tap((word) => void heard.push(`leaving ${word}`));
  coming.points.awaited.tap((word) => void heard.push(`coming ${word}`));
  staying.publish();
  leaving.publish();

  const first = table.awaited.promise("one");
  leaving.scope.retract();
  coming.publish();
  const second = table.awaited.promise("two");
  held.resolve();
  await Promise.all([first, second]);

  assert.deepEqual(heard, ["staying one", "staying two", "coming two"]);
});

test("a tap that is removed and added again while an older call runs is met once by each call", async () => {
  const table = createTable();
  const slow = plugin(table, "slow");
  const heard: string[] = [];
  const held = Promise.withResolvers<void>();
  slow.points.awaited.tap(() => held.promise);
  slow.publish();
  const old = plugin(table);
  old.points.awaited.tap((word) => void heard.push(`old ${word}`));
  old.publish();

  const first = table.awaited.promise("one");
  old.scope.retract();
  const fresh = plugin(table);
  fresh.points.awaited.tap((word) => void heard.push(`fresh ${word}`));
  fresh.publish();
  const second = table.awaited.promise("two");
  held.resolve();
  await Promise.all([first, second]);

  assert.deepEqual(heard, ["fresh two"]);
});

test("a rollback brings the taps back as they were", () => {
  const table = createTable();
  const acme = plugin(table);
  const heard: string[] = [];
  acme.points.observed.tap((word) => void heard.push(word));
  acme.points.keyed.for("a").tap({}, async () => "here");
  acme.publish();

  acme.scope.retract();
  acme.scope.publish();
  table.observed.call("again");

  assert.deepEqual(heard, ["again"]);
  assert.equal(table.keyed.offers.get("a")?.owner, "acme");
});

test("publishing is all or nothing: a name that is taken takes back what was shown before it", () => {
  const table = createTable();
  const [one, two] = [plugin(table, "one"), plugin(table, "two")];
  one.points.keyed.for("b").tap({}, async () => "one");
  two.points.observed.tap(() => undefined);
  two.points.keyed.for("a").tap({}, async () => "two");
  two.points.keyed.for("b").tap({}, async () => "two");
  one.publish();

  assert.throws(() => two.publish(), /keyed "b" belongs to plugin "one"; "two" cannot take it/);

  assert.deepEqual([...table.keyed.offers.keys()], ["b"]);
  assert.equal(table.observed.taps.length, 0);
});

test("what a tap does wrong is met by the policy of its hook", async () => {
  const table = createTable();
  const acme = plugin(table);
  const fail = () => {
    throw new Error("no luck");
  };
  const heard: string[] = [];
  acme.points.observed.tap(fail);
  acme.points.observed.tap((word) => void heard.push(word));
  acme.points.awaited.tap(async () => fail());
  acme.points.awaited.tap((word) => void heard.push(word));
  acme.points.together.tap(fail);
  acme.points.filtered.tap(fail);
  acme.points.filtered.tap((word) => `${word}!`);
  acme.points.decided.tap(fail);
  acme.points.decided.tap(() => "decided");
  acme.points.gated.tap(fail);
  acme.publish();

  table.observed.call("sync");
  await table.awaited.promise("async");
  await table.together.promise("x");

  assert.deepEqual(heard, ["sync", "async"]);
  assert.equal(table.filtered.call("word"), "word!");
  assert.equal(table.decided.call("x"), "decided");
  assert.equal(await table.gated.promise("x"), "denied");
  assert.equal(acme.faults.count("acme"), 6);
});

test("R-34 a tap that does not answer in time abstains, or denies where it is a gate, and is counted", async () => {
  const table = createTable();
  const acme = plugin(table);
  acme.points.hurried.tap(() => new Promise(() => {}));
  acme.publish();

  assert.equal(await table.hurried.promise("x"), "late");
  assert.equal(acme.faults.count("acme"), 1);
});

test("a tap runs in the name of its plugin, and so does what it starts", async () => {
  const table = createTable();
  const acme = plugin(table);
  const owners: (string | undefined)[] = [];
  const note = () => void owners.push(running.getStore()?.owner);
  acme.points.observed.tap(() => {
    note();
    setImmediate(note);
  });
  acme.points.keyed.for("a").tap({}, async () => {
    await Promise.resolve();
    note();
    return "";
  });
  acme.publish();

  table.observed.call("x");
  await table.keyed.offers.get("a")?.hook.promise("x");
  await new Promise((resolve) => setImmediate(resolve));

  assert.deepEqual(owners, ["acme", "acme", "acme"]);
  assert.equal(running.getStore(), undefined);
});

test("a handler that was removed while a guard held its call answers that it was replaced", async () => {
  const table = createTable();
  const [guard, handler] = [plugin(table, "guard"), plugin(table, "handler")];
  const held = Promise.withResolvers<void>();
  guard.points.keyed.for("a").tap({ stage: -1 } as object, () => held.promise as never);
  handler.points.keyed.for("a").tap({}, async () => "answer");
  guard.publish();
  handler.publish();

  const call = table.keyed.offers.get("a")?.hook.promise("x");
  handler.scope.retract();
  held.resolve();

  await assert.rejects(call ?? Promise.resolve(), {
    code: "UNAVAILABLE",
    retryable: true,
    message: /was replaced meanwhile/,
  });
});

test("unknown keys from outside do not grow a table", async () => {
  const table = createTable();
  const acme = plugin(table);
  acme.points.keyed.for("a").tap({}, async () => "here");
  acme.publish();

  assert.equal(await table.keyed.resolve("b"), undefined);
  acme.scope.retract();

  assert.equal(await table.keyed.resolve("a"), undefined);
  assert.equal(table.keyed.offers.size, 0);
});
