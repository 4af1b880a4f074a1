import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { run, startGateway, testHome } from "../support/command-line.ts";
import type { TestHome } from "../support/command-line.ts";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import type { FakeOpenAi } from "../fakes/openai-server.ts";
import { WIRES } from "./wires.ts";

const models = (at: TestHome, ...args: string[]) => run(at, ["models", ...args]);

const SECRET = "sk-abcdefghijklmnopqrstuvwxyz0123456789";

async function json<T>(at: TestHome, ...args: string[]): Promise<T> {
  const { stdout, stderr } = await models(at, ...args, "--json");
  assert.notEqual(stdout, "", stderr);
  return JSON.parse(stdout) as T;
}

test("models status works with nothing configured, and --check says what is missing", async () => {
  using at = await testHome({});

  const fresh = await models(at, "status", "--check");
  const set = await models(at, "set", "openai/gpt-5.2");
  const missing = await models(at, "status", "--check");
  const report = await json<{ defaultModel: string; auth: { missingProvidersInUse: string[] } }>(at, "status");

  assert.equal(fresh.code, 0);
  assert.match(fresh.stdout, /offline\s+local\s+valid/);
  assert.match(set.stderr, /no key for openai here yet; put one in: openclaw models auth add openai/);
  assert.equal(missing.code, 1);
  assert.match(missing.stdout, /openai .*missing.*openclaw models auth add openai/);
  assert.deepEqual([report.defaultModel, report.auth.missingProvidersInUse], ["openai/gpt-5.2", ["openai"]]);
});

test("a key goes into a private file, by flag or stdin, and is never printed whole", async () => {
  using at = await testHome({ agents: { defaults: { model: "openai/gpt-5.2" } } });

  const added = await models(at, "auth", "add", "openai", "--key", SECRET);
  const piped = await run(at, ["models", "auth", "add", "groq", "--key", "-"], { input: "gsk_123\n" });
  const asked = await models(at, "auth", "add", "openai");
  const spaced = await models(at, "auth", "add", "openai", "--key", "two words");
  const status = await models(at, "status", "--check");

  assert.deepEqual([added.code, piped.code, asked.code, spaced.code, status.code], [0, 0, 2, 2, 0]);
  assert.match(asked.stderr, /pass --key/);
  assert.match(status.stdout, /openai:default\s+api_key\s+valid/);
  for (const { stdout, stderr } of [added, piped, spaced, status])
    assert.doesNotMatch(stdout + stderr, new RegExp(`${SECRET}|gsk_123|two words`));
  const path = join(at.stateDir, "agents", "main", "agent", "auth-profiles.json");
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const { profiles } = JSON.parse(readFileSync(path, "utf8")) as { profiles: object };
  assert.deepEqual(profiles, {
    "openai:default": { type: "api_key", provider: "openai", key: SECRET },
    "groq:default": { type: "api_key", provider: "groq", key: "gsk_123" },
  });
});

test("a token that runs out soon is 2, one that has run out is 1", async () => {
  using at = await testHome({ agents: { defaults: { model: "anthropic/claude-opus-4-6" } } });
  await models(at, "auth", "paste-token", "anthropic", "--token", "tok-1234567890", "--expires-in", "2h");
  const path = join(at.stateDir, "agents", "main", "agent", "auth-profiles.json");

  const soon = await models(at, "status", "--check");
  const data = JSON.parse(readFileSync(path, "utf8")) as { profiles: Record<string, { expires: number }> };
  writeFileSync(path, JSON.stringify(data).replace(/"expires":\d+/, `"expires":${Date.now() - 1_000}`));
  const over = await models(at, "status", "--check");
  const wrong = await models(at, "auth", "paste-token", "anthropic", "--token", "x", "--expires-in", "soon");

  assert.equal(soon.code, 2);
  assert.match(
    soon.stdout,
    /anthropic:manual\s+token\s+expiring .*at 20.*openclaw models auth paste-token anthropic\n/,
  );
  assert.equal(over.code, 1);
  assert.match(over.stdout, /expired .*since 20.*openclaw models auth paste-token anthropic\n/);
  assert.deepEqual([wrong.code, /90m, 12h, 30d/.test(wrong.stderr)], [2, true]);
});

