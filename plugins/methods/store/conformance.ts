import assert from "node:assert/strict";
import { test } from "node:test";
import { defineCollection, GatewayError } from "openclaw/plugin-sdk";
import type { IndexValue, Query, StoreApi } from "openclaw/plugin-sdk";

/** An empty store to try, made by one engine. */
export interface StoreUnderTest extends AsyncDisposable {
  readonly store: StoreApi;
  /** Close the store and open it again over the same records. */
  reopen(): Promise<StoreApi>;
  /** Have the store believe that there is so much room left, and look. */
  room(freeBytes: number): Promise<void>;
}

interface Task {
  readonly name: string;
  readonly due: number | null;
  readonly owner: string;
}

const TASKS = defineCollection<Task>("tasks");
/** The same records, with fields to look them up by. */
const INDEXED = defineCollection<Task>("tasks", {
  indexes: { due: (task) => task.due, owner: (task) => task.owner },
});
const THINGS = defineCollection<unknown>("things");
const NAMES = defineCollection<string>("names");
const LISTS = defineCollection<number[]>("lists");

/** What every engine behind the service `store` must do. Registers the tests; `engine` stands in their names. */
export function testStore(engine: string, create: () => Promise<StoreUnderTest>): void {
  const promise = (name: string, check: (store: StoreApi, under: StoreUnderTest) => Promise<void>) =>
    test(`${engine}: ${name}`, async () => {
      await using under = await create();
      await check(under.store, under);
    });

  promise("a record is there once its commit has resolved", async (store) => {
    await store.commit([TASKS.put("a", task("first")), TASKS.insert("b", task("second"))]);

    assert.deepEqual(await store.get(TASKS, "a"), task("first"));
    assert.deepEqual(await store.get(TASKS, "b"), task("second"));
    assert.equal(await store.get(TASKS, "c"), undefined);
  });

  promise("put replaces, remove removes, both bear with a missing record", async (store) => {
    await store.commit([TASKS.put("a", task("old")), TASKS.put("b", task("gone"))]);

    await store.commit([TASKS.put("a", task("new")), TASKS.remove("b"), TASKS.remove("never there")]);

    assert.deepEqual(await store.list(TASKS), [task("new")]);
  });

  promise("changes of one commit follow each other", async (store) => {
    await store.commit([TASKS.put("a", task("one")), TASKS.remove("a"), TASKS.insert("a", task("two"))]);

    assert.deepEqual(await store.get(TASKS, "a"), task("two"));
  });

  promise("the revision of a collection changes with its records, and only then", async (store) => {
    const before = await store.revision(TASKS);
    await store.commit([NAMES.put("a", "other")]);
    await store.list(TASKS);
    assert.equal(await store.revision(INDEXED), before);

    await store.commit([INDEXED.put("a", task("one"))]);
    const after = await store.revision(TASKS);
    assert.notEqual(after, before);

    await store.commit([TASKS.remove("a")]);
    assert.notEqual(await store.revision(TASKS), after);
  });

  promise("collections do not see each other's records", async (store) => {
    await store.commit([THINGS.put("same", 1), NAMES.put("same", "2")]);

    assert.deepEqual([await store.get(THINGS, "same"), await store.get(NAMES, "same")], [1, "2"]);
  });

  promise("any JSON value and any well-formed id come back as they went", async (store) => {
    const values = [null, 0, -1.5, "", "\u0000\u2028 ü 🦞", [1, [2]], { "": { a: null } }, true];
    const ids = ["agent:main:main", "a b", "'; DROP TABLE x; --", 'q"uote', "🦞", "%", "x".repeat(1_000), "/../"];

    await store.commit(values.map((value, index) => THINGS.put(ids[index] as string, value)));

    for (const [index, id] of ids.entries()) assert.deepEqual(await store.get(THINGS, id), values[index]);
    assert.equal(await store.count(THINGS), ids.length);
  });

  promise("a taken id refuses the whole commit and names collection and id", async (store) => {
    await store.commit([TASKS.put("taken", task("kept"))]);

    const refused = store.commit([TASKS.put("other", task("x")), TASKS.insert("taken", task("y"))]);

    await assert.rejects(refused, (error) => {
      assert.ok(error instanceof GatewayError);
      assert.equal(error.code, "INVALID_REQUEST");
      assert.deepEqual(error.details, { code: "CONFLICT", collection: "tasks", id: "taken" });
      assert.match(error.message, /"tasks".*"taken"/);
      return true;
    });
    assert.deepEqual(await store.list(TASKS), [task("kept")]);
  });

  promise("commits of one turn succeed and fail each for itself", async (store) => {
    const outcomes = await Promise.allSettled([
      store.commit([TASKS.insert("a", task("first"))]),
      store.commit([TASKS.put("b", task("lost")), TASKS.insert("a", task("second"))]),
      store.commit([TASKS.insert("c", task("third"))]),
    ]);

    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled"],
    );
    assert.deepEqual(await store.list(TASKS), [task("first"), task("third")]);
  });

  promise("a value that is changed after commit was called is written as it was", async (store) => {
    const value = [1];

    const done = store.commit([LISTS.put("a", value)]);
    value.push(2);
    await done;

    assert.deepEqual(await store.get(LISTS, "a"), [1]);
  });

  promise("a value that is no JSON refuses its commit", async (store) => {
    await assert.rejects(store.commit([THINGS.put("a", 1), THINGS.put("b", undefined)]), /"b".*no JSON value/);
    await assert.rejects(store.commit([THINGS.put("a", 1), THINGS.put("", 2)]), /needs a text id/);

    assert.equal(await store.count(THINGS), 0);
  });

  promise("without an index records come in order of id", async (store) => {
    await store.commit(["b", "a", "d", "c"].map((name) => NAMES.put(name, name)));

    assert.deepEqual(await store.list(NAMES), ["a", "b", "c", "d"]);
    assert.deepEqual(await store.list(NAMES, { descending: true, limit: 2 }), ["d", "c"]);
    assert.deepEqual(await store.list(NAMES, { from: "b", to: "c" }), ["b", "c"]);
    assert.deepEqual(await store.list(NAMES, { limit: 0 }), []);
  });

  promise("an index selects and orders, equal values by id", async (store) => {
    await store.commit([
      INDEXED.put("c", task("c", 10, "ann")),
      INDEXED.put("a", task("a", 30, "bob")),
      INDEXED.put("b", task("b", 10, "ann")),
      INDEXED.put("d", task("d", null, "ann")),
    ]);
    const names = async (query: Query) => (await store.list(INDEXED, query)).map(({ name }) => name).join("");

    assert.equal(await names({ by: "due" }), "dbca");
    assert.equal(await names({ by: "due", descending: true }), "acbd");
    assert.equal(await names({ by: "due", equals: 10 }), "bc");
    assert.equal(await names({ by: "due", equals: null }), "d");
    assert.equal(await names({ by: "due", to: 10 }), "bc", "null is outside of any range");
    assert.equal(await names({ by: "due", from: 10, to: 30, limit: 2 }), "bc");
    assert.equal(await names({ by: "due", from: 11 }), "a");
    assert.equal(await names({ by: "due", equals: "10" }), "", "text is not a number");
    assert.equal(await names({ by: "owner", equals: "ann" }), "bcd");
  });

  promise("count counts what a list without limit would hold", async (store) => {
    await store.commit(["a", "b", "c"].map((id, due) => INDEXED.put(id, task(id, due))));

    assert.equal(await store.count(INDEXED), 3);
    assert.equal(await store.count(INDEXED, { by: "due", from: 1, limit: 1 }), 2);
  });

  promise("an index follows its record", async (store) => {
    await store.commit([INDEXED.put("a", task("a", 1)), INDEXED.put("b", task("b", 2))]);

    await store.commit([INDEXED.put("a", task("a", 3)), INDEXED.remove("b")]);

    assert.deepEqual(await store.list(INDEXED, { by: "due", to: 2 }), []);
    assert.deepEqual(await store.list(INDEXED, { by: "due", equals: 3 }), [task("a", 3)]);
  });

  promise("an index that comes later covers the records there are", async (store, under) => {
    const many = Array.from({ length: 1_203 }, (_, index) => index);
    await store.commit(many.map((index) => TASKS.put(`t${index}`, task(`t${index}`, index % 7))));

    const expected = many.filter((index) => index % 7 === 3).length;
    assert.equal(await store.count(INDEXED, { by: "due", equals: 3 }), expected);
    assert.equal(await (await under.reopen()).count(INDEXED, { by: "due", equals: 3 }), expected);
  });

  promise("an index that was left out for a while is right again", async (store, under) => {
    await store.commit([INDEXED.put("a", task("a", 1))]);
    const without = await under.reopen();
    await without.commit([TASKS.put("a", task("a", 2))]);

    const again = await under.reopen();

    assert.equal(await again.count(INDEXED, { by: "due", equals: 1 }), 0);
    assert.equal(await again.count(INDEXED, { by: "due", equals: 2 }), 1);
  });

  promise("an index that is met while a commit waits covers that commit", async (store) => {
    await store.commit([TASKS.put("before", task("before"))]);

    const done = store.commit([TASKS.put("a", task("a", 5))]);
    await store.count(INDEXED);
    await done;

    assert.equal(await store.count(INDEXED, { by: "due", equals: 5 }), 1);
  });

  promise("one commit can be made of several descriptions of a collection", async (store) => {
    await store.commit([TASKS.put("a", task("a", 1)), INDEXED.put("b", task("b", 2)), TASKS.put("c", task("c", 3))]);

    assert.deepEqual(await store.list(INDEXED, { by: "due", from: 1 }), [task("a", 1), task("b", 2), task("c", 3)]);
  });

  promise("a collection has the indexes of all its descriptions", async (store) => {
    const byName = defineCollection<Task>("tasks", { indexes: { name: ({ name }) => name } });
    await store.commit([INDEXED.put("a", task("a", 1)), byName.put("b", task("b", 2))]);

    await store.commit([TASKS.put("c", task("c", 3))]);

    assert.deepEqual(await store.list(byName, { by: "name", from: "b" }), [task("b", 2), task("c", 3)]);
    assert.deepEqual(await store.list(INDEXED, { by: "due", from: 2 }), [task("b", 2), task("c", 3)]);
    assert.equal(await store.count(TASKS, { by: "name", equals: "c" }), 1);
  });

  promise("a query by what is no index is refused", async (store) => {
    await assert.rejects(store.list(INDEXED, { by: "name" }), /collection "tasks" has no index "name"/);
    await assert.rejects(store.count(INDEXED, { by: 'due" --' }), /has no index/);
    await assert.rejects(store.list(INDEXED, { limit: -1 }), /limit -1/);
  });

  promise("an index function that throws or gives nonsense refuses the commit", async (store) => {
    const throwing = defineCollection<unknown>("throwing", { indexes: { bad: () => assert.fail("no index") } });
    const nonsense = defineCollection<unknown>("nonsense", { indexes: { bad: () => ({}) as unknown as IndexValue } });

    await assert.rejects(store.commit([throwing.put("a", 1)]), /no index/);
    await assert.rejects(store.commit([nonsense.put("a", 1)]), /index "bad" of collection "nonsense" gave object/);

    assert.equal(await store.count(throwing), 0);
  });

  promise("collection and index names that could do harm are refused", async (store) => {
    for (const name of ["", "a b", 'a"; DROP', "../x", "Upper", "sqlite_x", "x".repeat(65), "1a", "ü"]) {
      await assert.rejects(store.count(defineCollection(name)), /collection name/, name);
    }
    for (const name of ['a"', "a b", "", "a.b"]) {
      await assert.rejects(store.count(defineCollection("fine", { indexes: { [name]: () => 1 } })), /index/, name);
    }
    assert.equal(await store.count(defineCollection("work-queue_2.dead")), 0);
  });

  promise("records survive a close", async (store, under) => {
    await store.commit([INDEXED.put("a", task("a", 1))]);

    const again = await under.reopen();

    assert.deepEqual(await again.list(INDEXED, { by: "due", equals: 1 }), [task("a", 1)]);
  });

  promise("a commit that waits at the close is carried out", async (store, under) => {
    const done = store.commit([TASKS.put("a", task("a"))]);
    const again = await under.reopen();
    await done;

    assert.deepEqual(await again.get(TASKS, "a"), task("a"));
  });

  promise("a closed store refuses instead of losing", async (store, under) => {
    await under.reopen();

    await assert.rejects(async () => store.commit([TASKS.put("a", task("a"))]), unavailable);
    await assert.rejects(async () => store.get(TASKS, "a"), unavailable);
    await assert.rejects(async () => store.list(TASKS), unavailable);
    await assert.rejects(async () => store.count(TASKS), unavailable);
  });

  promise("intake closes while there is little room, and only intake", async (store, under) => {
    await store.commit([TASKS.insert("before", task("before"))], { intake: true });
    await under.room(1_000);

    await assert.rejects(
      store.commit([TASKS.put("side", task("side")), TASKS.insert("new", task("new"))], { intake: true }),
      (error) => {
        assert.ok(error instanceof GatewayError);
        assert.deepEqual([error.code, error.details?.["code"]], ["UNAVAILABLE", "INTAKE_CLOSED"]);
        assert.equal(error.retryable, true);
        return true;
      },
    );
    await assert.rejects(store.commit([TASKS.insert("before", task("again"))], { intake: true }), {
      details: { code: "CONFLICT", collection: "tasks", id: "before" },
    });
    await store.commit([TASKS.put("before", task("ended"))]);

    assert.deepEqual(await store.list(TASKS), [task("ended")]);
    const { intake, freeBytes, issues } = await store.health();
    assert.deepEqual([intake.isOpen, freeBytes, issues], [false, 1_000, [intake.reason]]);
  });

  promise("intake opens again by itself when there is room", async (store, under) => {
    await under.room(1_000);
    await under.room(1_000_000_000);

    await store.commit([TASKS.insert("new", task("new"))], { intake: true });

    assert.deepEqual(await store.health(), { intake: { isOpen: true }, freeBytes: 1_000_000_000, issues: [] });
  });

  promise("little room is told before intake closes", async (store, under) => {
    await under.room(100_000_000);

    await store.commit([TASKS.insert("new", task("new"))], { intake: true });

    const { intake, issues } = await store.health();
    assert.equal(intake.isOpen, true);
    assert.match(issues.join(), /100 MB left .* below 50 MB no new messages are taken in/);
  });

  promise("random changes leave what a plain map would hold", async (store, under) => {
    const seed = 20_261_120;
    const random = generator(seed);
    const pick = (below: number) => Math.floor(random() * below);
    let current = store;
    const model = new Map<string, Task>();
    for (let round = 0; round < 60; round++) {
      if (round % 20 === 19) current = await under.reopen();
      const commits = Array.from({ length: 1 + pick(6) }, () =>
        Array.from({ length: 1 + pick(4) }, () => ({
          kind: (["put", "insert", "remove"] as const)[pick(3)] as "put" | "insert" | "remove",
          id: `id${pick(25)}`,
          value: task(`n${pick(1_000)}`, pick(4) === 0 ? null : pick(10), `o${pick(3)}`),
        })),
      );
      const outcomes = await Promise.allSettled(
        commits.map((changes) => current.commit(changes.map(({ kind, id, value }) => INDEXED[kind](id, value)))),
      );
      for (const [index, changes] of commits.entries()) {
        const expected = applied(model, changes);
        assert.equal(outcomes[index]?.status, expected ? "fulfilled" : "rejected", `seed ${seed}, round ${round}`);
        if (!expected) continue;
        model.clear();
        for (const [id, value] of expected) model.set(id, value);
      }
      await assertSame(current, model, `seed ${seed}, round ${round}`);
    }
  });
}

