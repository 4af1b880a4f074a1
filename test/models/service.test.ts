import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { GatewayClient } from "openclaw/plugin-sdk";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";

const PROBE = join(fileURLToPath(import.meta.url), "..", "probe");
const plugins = { load: { paths: [PROBE] }, entries: { probe: { enabled: true } } };

interface Candidate {
  readonly reference: string;
  readonly api: string;
  readonly profileId: string | null;
  readonly credential: string;
  readonly contextWindow: number;
  readonly maxTokens: number;
  readonly defaultThinking: string;
  readonly thinkingLevels: readonly string[];
}

interface Asked {
  readonly text?: string;
  readonly failure?: { readonly reason: string };
  readonly message?: string;
  readonly profileId: string | null;
}

function providers(...ids: string[]): object {
  return Object.fromEntries(
    ids.map((id) => [id, { baseUrl: "http://127.0.0.1:9/v1", apiKey: "k", api: "openai-completions" }]),
  );
}

async function started(config: object): Promise<{ gateway: TestGateway; client: GatewayClient } & AsyncDisposable> {
  const gateway = await startTestGateway({ config: { plugins, ...config } });
  const client = await gateway.client();
  return { gateway, client, [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() };
}

const references = async (client: GatewayClient, params: object = {}) =>
  (await client.request<Candidate[]>("probe.candidates", params)).map(({ reference }) => reference);

const ask = (client: GatewayClient, params: object = {}) => client.request<Asked>("probe.ask", params);

function profileFile({ stateDir }: { readonly stateDir: string }, data?: object): string {
  const path = join(stateDir, "agents", "main", "agent", "auth-profiles.json");
  mkdirSync(dirname(path), { recursive: true });
  if (data) writeFileSync(path, JSON.stringify(data));
  return path;
}

const key = (provider: string, secret: string) => ({ type: "api_key", provider, key: secret });

test("a fresh gateway has one candidate, which needs nothing", async () => {
  await using at = await started({});

  const candidates = await at.client.request<Candidate[]>("probe.candidates", {});

  assert.partialDeepStrictEqual(candidates, [{ reference: "offline/responder", credential: "none" }]);
});

test("the primary comes first and its fallbacks after it; an override ends with the configured ones", async () => {
  await using at = await started({
    models: { providers: providers("a", "b", "c") },
    agents: {
      defaults: { model: { primary: "a/1", fallbacks: ["b/2"] }, models: { "c/3": { alias: "Third" }, "a/1": {} } },
    },
  });

  assert.deepEqual(await references(at.client), ["a/1", "b/2"]);
  assert.deepEqual(await references(at.client, { override: "c/3" }), ["c/3", "b/2", "a/1"]);
  assert.deepEqual(await references(at.client, { override: "third" }), ["c/3", "b/2", "a/1"]);
  assert.deepEqual(await references(at.client, { override: "other" }), ["a/other", "b/2", "a/1"]);
});

test("the session's own model comes before the agent's, and the agent's before the general one", async () => {
  await using at = await started({
    models: { providers: providers("a", "b", "c") },
    agents: { defaults: { model: "a/1" }, list: [{ id: "main", model: { primary: "b/2", fallbacks: [] } }] },
  });
  assert.deepEqual(await references(at.client), ["b/2"]);

  await at.client.request("sessions.patch", { key: "main", model: "c/3" });

  assert.deepEqual(await references(at.client, { session: "agent:main:main" }), ["c/3", "b/2"]);
});

test("a model that cannot see gives way to the image model when there are images", async () => {
  const seeing = { id: "eye", name: "Eye", input: ["text", "image"] };
  await using at = await started({
    models: { providers: { a: { ...providers("a"), baseUrl: "http://127.0.0.1:9/v1", models: [seeing] } } },
    agents: { defaults: { model: "a/blind", imageModel: "a/eye" } },
  });

  assert.deepEqual(await references(at.client), ["a/blind"]);
  assert.deepEqual(await references(at.client, { images: true }), ["a/eye", "a/blind"]);
});

test("what a catalog, a file of the agent and the configuration say is merged, the later over the earlier", async () => {
  const home = mkdtempSync(join(tmpdir(), "openclaw-models-"));
  try {
    const stateDir = join(home, ".openclaw");
    const file = join(stateDir, "agents", "main", "agent", "models.json");
    mkdirSync(dirname(file), { recursive: true });
    const inFile = {
      models: [
        { id: "gpt-5.2", maxTokens: 1_000 },
        { id: "mine", contextWindow: 50_000 },
      ],
    };
    writeFileSync(file, JSON.stringify({ providers: { openai: inFile } }));
    const gateway = { mode: "local", auth: { token: "test-token-0123456789abcdef" } };
    const config = {
      gateway,
      plugins,
      models: { providers: { openai: { apiKey: "k", models: [{ id: "gpt-5.2", contextWindow: 90_000 }] } } },
      agents: { defaults: { model: "openai/gpt-5.2" } },
    };
    writeFileSync(join(stateDir, "openclaw.json"), JSON.stringify(config));
    await using at = await startTestGateway({ home });
    const client = await at.client();

    const [known] = await client.request<Candidate[]>("probe.candidates", {});
    const [mine] = await client.request<Candidate[]>("probe.candidates", { override: "openai/mine" });
    const [unknown] = await client.request<Candidate[]>("probe.candidates", { override: "openai/new" });

    assert.partialDeepStrictEqual(known, { api: "openai-responses", contextWindow: 90_000, maxTokens: 1_000 });
    assert.equal(known?.defaultThinking, "low");
    assert.deepEqual(known?.thinkingLevels, ["off", "minimal", "low", "medium", "high", "xhigh"]);
    assert.partialDeepStrictEqual(mine, { contextWindow: 50_000, maxTokens: 8_192, defaultThinking: "off" });
    assert.partialDeepStrictEqual(unknown, { contextWindow: 200_000, maxTokens: 8_192, thinkingLevels: ["off"] });
    const { models } = await client.request<{ models: { provider: string; id: string }[] }>("models.list", {});
    const openai = models.filter(({ provider }) => provider === "openai").map(({ id }) => id);
    assert.ok(openai.includes("mine") && openai.includes("gpt-5.1"), openai.join());
    assert.ok(models.some(({ provider }) => provider === "anthropic"));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test("models.mode replace leaves only what the configuration has", async () => {
  await using at = await started({
    models: {
      mode: "replace",
      providers: { openai: { baseUrl: "http://127.0.0.1:9", models: [{ id: "one", name: "One" }] } },
    },
  });

  const { models } = await at.client.request<{ models: object[] }>("models.list", {});

  assert.deepEqual(models, [{ id: "one", name: "One", provider: "openai", reasoning: false, input: ["text"] }]);
});

test("an unknown provider, a missing key and a dialect nobody speaks are one sentence with what to do", async () => {
  await using at = await started({
    models: { providers: { odd: { baseUrl: "http://127.0.0.1:9", api: "carrier-pigeon" } } },
    agents: { defaults: { model: "ghost/m" } },
  });
  const refusal = (override: string) =>
    at.client.request("probe.candidates", { override }).then(
      () => "no refusal",
      (error: Error) => error.message,
    );

  const env = process.env["GROQ_API_KEY"];
  delete process.env["GROQ_API_KEY"];
  try {
    assert.match(
      await refusal("groq/llama"),
      /^no key for model groq\/llama; .*openclaw models auth add groq.*GROQ_API_KEY/,
    );
  } finally {
    if (env !== undefined) process.env["GROQ_API_KEY"] = env;
  }
  assert.match(
    await refusal("ghost/m"),
    /^unknown model "ghost\/m": .*openclaw config set models\.providers\.ghost\.baseUrl/,
  );
  assert.match(await refusal("opnai/m"), /provider "opnai" is not configured \(did you mean "openai"\?\)/);
  assert.match(await refusal("odd/m"), /speaks "carrier-pigeon".*known: .*openai-responses.*openclaw plugins list/);
  assert.match(await refusal("a b"), /names no provider.*openclaw models set/);
});

test("a user chooses only what is listed and known", async () => {
  await using at = await started({
    models: { providers: providers("a", "b") },
    agents: { defaults: { model: "a/1", models: { "b/2": { alias: "two" }, "gone/3": {} } } },
  });
  const choose = (text: string) => at.client.request("probe.choose", { text });

  assert.deepEqual(await choose("two"), { provider: "b", model: "2" });
  assert.deepEqual(await choose("1"), { provider: "a", model: "1" });
  assert.deepEqual(await choose("b/2@b:work"), { provider: "b", model: "2", profileId: "b:work" });
  await assert.rejects(choose("b/9"), /model not allowed: b\/9.*\/model/);
  await assert.rejects(choose("gone/3"), /unknown model: gone\/3/);
});

test("credentials are tried oldest use first; one that is refused rests, longer each time, and the file stays private", async () => {
  await using server = await startFakeOpenAi();
  const { models, agents } = modelConfig(server) as { models: { providers: { fake: object } }; agents: object };
  const fake = { ...models.providers.fake, apiKey: undefined };
  await using at = await started({ models: { providers: { fake } }, agents });
  const profiles = { "fake:a": key("fake", "secret-a-000000"), "fake:b": key("fake", "secret-b-000000") };
  const path = profileFile(at.gateway, { version: 1, profiles, mine: true });

  const first = await ask(at.client);
  server.scripts.push((reply) => reply.fail(401, "bad key"));
  const second = await ask(at.client);
  const third = await ask(at.client);

  assert.deepEqual([first.profileId, second.profileId, third.profileId], ["fake:a", "fake:b", "fake:a"]);
  assert.equal(second.failure?.reason, "auth");
  assert.match(
    second.message ?? "",
    /401 bad key; the profile fake:b is refused: .*openclaw models auth add fake --profile-id fake:b/,
  );
  assert.deepEqual(
    server.requests.map(({ headers }) => headers.authorization),
    ["Bearer secret-a-000000", "Bearer secret-b-000000", "Bearer secret-a-000000"],
  );
  const stats = await eventually("the rest is written", () => {
    const data = JSON.parse(readFileSync(path, "utf8")) as { usageStats?: Record<string, { cooldownUntil?: number }> };
    return data.usageStats?.["fake:b"]?.cooldownUntil !== undefined && data;
  });
  assert.partialDeepStrictEqual(stats, { mine: true, profiles, usageStats: { "fake:b": { errorCount: 1 } } });
  const rests = (stats.usageStats?.["fake:b"]?.cooldownUntil ?? 0) - Date.now();
  assert.ok(rests > 50_000 && rests <= 60_000, String(rests));
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test("an order of the configuration wins and leaves the others out; a key put in by hand is used at once", async () => {
  await using server = await startFakeOpenAi();
  const { models, agents } = modelConfig(server);
  await using at = await started({ models, agents, auth: { order: { fake: ["fake:b"] } } });
  const configured = await at.client.request<Candidate[]>("probe.candidates", {});
  const profiles = { "fake:a": key("fake", "aaaaaaaaaa"), "fake:b": key("fake", "${NO_SUCH_KEY_HERE}") };

  profileFile(at.gateway, { version: 1, profiles });
  const unset = await at.client.request<Candidate[]>("probe.candidates", {});
  profileFile(at.gateway, { version: 1, profiles: { ...profiles, "fake:b": key("fake", "bbbbbbbbbbbbb") } });
  const set = await at.client.request<Candidate[]>("probe.candidates", {});

  assert.deepEqual(
    [configured, unset, set].map((all) => all.map(({ profileId }) => profileId)),
    [[null], [null], ["fake:b", null]],
  );
});

test("a token that has expired is not tried, and the refusal names it", async () => {
  const groq = { models: [] };
  await using at = await started({ models: { providers: { groq } }, agents: { defaults: { model: "groq/llama" } } });
  const token = { type: "token", provider: "groq", token: "tok-123456", expires: Date.now() - 1 };
  profileFile(at.gateway, { version: 1, profiles: { "groq:old": token } });
  const env = process.env["GROQ_API_KEY"];
  delete process.env["GROQ_API_KEY"];

  try {
    await assert.rejects(at.client.request("probe.candidates", {}), /the profile groq:old has expired.*auth add groq/);
  } finally {
    if (env !== undefined) process.env["GROQ_API_KEY"] = env;
  }
});

test("a file of credentials that is broken is one sentence without what stands in it", async () => {
  await using server = await startFakeOpenAi();
  await using at = await started(modelConfig(server));
  const path = profileFile(at.gateway, {});
  writeFileSync(path, '{"profiles": {"fake:a": "very-secret');

  await assert.rejects(at.client.request("probe.candidates", {}), (error: Error) => {
    assert.doesNotMatch(error.message, /very-secret/);
    return true;
  });
});

test("a level that a model refuses is lowered once, and a model that does not think hears of none", async () => {
  await using server = await startFakeOpenAi();
  const config = modelConfig(server) as { models: { providers: { fake: { models: object[] } } } };
  config.models.providers.fake.models = [{ id: "fake-1", reasoning: true }, { id: "plain" }];
  await using at = await started(config);
  server.scripts.push((reply) => reply.fail(400, "reasoning_effort 'high' is not supported"));

  const { text } = await ask(at.client, { reasoning: "high" });
  await ask(at.client, { reasoning: "high", override: "fake/plain" });
  await ask(at.client, { reasoning: "off" });

  assert.equal(text, "Hello from the fake model.");
  assert.deepEqual(
    server.requests.map(({ body }) => body["reasoning_effort"]),
    ["high", "medium", undefined, "none"],
  );
});

test("a provider that falls silent is a failure of time, and its connection is closed", async () => {
  await using server = await startFakeOpenAi();
  const config = modelConfig(server);
  Object.assign(config.agents.defaults, { streamIdleSeconds: 0.2 });
  await using at = await started(config);
  server.scripts.push((reply) => reply.text("and then"));

  const { failure, message } = await ask(at.client);

  assert.equal(failure?.reason, "timeout");
  assert.match(message ?? "", /fake\/fake-1: nothing came for 0\.2 s/);
  await server.requests[0]?.closed;
});
