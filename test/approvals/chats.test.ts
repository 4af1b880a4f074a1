import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { startLab } from "../delivery/lab-gateway.ts";
import type { Lab, Sent } from "../delivery/lab-gateway.ts";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import type { FakeOpenAi } from "../fakes/openai-server.ts";

const OPEN = { dmPolicy: "open", allowFrom: ["*"] };

/** A network on which ann talks to the agent and bea may approve. */
async function start(model: FakeOpenAi, exec: object): Promise<Lab> {
  return startLab(OPEN, {
    ...modelConfig(model),
    approvals: { exec: { enabled: true, approvers: { lab: ["bea"] }, ...exec } },
  });
}

/** The agent runs into a command that needs a yes. */
async function runs(model: FakeOpenAi, lab: Lab, command: string): Promise<string> {
  model.scripts.push((reply) => {
    reply.toolCall("call-1", "exec", JSON.stringify({ command }));
    reply.end("tool_calls");
  });
  await lab.says({ text: "do it" });
  const { approvals } = await eventually("the question", async () => {
    const found = await lab.client.request<{ approvals: { id: string }[] }>("exec.approval.list", {});
    return found.approvals.length > 0 && found;
  });
  return (approvals[0] as { id: string }).id;
}

function said(lab: Lab, to: string, pattern: RegExp): Promise<Sent> {
  return eventually(`${to} is told ${pattern}`, async () =>
    (await lab.sent()).find((one) => one.to === to && pattern.test(one.payload.text)),
  );
}

const toBea = { from: "bea" };

test("a command that waits is told in the chat it came from, and an approver there lets it run", async () => {
  await using model = await startFakeOpenAi();
  await using lab = await start(model, {});

  const id = await runs(model, lab, "echo approved > out.txt");
  const asked = await said(lab, "ann", /asks to run a command/);
  await lab.says({ text: `/approve ${id.slice(0, 8)} allow-once`, ...toBea });

  assert.match(asked.payload.text, /^Agent main asks to run a command on gateway:\necho approved > out\.txt\nFolder: /);
  assert.match(asked.payload.text, new RegExp(`/approve ${id.slice(0, 8)} allow-once`));
  await said(lab, "bea", /^allow-once: echo approved/);
  await said(lab, "ann", new RegExp(`^Approval ${id.slice(0, 8)}: allow-once by bea\\.$`));
  await eventually("the agent hears of the end", () =>
    model.requests.some(({ body }) => /Exec finished/.test(JSON.stringify(body.messages))),
  );
});

test("who is heard, and even an owner, cannot approve unless a list of approvers names them", async () => {
  await using model = await startFakeOpenAi();
  await using lab = await startLab(OPEN, {
    ...modelConfig(model),
    commands: { ownerAllowFrom: ["ann"] },
    approvals: { exec: { enabled: true, approvers: { lab: ["*", "bea"], other: ["ann"] } } },
  });

  const id = await runs(model, lab, "echo no");
  await lab.says({ text: `/approve ${id} allow-always` });
  const refused = await said(lab, "ann", /Only approvers/);
  await lab.says({ text: `/approve ${id} perhaps`, ...toBea });
  await said(lab, "bea", /^Use \/approve <id>/);
  await lab.says({ text: `/approve ${id.slice(0, 4)} deny`, ...toBea });
  await said(lab, "bea", /No approval ".{4}" waits/);
  await lab.says({ text: `/approve ${id} deny`, ...toBea });

  assert.match(refused.payload.text, /approvals\.exec\.approvers\.lab does not name ann/);
  await said(lab, "bea", /^deny: echo no/);
  await lab.says({ text: `/approve ${id} allow-once`, ...toBea });
  await eventually("it was decided once", async () => {
    const last = (await lab.sent()).findLast(({ to }) => to === "bea");
    return last !== undefined && /No approval ".{36}" waits/.test(last.payload.text);
  });
});

test("targets are told instead, where their filters let them", async () => {
  await using model = await startFakeOpenAi();
  await using lab = await start(model, {
    mode: "targets",
    targets: [{ channel: "lab", to: "room" }],
    agentFilter: ["main"],
  });

  await runs(model, lab, "echo first");
  const asked = await said(lab, "room", /echo first/);
  const told = await lab.sent();

  assert.ok(!told.some(({ to, payload }) => to === "ann" && /asks to run/.test(payload.text)));
  assert.match(asked.payload.text, /Within 120 s/);
});

test("a client of the gateway approves in its chat when its scopes say so, but never what it asked itself", async () => {
  await using model = await startFakeOpenAi();
  await using lab = await start(model, {});
  const finals: string[] = [];
  lab.client.on("event", ({ event, payload }) => {
    const { state, message } = (payload ?? {}) as { state?: string; message?: { content: { text: string }[] } };
    if (event === "chat" && state === "final") finals.push(String(message?.content[0]?.text));
  });
  const say = async (message: string) => {
    const count = finals.length;
    await lab.client.request("chat.send", { sessionKey: "main", message, idempotencyKey: crypto.randomUUID() });
    return eventually("the answer", () => finals[count]);
  };

  const own = lab.client
    .request("exec.approval.request", { id: "own-question", command: "ls", timeoutMs: 20_000 })
    .catch(() => undefined);
  assert.match(
    await eventually("it is asked", async () => {
      const text = await say("/approve own-question allow-once");
      return !text.startsWith("No approval") && text;
    }),
    /^Not decided: who asks cannot approve/,
  );
  const id = await runs(model, lab, `cat ${join("/", "etc", "hostname")}`).then(async () => {
    const { approvals } = await lab.client.request<{ approvals: { id: string }[] }>("exec.approval.list", {});
    return String(approvals.find((one) => one.id !== "own-question")?.id);
  });
  assert.match(await say(`/approve ${id} deny`), /^deny: cat/);
  await lab.gateway[Symbol.asyncDispose]();
  await own;
});
