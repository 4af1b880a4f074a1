import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { Turn, Work } from "openclaw/plugin-sdk";
import { begin, createOngoing } from "./ongoing.ts";
import { Turns } from "./turns.ts";
import type { TurnParts } from "./turns.ts";

const MINUTE_MS = 60_000;

function workOf(id: string, sessionKey: string): Work {
  const envelope = {
    channel: "webchat",
    messageId: id,
    sessionKey,
    chatId: sessionKey,
    chatType: "direct" as const,
    text: "hello",
    sender: { id: "ann" },
  };
  const at = Date.now();
  return {
    id,
    runId: id,
    sessionKey,
    envelope,
    state: "queued",
    acceptedAt: at,
    updatedAt: at,
    attempt: 0,
    effects: false,
  };
}

/** Turns whose answers never come; lanes are real, records are kept in `ended`. */
function stuckTurns(timeoutSeconds: number) {
  const ongoing = createOngoing();
  const ended: [id: string, state: string, code: string | undefined][] = [];
  const begun: Turn[] = [];
  const lanes = new Map<string, Promise<unknown>>();
  const parts = {
    gateway: {
      settings: { get: (path: string) => (path === "agents.defaults.timeoutSeconds" ? timeoutSeconds : undefined) },
      log: { error: () => undefined },
    },
    sessions: {
      lane(key: string, work: () => Promise<unknown>) {
        const next = (lanes.get(key) ?? Promise.resolve()).then(work);
        lanes.set(key, next);
        return next;
      },
      open: async (key: string) => ({ key, agentId: "main", entry: { sessionId: "1", updatedAt: 0 } }),
    },
    log: { save: async (work: Work, change: Partial<Work>) => ({ ...work, ...change }) },
    ending: {
      end: async (work: Work, state: string, result: { error?: { code: string } }) =>
        void ended.push([work.id, state, result.error?.code]),
    },
    history: {},
    held: { add: () => undefined, remove: () => undefined, collect: async () => undefined, steering: async () => [] },
    typing: { start: () => () => undefined },
    ongoing,
    hooks: () => ({ turn: { promise: (turn: Turn) => new Promise(() => begun.push(turn)) } }),
    describe: async () => ({ label: "WebChat", withMessageId: false }),
    ended: () => undefined,
  } as unknown as TurnParts;
  return { turns: new Turns(parts), ended, begun };
}

async function settled(): Promise<void> {
  for (let step = 0; step < 20; step++) await setImmediate();
}

test("a turn that holds its lane too long is stopped, ended as timed out, and the lane is given on (R-41)", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { turns, ended, begun } = stuckTurns(5 * 60);
    for (const [id, key] of [
      ["stuck", "one"],
      ["behind", "one"],
      ["other", "two"],
    ] as const)
      turns.queue(begin(workOf(id, key)));
    await settled();
    assert.deepEqual(begun.map(({ work }) => work.id).toSorted(), ["other", "stuck"], "no lane waits for another");

    mock.timers.tick(6 * MINUTE_MS - 1);
    await settled();
    assert.ok(
      begun.every(({ signal }) => !signal.aborted),
      "its own limit and a minute",
    );
    mock.timers.tick(1);
    await settled();
    assert.ok(begun.every(({ signal }) => signal.aborted));
    assert.deepEqual(ended, [], "it may let go by itself");
    mock.timers.tick(10_000);
    await settled();

    assert.deepEqual(ended.toSorted(), [
      ["other", "failed", "TIMEOUT"],
      ["stuck", "failed", "TIMEOUT"],
    ]);
    assert.deepEqual(begun.map(({ work }) => work.id).slice(2), ["behind"]);
  } finally {
    mock.timers.reset();
  }
});

test("a turn without a limit of its own is given back after a day, a short one not before two minutes", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const [endless, short] = [stuckTurns(0), stuckTurns(1)];
    endless.turns.queue(begin(workOf("endless", "one")));
    short.turns.queue(begin(workOf("short", "one")));
    await settled();

    mock.timers.tick(2 * MINUTE_MS - 1);
    assert.equal(short.begun[0]?.signal.aborted, false);
    mock.timers.tick(1);
    assert.equal(short.begun[0]?.signal.aborted, true);
    mock.timers.tick(24 * 60 * MINUTE_MS);
    assert.equal(endless.begun[0]?.signal.aborted, true);
  } finally {
    mock.timers.reset();
  }
});
