import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { startLab } from "../delivery/lab-gateway.ts";
import type { Lab } from "../delivery/lab-gateway.ts";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import { writeNeedy, writeSkill } from "./place.ts";

const OPEN = { dmPolicy: "open", allowFrom: ["*"] };

async function asked(lab: Lab, text: string): Promise<string> {
  const before = (await lab.sent()).length;
  await lab.says({ text });
  return eventually(`the answer to ${text}`, async () => (await lab.sent())[before]?.payload.text);
}

/** Until the gateway has noticed the new folder. */
async function noticed(lab: Lab, name: string): Promise<void> {
  await eventually(`${name} is noticed`, async () => {
    const { skills } = await lab.client.request<{ skills: { name: string }[] }>("skills.status", {});
    return skills.some((one) => one.name === name);
  });
}

test("/skill asks the agent to use a skill, in the order of the conversation and once", async () => {
  await using model = await startFakeOpenAi();
  await using lab = await startLab(OPEN, modelConfig(model));
  const folder = join(lab.gateway.stateDir, "skills");
  const path = writeSkill(folder, "release-notes", "writes notes", "disable-model-invocation: true\n");
  await noticed(lab, "release-notes");
  model.otherwise = (reply) => {
    reply.text("Noted.");
    reply.end();
  };

  assert.equal(await asked(lab, "/skill Release_Notes since v2"), "Noted.");
  await asked(lab, "and now?");

  const first = JSON.stringify(model.requests[0]?.body.messages.at(-1));
  assert.ok(first.includes(path) && first.includes("since v2") && !first.includes("/skill Release"), first);
  assert.equal(model.requests.length, 2);
});

test("a skill is a command of its own name, unless a command has it or it is not for people", async () => {
  await using model = await startFakeOpenAi();
  await using lab = await startLab(OPEN, modelConfig(model));
  const folder = join(lab.gateway.stateDir, "skills");
  const path = writeSkill(folder, "Release Notes", "writes notes");
  writeSkill(folder, "whoami", "is called like a command");
  writeSkill(folder, "commands", "is called like the other name of one");
  writeSkill(folder, "own-skill", "is for the agent", "user-invocable: false\n");
  await noticed(lab, "whoami");
  model.otherwise = (reply) => {
    reply.text("Noted.");
    reply.end();
  };
  const told = () => JSON.stringify(model.requests.at(-1)?.body.messages.at(-1));

  for (const text of ["/release-notes since v2", "/Release_Notes: since v2"]) {
    assert.equal(await asked(lab, text), "Noted.");
    assert.ok(told().includes(path) && told().includes("since v2") && !told().includes("/release"), told());
  }
  assert.match(await asked(lab, "/whoami"), /^Your id on lab: ann/);
  assert.match(await asked(lab, "/commands"), /^\/whoami - /m);
  assert.equal(model.requests.length, 2);
  assert.equal(await asked(lab, "/own-skill go"), "Noted.");
  assert.match(told(), /\/own-skill go/);
});

test("/skill lists what can be used, and says why another one cannot", async () => {
  await using model = await startFakeOpenAi();
  await using lab = await startLab(OPEN, modelConfig(model));
  const folder = join(lab.gateway.stateDir, "skills");
  writeSkill(folder, "open-skill", "is for all");
  writeSkill(folder, "own-skill", "is for the agent", "user-invocable: false\n");
  writeNeedy(folder, "needy-skill", '{ requires: { env: ["NOT_SET_ANYWHERE"] } }');
  await noticed(lab, "needy-skill");

  const list = await asked(lab, "/skill");
  assert.match(list, /- open-skill: is for all/);
  assert.doesNotMatch(list, /own-skill|needy-skill/);
  assert.match(await asked(lab, "/skill needy-skill go"), /cannot be used here: openclaw skills info needy-skill/);
  assert.match(await asked(lab, "/skill nothing"), /There is no skill "nothing"/);
  assert.equal(model.requests.length, 0);
});