test("a key that stands in a variable which is not set says so", async () => {
  using at = await testHome({});
  await models(at, "auth", "add", "openai", "--key", "${NOT_SET_HERE}", "--profile-id", "mine");

  const { stdout } = await models(at, "status", "--check");

  assert.match(stdout, /openai:mine .*missing .*the variable NOT_SET_HERE is not set/);
});

test("the token of claude setup-token is told from a key, and is let in like a subscription", async () => {
  using at = await testHome({ agents: { defaults: { model: "anthropic/claude-opus-4-6" } } });
  const token = `sk-ant-oat01-${"a1".repeat(20)}`;

  const key = await models(at, "auth", "setup-token", "--token", "sk-ant-api03-abcdefghijklmnop");
  const other = await models(at, "auth", "setup-token", "openai", "--token", token);
  const piped = await run(at, ["models", "auth", "setup-token", "--provider", "anthropic", "--token", "-"], {
    input: `${token}\n`,
  });
  const status = await models(at, "status", "--check");

  assert.deepEqual([key.code, other.code, piped.code, status.code], [2, 2, 0, 0], piped.stderr);
  assert.match(key.stderr, /make one with: claude setup-token/);
  assert.match(other.stderr, /paste-token openai/);
  assert.match(status.stdout, /anthropic:setup-token\s+token\s+valid/);
  for (const { stdout, stderr } of [key, other, piped, status]) assert.ok(!(stdout + stderr).includes(token));
});

test("models status --probe has the gateway ask each model, and says which one fails and why", async () => {
  await using good = await startFakeOpenAi();
  await using bad = await startFakeOpenAi();
  bad.otherwise = (reply) => reply.fail(401, `bad key ${SECRET}`);
  const provider = ({ baseUrl }: FakeOpenAi) => {
    const one = { id: "fake-1", name: "Fake", contextWindow: 32_000, maxTokens: 2_048 };
    return { baseUrl, apiKey: SECRET, api: "openai-completions", models: [one] };
  };
  using at = await testHome({
    models: { providers: { good: provider(good), bad: provider(bad) } },
    agents: { defaults: { model: { primary: "good/fake-1", fallbacks: ["bad/fake-1"] } } },
  });
  const alone = await models(at, "status", "--probe");
  await using _gateway = await startGateway(at);

  const probed = await models(at, "status", "--probe");
  const { probes } = await json<{ probes: { model: string; ok: boolean; reason?: string }[] }>(at, "status", "--probe");

  assert.equal(alone.code, 1);
  assert.match(alone.stderr, /start it, or leave --probe away/);
  assert.equal(probed.code, 1);
  assert.match(probed.stdout, /good\/fake-1\s+-\s+\d+ ms[^]*bad\/fake-1\s+-\s+failed \(auth\).*config set/);
  assert.ok(!probed.stdout.includes(SECRET));
  assert.deepEqual(
    probes.map(({ ok, reason }) => [ok, reason]),
    [
      [true, undefined],
      [false, "auth"],
    ],
  );
});

test("the model, its fallbacks and aliases are chosen by name, and what cannot be is refused", async () => {
  using at = await testHome({});
  await models(at, "set", "ollama/llama3.2");
  await models(at, "fallbacks", "add", "openai/gpt-5.2");
  await models(at, "set-image", "google/gemini-2.5-pro");

  const alias = await models(at, "aliases", "add", "big", "openai/gpt-5.2");
  const byAlias = await models(at, "set", "big");
  const unknown = await models(at, "set", "nope/x");
  const bare = await models(at, "fallbacks", "remove", "openai/gpt-9");
  const aliases = await json<{ aliases: object }>(at, "aliases");
  const list = await json<{ count: number; models: { key: string; tags: string[]; available: boolean }[] }>(at, "list");

  assert.match(alias.stderr, /chats may only choose/);
  assert.equal(byAlias.stdout.trim(), "Default model: openai/gpt-5.2");
  assert.deepEqual([unknown.code, bare.code], [2, 2]);
  assert.match(unknown.stderr, /unknown provider "nope".*openclaw config set models\.providers\.nope\.baseUrl/);
  assert.deepEqual(aliases, { aliases: { big: "openai/gpt-5.2" } });
  assert.deepEqual(
    list.models.map(({ key, tags, available }) => [key, tags.join(), available]),
    [
      ["openai/gpt-5.2", "default,alias:big", false],
      ["google/gemini-2.5-pro", "image", false],
    ],
  );
});

