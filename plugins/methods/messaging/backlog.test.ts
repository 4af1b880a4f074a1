import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { Backlog } from "./backlog.ts";

interface Item {
  readonly id: string;
  readonly seq: number;
  readonly lane: string;
}

/** A disk with open items, and what a backlog let through. */
function setUp(limits: { lane: number; account: number; total: number }) {
  const disk = new Map<string, Item>();
  const ran: Item[] = [];
  let highest = 0;
  const backlog = new Backlog<Item>({
    limits,
    laneOf: ({ lane }) => lane,
    accountOf: () => "account",
    load: async (lane, after, limit) =>
      [...disk.values()].filter((item) => item.lane === lane && item.seq > after).slice(0, limit),
    run: (item) => void ran.push(item),
    failed: (error) => assert.fail(String(error)),
  });
  let seq = 0;
  return {
    backlog,
    ran,
    /** How many were in memory at most. */
    highest: () => highest,
    offer(lane: string): void {
      const item = { id: `${++seq}`, seq, lane };
      disk.set(item.id, item);
      backlog.offer(item);
      highest = Math.max(highest, backlog.held);
    },
    end(item: Item): void {
      disk.delete(item.id);
      backlog.done(item);
      highest = Math.max(highest, backlog.held);
    },
  };
}

test("what is too much for memory waits on disk and comes in the order of its lane, each once", async () => {
  const { backlog, ran, offer, end, highest } = setUp({ lane: 3, account: 8, total: 10 });
  for (let i = 0; i < 60; i++) offer(`lane-${i % 4}`);

  assert.equal(backlog.held, 8);
  assert.equal(backlog.deferred, 52);
  for (let ended = 0; ended < 60; ended++) {
    const next = await eventually("the next one", () => ran[ended]);
    end(next);
  }

  assert.ok(highest() <= 8);
  assert.equal(new Set(ran.map(({ id }) => id)).size, 60);
  for (const lane of ["lane-0", "lane-1", "lane-2", "lane-3"]) {
    const own = ran.filter((item) => item.lane === lane).map(({ seq }) => seq);
    assert.deepEqual(
      own,
      own.toSorted((a, b) => a - b),
    );
  }
  assert.deepEqual([backlog.held, backlog.deferred], [0, 0]);
});

test("an item that comes while others of its lane wait does not overtake them", async () => {
  const { ran, offer, end } = setUp({ lane: 1, account: 5, total: 5 });
  offer("a");
  offer("a");
  end(ran[0] as Item);
  offer("a");

  await eventually("the second", () => ran.length === 2);
  end(ran[1] as Item);
  await eventually("the third", () => ran.length === 3);

  assert.deepEqual(
    ran.map(({ seq }) => seq),
    [1, 2, 3],
  );
});
