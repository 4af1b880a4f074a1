import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { mock, test } from "node:test";
import { GatewayError } from "openclaw/plugin-sdk";
import type { GatewayClient } from "openclaw/plugin-sdk";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";

interface Step {
  readonly id: string;
  readonly type: string;
  readonly title?: string;
  readonly message: string;
  readonly initialValue?: unknown;
  readonly options?: readonly { readonly value: string }[];
  readonly sensitive?: boolean;
}

interface Progress {
  readonly sessionId?: string;
  readonly done: boolean;
  readonly step?: Step;
  readonly status: string;
  readonly error?: string;
}

const KEY = "sk-wizard-0123456789";

/** A client that answers by the words of the question; a question without words of its own is answered as proposed. */
async function walk(client: GatewayClient, params: object, answers: Readonly<Record<string, unknown>>) {
  const asked: Step[] = [];
  let progress = await client.request<Progress>("wizard.start", params);
  const { sessionId } = progress;
  while (progress.step) {
    const { step } = progress;
    asked.push(step);
    const own = Object.entries(answers).find(([words]) => step.message.startsWith(words));
    const value = own ? own[1] : step.type === "note" ? null : (step.initialValue ?? "");
    progress = await client.request<Progress>("wizard.next", { sessionId, answer: { stepId: step.id, value } });
  }
  return { asked, progress, sessionId };
}

const written = ({ configPath }: TestGateway) =>
  JSON.parse(readFileSync(configPath, "utf8")) as Record<string, Record<string, unknown>>;

test("a walk through the questions ends with a configuration, and no secret is shown", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();

  const { asked, progress, sessionId } = await walk(
    client,
    { mode: "local", workspace: "~/claw" },
    { "Who answers?": "openrouter", "API key": KEY, "Name of the model": "some/model" },
  );

  assert.deepEqual(progress, { done: true, status: "done" });
  assert.deepEqual(
    asked.slice(0, 2).map(({ type, title }) => [type, title]),
    [
      ["note", "OpenClaw onboarding"],
      ["note", "Security"],
    ],
  );
  assert.equal(asked.find(({ message }) => message.startsWith("API key"))?.sensitive, true);
  assert.ok(!JSON.stringify(asked).includes(KEY));
  assert.ok(!JSON.stringify(asked).includes(gateway.token));
  const { agents, models, gateway: section, wizard } = written(gateway);
  assert.deepEqual(agents, { defaults: { workspace: "~/claw", model: "openrouter/some/model" } });
  assert.deepEqual(models?.["providers"], {
    openrouter: { baseUrl: "https://openrouter.ai/api/v1", api: "openai-completions", apiKey: KEY },
  });
  assert.deepEqual(section, { mode: "local", auth: { token: gateway.token } }, "what is as proposed is not written");
  assert.deepEqual([wizard?.["lastRunCommand"], wizard?.["lastRunMode"]], ["wizard", "local"]);
  await assert.rejects(client.request("wizard.status", { sessionId }), /^GatewayError: wizard not found$/);
  const audit = readFileSync(join(gateway.stateDir, "logs", "config-audit.jsonl"), "utf8");
  assert.match(audit, /"actor":"test"/);
  assert.ok(!audit.includes(KEY));
});

test("a provider that a plugin knows is asked for its key only", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();

  const answers = { "Who answers?": "anthropic", "API key": KEY };
  const { asked, progress } = await walk(client, { mode: "local" }, answers);

  assert.equal(progress.status, "done");
  assert.ok(!asked.some(({ message }) => message.startsWith("Address")));
  const { agents, models } = written(gateway);
  assert.partialDeepStrictEqual(agents, { defaults: { model: "anthropic/claude-sonnet-4-5" } });
  assert.deepEqual(models?.["providers"], { anthropic: { apiKey: KEY } });
  const { models: listed } = await client.request<{ models: { id: string; provider: string }[] }>("models.list", {});
  assert.ok(listed.some(({ id, provider }) => provider === "anthropic" && id === "claude-sonnet-4-5"));
});

test("a second walk that changes nothing writes nothing", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  await walk(client, { mode: "local" }, {});
  const before = readFileSync(gateway.configPath, "utf8");

  const { asked, progress } = await walk(client, { mode: "local" }, {});

  assert.equal(progress.status, "done");
  assert.equal(asked.at(-1)?.message, "Everything is set like this already.");
  assert.equal(readFileSync(gateway.configPath, "utf8"), before);
});

test("who does not confirm changes nothing", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  const before = readFileSync(gateway.configPath, "utf8");

  const { asked, progress } = await walk(client, { mode: "local" }, { "Write this?": false });

  assert.equal(progress.status, "done");
  assert.equal(asked.at(-1)?.title, "Nothing was written");
  assert.equal(readFileSync(gateway.configPath, "utf8"), before);
});

test("without a mode it asks for one, and a remote gateway leaves this one what it is", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();

  await walk(client, {}, { "Where does": "remote", "Address of the gateway": "wss://far.example", "Its token": KEY });

  const { gateway: section } = written(gateway);
  assert.equal(section?.["mode"], "local");
  assert.deepEqual(section?.["remote"], { url: "wss://far.example", token: KEY });
});