test("what is nearly the name of a model, a provider or an action is told so, and a key that was refused says it", async () => {
  await using server = await startFakeOpenAi();
  const config = modelConfig(server);
  using at = await testHome(config);
  await using _gateway = await startGateway(at);
  server.otherwise = (reply) => reply.fail(401, "no");

  const slip = await models(at, "set", "fake/fak-1");
  const provider = await models(at, "set", "fakee/fake-1");
  const action = await models(at, "fallbacks", "delete");
  await models(at, "set", "fake/fake-1");
  await models(at, "auth", "add", "fake", "--key", "key-of-mine-000000000000");
  await run(at, ["agent", "--message", "hello"]);
  const status = await models(at, "status");
  const gone = await models(at, "auth", "remove", "fake");
  await run(at, ["config", "set", "agents.defaults.model", "ghost/m"]);
  const ghost = await models(at, "status");

  assert.match(slip.stderr, /does not list fak-1 \(did you mean fake\/fake-1\?\)/);
  assert.match(provider.stderr, /unknown provider "fakee" \(did you mean "fake"\?\)/);
  assert.match(action.stderr, /unknown action "delete"; use list, add, remove or clear/);
  assert.match(status.stdout, /fake:default .*was refused, rests until 2/);
  assert.match(gone.stderr, /it has: fake:default/);
  assert.match(ghost.stdout, /ghost .*missing.*unknown provider; .*openclaw models set/);
});

test("credentials have an order that can be set, read and cleared", async () => {
  using at = await testHome({});
  for (const name of ["a", "b"])
    await models(at, "auth", "add", "openai", "--key", `key-${name}`, "--profile-id", name);

  const wrong = await models(at, "auth", "order", "set", "openai", "openai:c");
  await models(at, "auth", "order", "set", "openai", "openai:b", "openai:a");
  const set = await json<{ order: string[] }>(at, "auth", "order", "get", "openai");
  await models(at, "auth", "order", "clear", "openai");
  const cleared = await json<{ order: null }>(at, "auth", "order", "get", "openai");
  const removed = await models(at, "auth", "remove", "openai:a");
  const gone = await models(at, "auth", "remove", "openai:a");

  assert.equal(wrong.code, 2);
  assert.deepEqual([set.order, cleared.order], [["openai:b", "openai:a"], null]);
  assert.deepEqual([removed.code, gone.code], [0, 1]);
});

test("models list --all asks the gateway for every model, and says so when there is none", async () => {
  using at = await testHome({});
  const down = await models(at, "list", "--all");
  await using _gateway = await startGateway(at);

  const all = await json<{ count: number; models: { key: string; contextWindow: number }[] }>(at, "list", "--all");
  const plain = await models(at, "list", "--all", "--plain", "--provider", "anthropic");

  assert.equal(down.code, 1);
  assert.match(down.stderr, /while the gateway runs/);
  assert.ok(all.models.some(({ key, contextWindow }) => key === "google/gemini-2.5-pro" && contextWindow > 1_000_000));
  assert.match(plain.stdout, /^anthropic\/claude-\S+$/m);
  assert.doesNotMatch(plain.stdout, /openai/);
});

test("openclaw agent is answered by the built release over every wire format", async () => {
  const servers = await Promise.all(WIRES.map((wire) => wire.start()));
  try {
    const providers = Object.fromEntries(
      WIRES.map(({ api, path }, index) => [
        `p${index}`,
        { api, baseUrl: `${servers[index]?.origin}${path}`, apiKey: "k-1234567890", models: [{ id: "m", name: "M" }] },
      ]),
    );
    const list = WIRES.map((_, index) => ({ id: `a${index}`, model: `p${index}/m` }));
    using at = await testHome({ models: { providers }, agents: { list } });
    await using _gateway = await startGateway(at);

    for (const index of WIRES.keys()) {
      const { code, stdout, stderr } = await run(at, ["agent", "--agent", `a${index}`, "--message", "hi", "--json"]);

      assert.equal(code, 0, stderr);
      const { result } = JSON.parse(stdout) as { result: { payloads: { text: string }[] } };
      assert.equal(result.payloads[0]?.text, "Hello from the fake model.");
    }
  } finally {
    for (const server of servers) await server[Symbol.asyncDispose]();
  }
});
