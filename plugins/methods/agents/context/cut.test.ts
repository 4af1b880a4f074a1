import assert from "node:assert/strict";
import { test } from "node:test";
import type { TranscriptContext, TranscriptMessage } from "openclaw/plugin-sdk";
import { cutIndex } from "./cut.ts";
import { prune } from "./prune.ts";
import { tidy } from "./tidy.ts";

type Entry = TranscriptContext["entries"][number];

/** A small generator of random numbers, so that a failure can be repeated. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % below;
  };
}

function historyOf(seed: number): Entry[] {
  const random = randomOf(seed);
  const messages: TranscriptMessage[] = [];
  const text = () => [{ type: "text" as const, text: "x".repeat(random(400)) }];
  for (let turn = 0; turn < 1 + random(12); turn++) {
    messages.push({ role: "user", content: text(), timestamp: 0 });
    for (let call = 0; call < random(4); call++) {
      const ids = Array.from({ length: 1 + random(3) }, (_, index) => `c${turn}-${call}-${index}`);
      messages.push(
        assistant([...text(), ...ids.map((id) => ({ type: "toolCall" as const, id, name: "t", arguments: {} }))]),
      );
      for (const id of ids)
        messages.push({
          role: "toolResult",
          toolCallId: id,
          toolName: "t",
          content: text(),
          isError: false,
          timestamp: 0,
        });
    }
    messages.push(assistant(text()));
  }
  return messages.map((message, index) => ({ id: String(index), message }));
}

function assistant(content: Extract<TranscriptMessage, { role: "assistant" }>["content"]): TranscriptMessage {
  const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: 0 };
  return { role: "assistant", content, api: "a", provider: "p", model: "m", usage, stopReason: "stop", timestamp: 0 };
}

test("a cut never stands between a call and its result, whatever the history", () => {
  for (let seed = 1; seed <= 500; seed++) {
    const entries = historyOf(seed);
    const cut = cutIndex(entries, seed % 300);
    if (cut === undefined) continue;
    const kept = entries.slice(cut).map(({ message }) => message);
    const gone = entries.slice(0, cut).map(({ message }) => message);
    for (const part of [kept, gone]) assert.deepEqual(callsOf(part), resultsOf(part), `seed ${seed}`);
    assert.ok(kept.length > 0 && gone.length > 0);
  }
});

test("a tidied history has one result for each call, however much of it is lost", () => {
  for (let seed = 1; seed <= 500; seed++) {
    const random = randomOf(seed);
    const messages = historyOf(seed)
      .map(({ message }) => message)
      .filter(() => random(4) > 0);
    const tidied = tidy(messages);
    assert.deepEqual(callsOf(tidied), resultsOf(tidied), `seed ${seed}`);
    for (const [index, { role }] of tidied.entries()) {
      assert.ok(role !== "user" || tidied[index + 1]?.role !== "user", `seed ${seed}: two of the user in a row`);
    }
  }
});

test("old results are shortened, then cleared; what is recent and what people said is not", () => {
  const big = (id: string): TranscriptMessage => ({
    role: "toolResult",
    toolCallId: id,
    toolName: "read",
    content: [{ type: "text", text: "r".repeat(30_000) }],
    isError: false,
    timestamp: 0,
  });
  const messages: TranscriptMessage[] = [
    { role: "user", content: [{ type: "text", text: "u".repeat(9_000) }], timestamp: 0 },
    ...["1", "2", "3"].flatMap((id) => [assistant([{ type: "toolCall", id, name: "read", arguments: {} }]), big(id)]),
    assistant([{ type: "text", text: "done" }]),
  ];
  const settings = (pruning: object) => ({ get: <T>() => pruning as T });
  const lengths = (pruned: readonly TranscriptMessage[]) =>
    pruned.flatMap((one) =>
      one.role === "toolResult" ? [one.content.map((b) => (b.type === "text" ? b.text.length : 0))[0]] : [],
    );

  const soft = prune(messages, 40_000, settings({ mode: "cache-ttl" }) as never);
  const hard = prune(messages, 8_000, settings({ mode: "cache-ttl", minPrunableToolChars: 1 }) as never);

  assert.equal(prune(messages, 40_000, settings({ mode: "off" }) as never), messages);
  assert.ok((lengths(soft)[0] ?? 0) < 4_000);
  assert.deepEqual(lengths(soft).slice(1), [30_000, 30_000]);
  assert.equal(lengths(hard)[0], "[Old tool result content cleared]".length);
  assert.deepEqual(hard[0], messages[0]);
});

function callsOf(messages: readonly TranscriptMessage[]): string[] {
  return messages.flatMap((one) =>
    one.role === "assistant" ? one.content.flatMap((block) => (block.type === "toolCall" ? [block.id] : [])) : [],
  );
}

function resultsOf(messages: readonly TranscriptMessage[]): string[] {
  return messages.flatMap((one) => (one.role === "toolResult" ? [one.toolCallId] : []));
}
