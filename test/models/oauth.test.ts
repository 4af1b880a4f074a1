import assert from "node:assert/strict";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { ask } from "../agents/asking.ts";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import type { FakeOpenAi } from "../fakes/openai-server.ts";
import { startTokenServer } from "../fakes/token-server.ts";
import type { TokenServer } from "../fakes/token-server.ts";
import { run, start, testHome } from "../support/command-line.ts";

interface Saved {
  readonly profiles: Readonly<Record<string, { access: string; refresh: string; expires: number }>>;
  readonly usageStats?: Readonly<Record<string, { cooldownUntil?: number }>>;
}

const PATH = ["agents", "main", "agent", "auth-profiles.json"];

function save(stateDir: string, expires: number): string {
  const path = join(stateDir, ...PATH);
  mkdirSync(dirname(path), { recursive: true });
  const me = { type: "oauth", provider: "fake", access: "access-0", refresh: "refresh-0", expires, email: "me@x.org" };
  writeFileSync(path, JSON.stringify({ version: 1, profiles: { "fake:me": me } }), { mode: 0o600 });
  return path;
}

const saved = (path: string) => JSON.parse(readFileSync(path, "utf8")) as Saved;

async function started(model: FakeOpenAi, tokens: TokenServer, expires: number): Promise<[TestGateway, string]> {
  const { models, agents } = modelConfig(model) as { models: { providers: { fake: object } }; agents: object };
  const { apiKey: _none, ...fake } = models.providers.fake as { apiKey: string };
  const oauth = { tokenUrl: `${tokens.origin}/token`, clientId: "gateway" };
  const gateway = await startTestGateway({ config: { agents, models: { providers: { fake: { ...fake, oauth } } } } });
  return [gateway, save(gateway.stateDir, expires)];
}

const bearers = ({ requests }: FakeOpenAi) => requests.map(({ headers }) => headers.authorization);

test("a token that has ended is renewed once for all who wait, and the new pair is kept", async () => {
  await using model = await startFakeOpenAi();
  await using tokens = await startTokenServer();
  const [gateway, path] = await started(model, tokens, Date.now() - 1_000);
  await using _gateway = gateway;
  const client = await gateway.client();

  const answers = await Promise.all(
    ["a", "b", "c"].map((key) => ask(client, "hello", { sessionKey: `agent:main:${key}` })),
  );
  await ask(client, "again");

  assert.deepEqual(
    answers.map(({ status }) => status),
    ["ok", "ok", "ok"],
  );
  assert.equal(tokens.requests.length, 1);
  assert.deepEqual(Object.fromEntries(tokens.requests[0] ?? []), {
    grant_type: "refresh_token",
    refresh_token: "refresh-0",
    client_id: "gateway",
  });
  assert.deepEqual(new Set(bearers(model)), new Set(["Bearer access-1"]));
  assert.partialDeepStrictEqual(saved(path).profiles["fake:me"], {
    access: "access-1",
    refresh: "refresh-1",
    email: "me@x.org",
  });
  assert.ok((saved(path).profiles["fake:me"]?.expires ?? 0) > Date.now() + 3_600_000);
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test("a token that is refused before its time is renewed, and the request made once more", async () => {
  await using model = await startFakeOpenAi();
  await using tokens = await startTokenServer();
  const [gateway] = await started(model, tokens, Date.now() + 3_600_000);
  await using _gateway = gateway;
  const client = await gateway.client();
  model.scripts.push((reply) => reply.fail(401, "token revoked"));

  const { status } = await ask(client, "hello");

  assert.equal(status, "ok");
  assert.deepEqual(bearers(model), ["Bearer access-0", "Bearer access-1"]);
});

test("a sign-in that has ended rests, and the error names the command that mends it and no token", async () => {
  await using model = await startFakeOpenAi();
  await using tokens = await startTokenServer();
  const [gateway, path] = await started(model, tokens, Date.now() - 1_000);
  await using _gateway = gateway;
  const client = await gateway.client();
  tokens.answer = {
    status: 400,
    body: JSON.stringify({ error: "invalid_grant", error_description: "refresh-0 is gone" }),
  };

  const { status, error } = await ask(client, "hello");

  assert.equal(status, "error");
  assert.equal(
    error?.message,
    "the sign-in fake:me could not be renewed: the token server refuses it (invalid_grant); sign in again: openclaw models auth login fake",
  );
  assert.equal(error?.details?.["reason"], "auth");
  assert.doesNotMatch(JSON.stringify(error), /refresh-0|access-0/);
  assert.equal(model.requests.length, 0);
  await eventually("it rests", () => (saved(path).usageStats?.["fake:me"]?.cooldownUntil ?? 0) > Date.now());
  assert.equal(saved(path).profiles["fake:me"]?.refresh, "refresh-0");
});

test("models auth login signs in with the browser and saves tokens that status calls valid", async () => {
  await using tokens = await startTokenServer();
  const oauth = {
    tokenUrl: `${tokens.origin}/token`,
    authorizeUrl: `${tokens.origin}/yes`,
    clientId: "cli",
    scopes: ["a", "b"],
  };
  using at = await testHome({ models: { providers: { fake: { baseUrl: "http://127.0.0.1:9/v1", oauth } } } });

  await using login = await start(at, ["models", "auth", "login", "fake"]);
  const [address = ""] = await login.prints(/http:\S+\/yes\?\S+/);
  const { searchParams } = new URL(address);
  const back = new URL(searchParams.get("redirect_uri") ?? "");
  const stranger = await fetch(`${back.href}?code=evil&state=guessed`);
  await fetch(`${back.href}?code=code-1&state=${searchParams.get("state")}`);
  const { code, stdout } = await login.ended;
  const status = await run(at, ["models", "status"]);
  const none = await run(at, ["models", "auth", "login", "openai"]);

  assert.equal(stranger.status, 400);
  assert.equal(code, 0, stdout);
  assert.equal(searchParams.get("scope"), "a b");
  assert.equal(tokens.requests[0]?.get("code"), "code-1");
  assert.ok((tokens.requests[0]?.get("code_verifier")?.length ?? 0) >= 43);
  assert.partialDeepStrictEqual(saved(join(at.stateDir, ...PATH)).profiles["fake:oauth"], { access: "access-1" });
  assert.match(status.stdout, /fake:oauth\s+oauth\s+valid/);
  assert.doesNotMatch(stdout + status.stdout, /access-1|refresh-1/);
  assert.equal(none.code, 2);
  assert.match(none.stderr, /openai has no sign-in here: models\.providers\.openai\.oauth needs authorizeUrl/);
});
