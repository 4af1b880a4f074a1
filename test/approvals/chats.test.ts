import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { startLab } from "../delivery/lab-gateway.ts";
import type { Lab, Sent } from "../delivery/lab-gateway.ts";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import type { FakeOpenAi } from "../fakes/openai-server.ts";

const OPEN = { dmPolicy: "open", allowFrom: ["*"] };

interface Final {
  readonly runId: string;
  readonly state: string;
  readonly message?: { readonly content: readonly { readonly text: string }[] };
}

interface Waiting {
  readonly id: string;
  readonly request: { readonly command: string };
}

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
  return eventually("the question", async () => {
    const { approvals } = await lab.client.request<{ approvals: Waiting[] }>("exec.approval.list", {});
    return approvals.find(({ request }) => request.command === command)?.id;
  });
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

  const command = `echo approved > ${join(lab.gateway.home, "out.txt")}`;
  const id = await runs(model, lab, command);
  const asked = await said(lab, "ann", /asks to run a command/);
  await lab.says({ text: `/approve ${id.slice(0, 8)} allow-once`, ...toBea });

  assert.ok(asked.payload.text.startsWith(`Agent main asks to run a command on gateway:\n${command}\nFolder: /`));
  assert.match(asked.payload.text, new RegExp(`/approve ${id.slice(0, 8)} allow-once`));
  await said(lab, "bea", /^allow-once: echo approved/);
  await said(lab, "ann", new RegExp(`^Approval ${id.slice(0, 8)}: allow-once by bea\\.$`));
  await eventually("the command runs", () => existsSync(join(lab.gateway.home, "out.txt")));
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
  const finals = new Map<string, string>();
  lab.client.on("event", ({ event, payload }) => {
    if (event !== "chat") return;
    const { runId, state, message } = payload as Final;
    if (state === "final") finals.set(runId, String(message?.content[0]?.text));
  });
  const say = async (message: string) => {
    const idempotencyKey = crypto.randomUUID();
    await lab.client.request("chat.send", { sessionKey: "main", message, idempotencyKey });
    return eventually("the answer", () => finals.get(idempotencyKey));
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
  const id = await runs(model, lab, "cat /etc/hostname");
  assert.match(await say(`/approve ${id} deny`), /^deny: cat/);
  await lab.gateway[Symbol.asyncDispose]();
  await own;
});
