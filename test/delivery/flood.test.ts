import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { startLab } from "./lab-gateway.ts";
import type { Lab } from "./lab-gateway.ts";

const OPEN = { dmPolicy: "open", allowFrom: ["*"], groupPolicy: "open" };
const APART = { session: { dmScope: "per-peer" } };

async function flood(lab: Lab, count: number, said: object): Promise<void> {
  for (let from = 0; from < count; from += 500) {
    const length = Math.min(500, count - from);
    await lab.allSay(Array.from({ length }, () => ({ text: "hello", ...said })));
  }
}

async function dropped(lab: Lab): Promise<number> {
  const status = await lab.client.request<{ channelAccounts: { lab: { dropped?: Record<string, number> }[] } }>(
    "channels.status",
    {},
  );
  return status.channelAccounts.lab[0]?.dropped?.["flood"] ?? 0;
}

test("of a flood of one sender a few are answered and the rest are refused and counted; another is answered meanwhile (S-40)", async () => {
  await using lab = await startLab(OPEN, APART);
  const flooding = flood(lab, 2_000, { from: "eve" });

  await lab.says({ id: "a1", from: "ann", text: "hello" });
  await lab.ended("a1", "done");
  await flooding;
  await eventually("all have their end", async () => (await dropped(lab)) >= 1_900, 60_000);

  const answers = (await lab.sent()).filter(({ to }) => to === "eve");
  assert.ok(answers.length >= 10 && answers.length <= 100, `${answers.length} answers`);
  await flood(lab, 30, { from: "eve" });
  await lab.says({ id: "e1", from: "eve", text: "hello" });
  const refused = await lab.ended("e1", "refused");
  assert.match(refused.explanation, /too many messages came from eve/);
  await lab.says({ id: "e2", from: "eve", text: "/stop" });
  await lab.ended("e2", "done");
});

test("whom a list names may say ten times as much, and many strangers together no more than the account takes", async () => {
  const config = { messages: { flood: { perMinute: 2, burst: 2, accountPerMinute: 5 } }, ...APART };
  await using lab = await startLab({ dmPolicy: "open", allowFrom: ["*", "ann"] }, config);

  await flood(lab, 25, { from: "ann" });
  for (const from of ["s1", "s2", "s3", "s4", "s5", "s6", "s7"]) await flood(lab, 1, { from });
  await eventually("all have their end", async () => (await dropped(lab)) === 5 + 2);

  const sent = await lab.sends(25);
  assert.equal(sent.filter(({ to }) => to === "ann").length, 20);
  assert.equal(sent.filter(({ to }) => to !== "ann").length, 5);
});

test("what an operator tries once more is not too much, and without limits nothing is", async () => {
  const config = { messages: { flood: { burst: 1, perMinute: 1 } } };
  await using lab = await startLab(OPEN, config);
  await flood(lab, 1, { id: "f1" });
  await flood(lab, 1, { id: "f2" });
  const { id } = await lab.ended("f2", "refused");
  await lab.client.request("queue.retry", { id });
  await lab.ended("f2", "done");

  await using free = await startLab(OPEN, { messages: { flood: false }, ...APART });
  await flood(free, 60, { from: "eve" });
  assert.equal((await free.sends(60)).length, 60);
});
