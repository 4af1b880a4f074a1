import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { HeartbeatEvent } from "openclaw/plugin-sdk";
import type { Asked, Beat } from "./beat.ts";
import { HeartbeatRunner } from "./runner.ts";
import { heartbeatOf } from "./settings.ts";

const MINUTE = 60_000;

/** A runner whose time stands still until a test moves it. */
function place(heartbeats: Record<string, string>) {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const values = { ...heartbeats };
  const beats: string[] = [];
  const ended: HeartbeatEvent[] = [];
  const answers: Beat[] = [];
  const quiet = () => undefined;
  const runner = new HeartbeatRunner({
    clock: { monotonic: () => Date.now(), setTimeout, clearTimeout },
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    agents: () => Object.keys(values).map((id) => ({ id, name: id, isDefault: id === "main", workspace: "/none" })),
    settingsOf: ({ id }) =>
      heartbeatOf(id, true, {
        get: <T>(path: string) => (path === "agents.list" ? undefined : { every: values[id] }) as T | undefined,
      }),
    agentOf: (key) => key.split(":")[1] ?? "",
    async beat({ agent, reason }: Asked) {
      beats.push(`${agent.id} ${reason}`);
      return answers.shift() ?? { event: { ts: Date.now(), status: "ok-token" } };
    },
    ended: (event) => void ended.push(event),
    now: () => Date.now(),
  });
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 250) {
      mock.timers.tick(Math.min(250, left));
      await new Promise(setImmediate);
    }
  };
  return { values, beats, ended, answers, runner, pass, [Symbol.dispose]: () => mock.timers.reset() };
}

const wake = (sessionKey: string, reason: string) => ({ mode: "now", reason, sessionKey }) as const;

test("each agent has its own rhythm, and the first beat comes one interval after the start", async () => {
  using at = place({ main: "10m", ops: "4m", idle: "0m" });
  at.runner.configure();

  await at.pass(3 * MINUTE);
  assert.deepEqual(at.beats, []);
  await at.pass(8 * MINUTE);

  assert.deepEqual(at.beats, ["ops interval", "ops interval", "main interval"]);
});

test("a changed configuration keeps the time that has passed, and beats no time more", async () => {
  using at = place({ main: "10m", ops: "10m" });
  at.runner.configure();
  await at.pass(6 * MINUTE);

  at.values["ops"] = "20m";
  at.runner.configure();
  await at.pass(5 * MINUTE);
  assert.deepEqual(at.beats, ["main interval"]);
  delete at.values["main"];
  at.runner.configure();
  await at.pass(16 * MINUTE);

  assert.deepEqual(at.beats, ["main interval", "ops interval"]);
});

test("requests that come together are one, and the most telling reason counts", async () => {
  using at = place({ main: "30m" });
  at.runner.configure();

  at.runner.wake(wake("agent:main:main", "wake"));
  at.runner.wake(wake("agent:main:main", "cron:tea"));
  at.runner.wake(wake("agent:main:main", "hook:mail"));
  at.runner.wake({ mode: "next-heartbeat", reason: "wake", sessionKey: "agent:main:main" });
  await at.pass(200);
  assert.deepEqual(at.beats, []);
  await at.pass(MINUTE);

  assert.deepEqual(at.beats, ["main cron:tea"]);
});

test("while somebody is being answered it is tried again every second, and told once", async () => {
  using at = place({ main: "30m" });
  at.answers.push({ skipped: "requests-in-flight" }, { skipped: "requests-in-flight" });
  at.runner.configure();

  at.runner.wake(wake("agent:main:main", "wake"));
  await at.pass(3_000);

  assert.deepEqual(at.beats, ["main wake", "main wake", "main wake"]);
  assert.equal(at.ended.length, 1);
});

test("what was skipped is told but for what is switched off", async () => {
  using at = place({ main: "30m" });
  at.answers.push({ skipped: "quiet-hours" }, { skipped: "disabled" });

  at.runner.wake(wake("agent:main:main", "wake"));
  await at.pass(1_000);
  at.runner.wake(wake("agent:main:main", "wake"));
  await at.pass(1_000);

  assert.deepEqual(
    at.ended.map(({ status, reason }) => [status, reason]),
    [["skipped", "quiet-hours"]],
  );
});

test("nothing beats after the end", async () => {
  using at = place({ main: "1m" });
  at.runner.configure();
  at.runner.wake(wake("agent:main:main", "wake"));

  await at.runner.close();
  await at.pass(5 * MINUTE);

  assert.deepEqual(at.beats, []);
});