function task(name: string, due: number | null = null, owner = "nobody"): Task {
  return { name, due, owner };
}

function unavailable(error: unknown): boolean {
  return error instanceof GatewayError && error.code === "UNAVAILABLE";
}

interface ModelChange {
  readonly kind: "put" | "insert" | "remove";
  readonly id: string;
  readonly value: Task;
}

/** The map after the changes, or nothing when an insert meets its id. */
function applied(model: ReadonlyMap<string, Task>, changes: readonly ModelChange[]): Map<string, Task> | undefined {
  const next = new Map(model);
  for (const { kind, id, value } of changes) {
    if (kind === "insert" && next.has(id)) return undefined;
    if (kind === "remove") next.delete(id);
    else next.set(id, value);
  }
  return next;
}

async function assertSame(store: StoreApi, model: ReadonlyMap<string, Task>, where: string): Promise<void> {
  const sorted = [...model].toSorted(([a], [b]) => (a < b ? -1 : 1));
  assert.deepEqual(
    await store.list(INDEXED),
    sorted.map(([, value]) => value),
    where,
  );
  const late = sorted
    .filter(([, { due }]) => due !== null && due >= 4)
    .toSorted(([, a], [, b]) => Number(a.due) - Number(b.due))
    .map(([, value]) => value);
  assert.deepEqual(await store.list(INDEXED, { by: "due", from: 4 }), late, where);
  assert.deepEqual(
    await store.list(INDEXED, { by: "due", from: 4, descending: true, limit: 3 }),
    late.toReversed().slice(0, 3),
  );
  assert.equal(
    await store.count(INDEXED, { by: "owner", equals: "o1" }),
    sorted.filter(([, { owner }]) => owner === "o1").length,
  );
}

/** Numbers from 0 to 1 that are the same for the same seed (the mulberry32 sequence). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
