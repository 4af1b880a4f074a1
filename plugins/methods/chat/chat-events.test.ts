import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { ChatEvents } from "./chat-events.ts";
import type { ChatEvent } from "./chat-events.ts";

/** Chat events of one run, at a time that only the test moves. */
function createRun() {
  const told: { readonly event: ChatEvent; readonly droppable: boolean }[] = [];
  const events = new ChatEvents(
    (event, options) => told.push({ event, droppable: options?.droppable === true }),
    () => undefined,
  );
  const clock = { ms: 1_000 };
  const now = mock.method(performance, "now", () => clock.ms);
  let seq = 0;
  const follow = (stream: "assistant" | "lifecycle", data: Record<string, unknown>) =>
    events.follow({ runId: "r", sessionKey: "agent:main:main", seq: ++seq, ts: 0, stream, data });
  return { told, events, clock, follow, [Symbol.dispose]: () => now.mock.restore() };
}

const textOf = ({ message }: ChatEvent) =>
  (message as { content: { text: string }[] } | undefined)?.content.map(({ text }) => text).join("");

test("of an answer there is a delta every 150 ms at most, each with all of it so far, and the end has the rest", () => {
  using run = createRun();
  let text = "";

  for (const atMs of [0, 50, 149, 150, 299, 300, 310]) {
    run.clock.ms = 1_000 + atMs;
    text += `${atMs} `;
    run.follow("assistant", { text, delta: `${atMs} ` });
  }
  run.follow("lifecycle", { phase: "end" });

  assert.deepEqual(
    run.told.map(({ event, droppable }) => [event.state, event.seq, textOf(event)?.trim(), droppable]),
    [
      ["delta", 1, "0", true],
      ["delta", 4, "0 50 149 150", true],
      ["delta", 6, "0 50 149 150 299 300", true],
      ["final", 8, "0 50 149 150 299 300 310", false],
    ],
  );
});

test("a run ends once: without a text there is no message, an error has its words, and a stopped run says nothing more", () => {
  using silent = createRun();
  using failed = createRun();
  using stopped = createRun();

  silent.follow("lifecycle", { phase: "end" });
  failed.follow("lifecycle", { phase: "error", error: "no model" });
  stopped.follow("assistant", { text: "I", delta: "I" });
  stopped.events.aborted("r", "agent:main:main", "rpc");
  stopped.events.aborted("r", "agent:main:main", "stop");
  stopped.follow("assistant", { text: "I see", delta: " see" });
  stopped.follow("lifecycle", { phase: "end", aborted: true, stopReason: "rpc" });

  const about = { runId: "r", sessionKey: "agent:main:main" };
  assert.deepEqual(
    silent.told.map(({ event }) => event),
    [{ ...about, seq: 1, state: "final" }],
  );
  assert.deepEqual(
    failed.told.map(({ event }) => event),
    [{ ...about, seq: 1, state: "error", errorMessage: "no model" }],
  );
  assert.deepEqual(
    stopped.told.slice(1).map(({ event }) => event),
    [{ ...about, seq: 2, state: "aborted", stopReason: "rpc" }],
  );
});
