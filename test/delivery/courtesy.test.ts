import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { labConfig, startLab } from "./lab-gateway.ts";
import type { Lab } from "./lab-gateway.ts";

interface Shown {
  readonly what: "typing" | "reaction" | "read";
  readonly to: string;
  readonly messageId?: string;
  readonly emoji?: string;
}

async function shown(lab: Lab, what: Shown["what"]): Promise<Shown[]> {
  const all = (await lab.client.request<{ shown: Shown[] }>("lab.shown", {})).shown;
  return all.filter((one) => one.what === what);
}

const GROUP = { chatType: "group", chatId: "g1" };
const NAMED = { agents: { list: [{ id: "main", identity: { name: "Hal", emoji: "🦞" } }] } };

test("an answer carries the prefix of its account, its channel or of all, filled in; what the gateway says does not", async () => {
  const messages = { responsePrefix: "[{model} of {provider}, {nobody}]" };
  await using lab = await startLab(
    { allowFrom: ["ann"], accounts: { default: {}, plain: { responsePrefix: "" }, own: { responsePrefix: "auto" } } },
    { messages, ...NAMED },
  );

  for (const [index, accountId] of ["default", "plain", "own"].entries()) {
    await lab.says({ id: `p${index}`, text: "hello", accountId });
    await lab.ended(`p${index}`, "done");
  }
  await lab.says({ id: "p9", text: "/whoami" });

  const texts = (await lab.sends(4)).map(({ payload }) => payload.text.slice(0, 40));
  assert.match(texts[0] ?? "", /^\[responder of offline, \{nobody\}\] Hello!/);
  assert.match(texts[1] ?? "", /^Hello!/);
  assert.match(texts[2] ?? "", /^\[Hal\] Hello!/);
  assert.match(texts[3] ?? "", /^Your id on lab: ann/);
});

test("a message that was let in is marked as read and, in the scope that is set, gets a reaction that goes with the answer", async () => {
  const messages = { ackReactionScope: "all", removeAckAfterReply: true };
  await using lab = await startLab(
    {
      allowFrom: ["ann"],
      groupPolicy: "open",
      accounts: { default: {}, quiet: { sendReadReceipts: false, ackReaction: "" } },
    },
    { messages, ...NAMED },
  );

  await lab.says({ id: "r1", text: "hello" });
  await lab.says({ id: "r2", text: "hello", accountId: "quiet" });
  await lab.says({ id: "r3", text: "hello", from: "eve" });
  await Promise.all([lab.ended("r1", "done"), lab.ended("r2", "done"), lab.ended("r3", "refused")]);

  assert.deepEqual(await shown(lab, "read"), [{ what: "read", to: "ann", messageId: "r1" }]);
  await eventually("the reaction is gone", async () => (await shown(lab, "reaction")).length === 2);
  assert.deepEqual(
    (await shown(lab, "reaction")).map(({ messageId, emoji }) => [messageId, emoji]),
    [
      ["r1", "🦞"],
      ["r1", ""],
    ],
  );
});

test("by default only a message that mentions the bot in a group gets a reaction, and one that throws costs nothing", async () => {
  const unlimited = { messages: { flood: false } };
  await using lab = await startLab({ allowFrom: ["ann"], groupPolicy: "open" }, unlimited);
  await lab.says({ id: "s1", text: "hello" });
  await lab.says({ id: "s2", text: "hello", mentioned: true, ...GROUP });
  await Promise.all([lab.ended("s1", "done"), lab.ended("s2", "done")]);
  assert.deepEqual(
    (await shown(lab, "reaction")).map(({ messageId, emoji }) => [messageId, emoji]),
    [["s2", "👀"]],
  );

  lab.gateway.writeConfig(labConfig({ allowFrom: ["ann"], groupPolicy: "open", ackReaction: "throw" }, unlimited));
  await eventually("no reaction, and an answer", async () => {
    const id = `s-${Math.random()}`;
    const before = (await shown(lab, "reaction")).length;
    await lab.says({ id, text: "hello", mentioned: true, ...GROUP });
    await lab.ended(id, "done");
    return (await shown(lab, "reaction")).length === before;
  });
});

test("while a turn works its chat sees typing, unless that is never wanted", async () => {
  await using lab = await startLab({ allowFrom: ["ann"] });
  await lab.says({ id: "t1", text: "hello" });
  await lab.ended("t1", "done");
  assert.equal((await shown(lab, "typing")).length, 1);

  await using never = await startLab({ allowFrom: ["ann"] }, { agents: { defaults: { typingMode: "never" } } });
  await never.says({ id: "t2", text: "hello" });
  await never.ended("t2", "done");
  assert.deepEqual(await shown(never, "typing"), []);
});
