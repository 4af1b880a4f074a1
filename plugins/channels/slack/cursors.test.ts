import assert from "node:assert/strict";
import { test } from "node:test";
import type { StoreApi } from "openclaw/plugin-sdk";
import { Cursors } from "./cursors.ts";
import type { Cursor } from "./cursors.ts";
import { isLater, timestampAt } from "./timestamp.ts";

/** A store that holds what is committed, as the real one lists it. */
function storeOf(): StoreApi & { readonly held: Map<string, Cursor> } {
  const held = new Map<string, Cursor>();
  const store = {
    held,
    list: async () => [...held.values()],
    commit: async (changes: readonly { readonly id: string; readonly value?: Cursor }[]) => {
      for (const { id, value } of changes) {
        if (value) held.set(id, value);
        else held.delete(id);
      }
    },
  };
  // Only what cursors use of it.
  return store as unknown as StoreApi & { readonly held: Map<string, Cursor> };
}

const fail = (error: unknown) => assert.fail(String(error));

test("a cursor moves forward only, is kept over a start, and knows where the bot has spoken", async () => {
  const store = storeOf();
  const cursors = await Cursors.load(store, "default", fail);

  cursors.passed("C1", undefined, "1700000000.000002");
  cursors.passed("C1", undefined, "1700000000.000001");
  cursors.spoke("C1", "1700000000.000001", "1700000000.000003");
  cursors.passed("C1", "1700000000.000001", "1700000000.000004");
  cursors.passed("D2", undefined, "1700000000.000009");
  await cursors.flush();
  const again = await Cursors.load(store, "default", fail);

  assert.equal(again.get("C1", undefined)?.lastTs, "1700000000.000002");
  const thread = again.get("C1", "1700000000.000001");
  assert.deepEqual([thread?.lastTs, thread?.hasSpoken], ["1700000000.000004", true]);
  assert.deepEqual(
    cursors.recent(2).map(({ channelId, threadTs }) => [channelId, threadTs]),
    [
      ["D2", undefined],
      ["C1", "1700000000.000001"],
    ],
  );
});

test("there are never more than a thousand: the one heard of longest ago goes, on disk too", async () => {
  const store = storeOf();
  const cursors = await Cursors.load(store, "default", fail);
  for (let n = 0; n < 1_001; n++) cursors.passed(`C${n}`, undefined, "1700000000.000001");
  await cursors.flush();

  assert.equal(store.held.size, 1_000);
  assert.equal(cursors.get("C0", undefined), undefined);
  assert.notEqual(cursors.get("C1000", undefined), undefined);
});

test("times are compared as they are, and not as numbers", () => {
  assert.ok(isLater("1700000000.000002", "1700000000.000001"));
  assert.ok(isLater("10000000000.000001", "9999999999.999999"));
  assert.ok(!isLater("1700000000.000001", "1700000000.000001"));
  assert.equal(timestampAt(1_700_000_000_123), "1700000000.123000");
});