test("a token too short for what others can reach is replaced", async () => {
  await using gateway = await startTestGateway({
    config: { gateway: { mode: "local", auth: { token: "short-token-0123456" } } },
  });
  const client = await gateway.client({ token: "short-token-0123456" });
  const start = await client.request<Progress>("wizard.start", { mode: "local" });
  assert.ok(start.step);
  await client.request("wizard.cancel", { sessionId: start.sessionId });

  const { asked } = await walk(client, { mode: "local" }, { "Who can reach it?": "lan", "Write this?": false });

  assert.match(
    asked.find(({ message }) => message.startsWith("Write this?"))?.message ?? "",
    /Login: token, a new one/,
  );
});

const BAD_ANSWERS: readonly (readonly [string, unknown, string])[] = [
  ["Where does", "moon", "answer must be one of local, remote"],
  ["Where does", 5, "answer must be one of local, remote"],
  ["Folder", 5, "answer must be a text"],
  ["Folder", "relative", "the folder is named from / or ~ on"],
  ["Port", "70000", "a port is 1 to 65535"],
  ["Port", "http", "a port is 1 to 65535"],
  ["Write this?", "yes", "answer must be true or false"],
];

test("an answer that does not fit is refused, and the question stays", async (t) => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  const { sessionId, ...first } = await client.request<Progress>("wizard.start", {});
  let { step } = first;

  while (step) {
    const { id: stepId, message, type, initialValue } = step;
    for (const [words, value, text] of BAD_ANSWERS.filter(([start]) => message.startsWith(start))) {
      await t.test(`${words} ${JSON.stringify(value)}: ${text}`, async () => {
        await assert.rejects(client.request("wizard.next", { sessionId, answer: { stepId, value } }), {
          name: "GatewayError",
          code: "INVALID_REQUEST",
          message: text,
        });
        const still = await client.request<Progress>("wizard.next", { sessionId });
        assert.equal(still.step?.id, stepId);
      });
    }
    const value = message.startsWith("Write this?") ? false : type === "note" ? null : (initialValue ?? "");
    ({ step } = await client.request<Progress>("wizard.next", { sessionId, answer: { stepId, value } }));
  }
});

test("there is one wizard at a time, and a cancelled one is forgotten", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  const { sessionId, step } = await client.request<Progress>("wizard.start", { mode: "local" });

  await assert.rejects(client.request("wizard.start", {}), { code: "UNAVAILABLE", message: "wizard already running" });
  assert.deepEqual(await client.request("wizard.status", { sessionId }), { status: "running" });
  await assert.rejects(client.request("wizard.next", { sessionId, answer: { stepId: "other" } }), {
    message: `step "other" does not wait for an answer; "${step?.id}" does`,
  });
  assert.deepEqual(await client.request("wizard.cancel", { sessionId }), { status: "cancelled", error: "cancelled" });
  for (const method of ["wizard.status", "wizard.next", "wizard.cancel"])
    await assert.rejects(client.request(method, { sessionId }), {
      code: "INVALID_REQUEST",
      message: "wizard not found",
    });
  assert.equal((await client.request<Progress>("wizard.start", {})).status, "running");
});

test("a wizard that nobody answers makes room after half an hour", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  mock.timers.enable({ apis: ["setTimeout"] });
  using timers = mock.timers;
  const { sessionId } = await client.request<Progress>("wizard.start", {});

  timers.tick(1_800_000);
  timers.reset();

  await assert.rejects(client.request("wizard.status", { sessionId }), /wizard not found/);
});

test("a configuration that cannot be written ends the wizard with the reason", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();

  const { progress } = await walk(
    client,
    { mode: "local" },
    { "Who answers?": "other", "A name for it": "home", "Address of its API": "http://127.0.0.1:1/v1", "Name of": "m" },
  );
  assert.equal(progress.status, "done");
  const start = await client.request<Progress>("wizard.start", { mode: "local" });
  gateway.writeConfig("{ gateway: [] }");
  let { step } = start;
  let last: Progress = start;
  while (step) {
    const value = step.message.startsWith("Port") ? "20001" : (step.initialValue ?? "");
    const answer = { stepId: step.id, value };
    last = await client.request<Progress>("wizard.next", { sessionId: start.sessionId, answer });
    ({ step } = last);
  }

  assert.equal(last.status, "error");
  assert.ok(last.done && (last.error ?? "") !== "");
});

const REFUSED: readonly (readonly [string, object, string])[] = [
  ["wizard.start", { __bogus: 1 }, "invalid wizard.start params: at root: unexpected property '__bogus'"],
  ["wizard.next", {}, "invalid wizard.next params: must have required property 'sessionId'"],
  [
    "wizard.next",
    { sessionId: "x", answer: {} },
    "invalid wizard.next params: at /answer: must have required property 'stepId'",
  ],
  ["wizard.cancel", {}, "invalid wizard.cancel params: must have required property 'sessionId'"],
  ["wizard.status", { sessionId: "nope" }, "wizard not found"],
];

test("parameters that make no sense are refused", async (t) => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();

  for (const [method, params, text] of REFUSED) {
    await t.test(`${method} ${JSON.stringify(params)}`, async () => {
      await assert.rejects(client.request(method, params), (error: unknown) => {
        assert.ok(error instanceof GatewayError);
        assert.deepEqual([error.code, error.message], ["INVALID_REQUEST", text]);
        return true;
      });
    });
  }
});
