import assert from "node:assert/strict";
import { test } from "node:test";
import type { TranscriptContext } from "openclaw/plugin-sdk";
import { ContextCache } from "./context-cache.ts";
import { compactionLine, messageLine } from "./entry.ts";
import { userMessage } from "./place.fixture.ts";

const LIMIT = 3;

/** A file of 100 bytes whose messages are known, and what it grows by. */
function createFile({ maxBytes = 10_000, summary }: { maxBytes?: number; summary?: string } = {}) {
  const cache = new ContextCache(maxBytes);
  const context: TranscriptContext = { entries: [], ...(summary !== undefined && { summary }) };
  cache.put("a", { size: 100, limit: LIMIT, context, sizes: [] });
  let size = 100;
  const grow = (line: string, others = 0) => {
    const from = size;
    size += Buffer.byteLength(line) + 1 + others;
    cache.extend("a", { from, to: size, line });
  };
  return {
    cache,
    grow,
    say: (text: string, others?: number) => grow(messageLine(`id ${text}`, null, userMessage(text)), others),
    known: () => cache.get("a", size, LIMIT),
    texts: () =>
      cache.get("a", size, LIMIT)?.entries.map(({ id, message }) => {
        assert.deepEqual(message, userMessage(id.slice(3)));
        return id.slice(3);
      }),
  };
}

test("what is added to a file is added to what is known of it, and no more than was asked for is kept", () => {
  const file = createFile();

  for (const text of ["a", "ä", "c"]) file.say(text);
  const before = file.known();
  file.say("d");

  assert.deepEqual(file.texts(), ["ä", "c", "d"]);
  assert.deepEqual(
    before?.entries.map(({ id }) => id),
    ["id a", "id ä", "id c"],
    "what was handed out stays as it was",
  );
  assert.equal(file.cache.get("a", 1, LIMIT), undefined, "a file of another size is not known");
});

test("a file that somebody else wrote to, or that was compacted, is read again", () => {
  const meddled = createFile();
  const compacted = createFile();
  const summarized = createFile({ summary: "before" });

  meddled.say("a", 7);
  compacted.say("a");
  compacted.grow(compactionLine("c", null, { summary: "all", firstKeptEntryId: "id a", tokensBefore: 1 }));
  for (const text of ["a", "b", "c"]) summarized.say(text);

  assert.equal(meddled.known(), undefined);
  assert.equal(compacted.known(), undefined);
  assert.equal(summarized.known()?.summary, "before");
  summarized.say("d");
  assert.equal(summarized.known(), undefined, "its summary may be too far back");
});

test("bytes are bounded: those used last stay, and one that is too large pushes nobody out", () => {
  const file = createFile({ maxBytes: 400 });
  file.say("a");
  const known = (bytes: number) => ({ size: 1, limit: LIMIT, context: { entries: [] }, sizes: [bytes] });

  file.cache.put("huge", known(401));
  assert.deepEqual(file.texts(), ["a"]);
  file.cache.put("b", known(150));
  assert.deepEqual(file.texts(), ["a"]);
  file.cache.put("c", known(150));

  assert.equal(file.cache.get("b", 1, LIMIT), undefined);
  assert.deepEqual(file.texts(), ["a"]);
});
