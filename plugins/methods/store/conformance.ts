import assert from "node:assert/strict";
import { test } from "node:test";
import { GatewayError } from "openclaw/plugin-sdk";
import type { Collection, IndexValue, Query, StoreApi } from "openclaw/plugin-sdk";

/** An empty store to try, made by one engine. */
export interface StoreUnderTest extends AsyncDisposable {
  readonly store: StoreApi;
  /** Close the store and open it again over the same records. */
  reopen(): Promise<StoreApi>;
}

interface Task {
  readonly name: string;
  readonly due: number | null;
  readonly owner: string;
}

const INDEXED = {
  indexes: { due: (task: Task) => task.due, owner: (task: Task) => task.owner },
};

/** What every engine behind the service `store` must do. Registers the tests; `engine` stands in their names. */
export function testStore(engine: string, create: () => Promise<StoreUnderTest>): void {
  const promise = (name: string, check: (store: StoreApi, under: StoreUnderTest) => Promise<void>) =>
    test(`${engine}: ${name}`, async () => {
      await using under = await create();
      await check(under.store, under);
    });

  promise("a record is there once its commit has resolved", async (store) => {
    const tasks = store.collection<Task>("tasks");

    await store.commit([tasks.put("a", task("first")), tasks.insert("b", task("second"))]);

    assert.deepEqual(await tasks.get("a"), task("first"));
    assert.deepEqual(await tasks.get("b"), task("second"));
    assert.equal(await tasks.get("c"), undefined);
  });

  promise("put replaces, remove removes, both bear with a missing record", async (store) => {
    const tasks = store.collection<Task>("tasks");
    await store.commit([tasks.put("a", task("old")), tasks.put("b", task("gone"))]);

    await store.commit([tasks.put("a", task("new")), tasks.remove("b"), tasks.remove("never there")]);

    assert.deepEqual(await tasks.list(), [task("new")]);
  });

  promise("changes of one commit follow each other", async (store) => {
    const tasks = store.collection<Task>("tasks");

    await store.commit([tasks.put("a", task("one")), tasks.remove("a"), tasks.insert("a", task("two"))]);

    assert.deepEqual(await tasks.get("a"), task("two"));
  });

  promise("collections do not see each other's records", async (store) => {
    const [tasks, notes] = [store.collection("tasks"), store.collection("notes")];

    await store.commit([tasks.put("same", 1), notes.put("same", 2)]);

    assert.deepEqual([await tasks.get("same"), await notes.get("same")], [1, 2]);
  });

  promise("any JSON value and any well-formed id come back as they went", async (store) => {
    const things = store.collection<unknown>("things");
    const values = [null, 0, -1.5, "", "\u0000\u2028 ü 🦞", [1, [2]], { "": { a: null } }, true];
    const ids = ["agent:main:main", "a b", "'; DROP TABLE x; --", 'q"uote', "🦞", "%", "x".repeat(1_000), "/../"];

    await store.commit(values.map((value, index) => things.put(ids[index] as string, value)));

    for (const [index, id] of ids.entries()) assert.deepEqual(await things.get(id), values[index]);
    assert.equal(await things.count(), ids.length);
  });

  promise("a taken id refuses the whole commit and names collection and id", async (store) => {
    const tasks = store.collection<Task>("tasks");
    await store.commit([tasks.put("taken", task("kept"))]);

    const refused = store.commit([tasks.put("other", task("x")), tasks.insert("taken", task("y"))]);

    await assert.rejects(refused, (error) => {
      assert.ok(error instanceof GatewayError);
      assert.equal(error.code, "INVALID_REQUEST");
      assert.deepEqual(error.details, { code: "CONFLICT", collection: "tasks", id: "taken" });
      assert.match(error.message, /"tasks".*"taken"/);
      return true;
    });
    assert.deepEqual(await tasks.list(), [task("kept")]);
  });

  promise("commits of one turn succeed and fail each for itself", async (store) => {
    const tasks = store.collection<Task>("tasks");

    const outcomes = await Promise.allSettled([
      store.commit([tasks.insert("a", task("first"))]),
      store.commit([tasks.put("b", task("lost")), tasks.insert("a", task("second"))]),
      store.commit([tasks.insert("c", task("third"))]),
    ]);

    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled"],
    );
    assert.deepEqual(await tasks.list(), [task("first"), task("third")]);
  });

  promise("a value that is changed after commit was called is written as it was", async (store) => {
    const lists = store.collection<number[]>("lists");
    const value = [1];

    const done = store.commit([lists.put("a", value)]);
    value.push(2);
    await done;

    assert.deepEqual(await lists.get("a"), [1]);
  });

  promise("a value that is no JSON refuses its commit", async (store) => {
    const things = store.collection<unknown>("things");

    await assert.rejects(store.commit([things.put("a", 1), things.put("b", undefined)]), /"b".*no JSON value/);
    await assert.rejects(store.commit([things.put("a", 1), things.put("", 2)]), /needs a text id/);

    assert.equal(await things.count(), 0);
  });

  promise("without an index records come in order of id", async (store) => {
    const names = store.collection<string>("names");
    await store.commit(["b", "a", "d", "c"].map((name) => names.put(name, name)));

    assert.deepEqual(await names.list(), ["a", "b", "c", "d"]);
    assert.deepEqual(await names.list({ descending: true, limit: 2 }), ["d", "c"]);
    assert.deepEqual(await names.list({ from: "b", to: "c" }), ["b", "c"]);
    assert.deepEqual(await names.list({ limit: 0 }), []);
  });

  promise("an index selects and orders, equal values by id", async (store) => {
    const tasks = store.collection<Task>("tasks", INDEXED);
    await store.commit([
      tasks.put("c", task("c", 10, "ann")),
      tasks.put("a", task("a", 30, "bob")),
      tasks.put("b", task("b", 10, "ann")),
      tasks.put("d", task("d", null, "ann")),
    ]);
    const names = async (query: Query) => (await tasks.list(query)).map(({ name }) => name).join("");

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
    const tasks = store.collection<Task>("tasks", INDEXED);
    await store.commit(["a", "b", "c"].map((id, due) => tasks.put(id, task(id, due))));

    assert.equal(await tasks.count(), 3);
    assert.equal(await tasks.count({ by: "due", from: 1, limit: 1 }), 2);
  });

  promise("an index follows its record", async (store) => {
    const tasks = store.collection<Task>("tasks", INDEXED);
    await store.commit([tasks.put("a", task("a", 1)), tasks.put("b", task("b", 2))]);

    await store.commit([tasks.put("a", task("a", 3)), tasks.remove("b")]);

    assert.deepEqual(await tasks.list({ by: "due", to: 2 }), []);
    assert.deepEqual(await tasks.list({ by: "due", equals: 3 }), [task("a", 3)]);
  });

  promise("an index that comes later covers the records there are", async (store, under) => {
    const many = Array.from({ length: 1_203 }, (_, index) => index);
    const plain = store.collection<Task>("tasks");
    await store.commit(many.map((index) => plain.put(`t${index}`, task(`t${index}`, index % 7))));

    const indexed = store.collection<Task>("tasks", INDEXED);
    assert.equal(await indexed.count({ by: "due", equals: 3 }), many.filter((index) => index % 7 === 3).length);
    const again = (await under.reopen()).collection<Task>("tasks", INDEXED);
    assert.equal(await again.count({ by: "due", equals: 3 }), many.filter((index) => index % 7 === 3).length);
  });

  promise("an index that was left out for a while is right again", async (store, under) => {
    const before = store.collection<Task>("tasks", INDEXED);
    await store.commit([before.put("a", task("a", 1))]);
    const without = await under.reopen();
    await without.commit([without.collection<Task>("tasks").put("a", task("a", 2))]);

    const tasks = (await under.reopen()).collection<Task>("tasks", INDEXED);

    assert.equal(await tasks.count({ by: "due", equals: 1 }), 0);
    assert.equal(await tasks.count({ by: "due", equals: 2 }), 1);
  });

  promise("an index that is added while a commit waits covers that commit", async (store) => {
    const plain = store.collection<Task>("tasks");

    const done = store.commit([plain.put("a", task("a", 5))]);
    const indexed = store.collection<Task>("tasks", INDEXED);
    await done;

    assert.equal(await indexed.count({ by: "due", equals: 5 }), 1);
  });

  promise("a query by what is no index is refused", async (store) => {
    const tasks = store.collection<Task>("tasks", INDEXED);

    await assert.rejects(tasks.list({ by: "name" }), /collection "tasks" has no index "name"/);
    await assert.rejects(tasks.count({ by: 'due" --' }), /has no index/);
    await assert.rejects(tasks.list({ limit: -1 }), /limit -1/);
  });

  promise("an index function that throws or gives nonsense refuses the commit", async (store) => {
    const throws = store.collection<unknown>("throws", { indexes: { bad: () => assert.fail("no index") } });
    const nonsense = store.collection<unknown>("nonsense", { indexes: { bad: () => ({}) as unknown as IndexValue } });

    await assert.rejects(store.commit([throws.put("a", 1)]), /no index/);
    await assert.rejects(store.commit([nonsense.put("a", 1)]), /index "bad" of collection "nonsense" gave object/);

    assert.equal(await throws.count(), 0);
  });

  promise("collection and index names that could do harm are refused", async (store) => {
    for (const name of ["", "a b", 'a"; DROP', "../x", "Upper", "sqlite_x", "x".repeat(65), "1a", "ü"]) {
      assert.throws(() => store.collection(name), /collection name/, name);
    }
    for (const name of ['a"', "a b", "", "a.b"]) {
      assert.throws(() => store.collection("fine", { indexes: { [name]: () => 1 } }), /index/, name);
    }
    store.collection("work-queue_2.dead");
  });

  promise("records survive a close", async (store, under) => {
    const tasks = store.collection<Task>("tasks", INDEXED);
    await store.commit([tasks.put("a", task("a", 1))]);

    const again = await under.reopen();

    assert.deepEqual(await again.collection<Task>("tasks", INDEXED).list({ by: "due", equals: 1 }), [task("a", 1)]);
  });

  promise("a commit that waits at the close is carried out", async (store, under) => {
    const tasks = store.collection<Task>("tasks");

    const done = store.commit([tasks.put("a", task("a"))]);
    const again = await under.reopen();
    await done;

    assert.deepEqual(await again.collection<Task>("tasks").get("a"), task("a"));
  });

  promise("a closed store refuses instead of losing", async (store, under) => {
    const tasks = store.collection<Task>("tasks");
    await under.reopen();

    await assert.rejects(async () => store.commit([tasks.put("a", task("a"))]), unavailable);
    await assert.rejects(tasks.get("a"), unavailable);
    await assert.rejects(tasks.list(), unavailable);
    assert.throws(() => store.collection("tasks"), unavailable);
  });

  promise("random changes leave what a plain map would hold", async (store, under) => {
    const seed = 20_261_120;
    const random = generator(seed);
    const pick = (below: number) => Math.floor(random() * below);
    let current = store;
    const model = new Map<string, Task>();
    for (let round = 0; round < 60; round++) {
      if (round % 20 === 19) current = await under.reopen();
      const tasks = current.collection<Task>("tasks", INDEXED);
      const commits = Array.from({ length: 1 + pick(6) }, () =>
        Array.from({ length: 1 + pick(4) }, () => ({
          kind: (["put", "insert", "remove"] as const)[pick(3)] as "put" | "insert" | "remove",
          id: `id${pick(25)}`,
          value: task(`n${pick(1_000)}`, pick(4) === 0 ? null : pick(10), `o${pick(3)}`),
        })),
      );
      const outcomes = await Promise.allSettled(
        commits.map((changes) => current.commit(changes.map(({ kind, id, value }) => tasks[kind](id, value)))),
      );
      for (const [index, changes] of commits.entries()) {
        const expected = applied(model, changes);
        assert.equal(outcomes[index]?.status, expected ? "fulfilled" : "rejected", `seed ${seed}, round ${round}`);
        if (!expected) continue;
        model.clear();
        for (const [id, value] of expected) model.set(id, value);
      }
      await assertSame(tasks, model, `seed ${seed}, round ${round}`);
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

async function assertSame(tasks: Collection<Task>, model: ReadonlyMap<string, Task>, where: string): Promise<void> {
  const sorted = [...model].toSorted(([a], [b]) => (a < b ? -1 : 1));
  assert.deepEqual(
    await tasks.list(),
    sorted.map(([, value]) => value),
    where,
  );
  const late = sorted
    .filter(([, { due }]) => due !== null && due >= 4)
    .toSorted(([, a], [, b]) => Number(a.due) - Number(b.due))
    .map(([, value]) => value);
  assert.deepEqual(await tasks.list({ by: "due", from: 4 }), late, where);
  assert.deepEqual(await tasks.list({ by: "due", from: 4, descending: true, limit: 3 }), late.toReversed().slice(0, 3));
  assert.equal(
    await tasks.count({ by: "owner", equals: "o1" }),
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
