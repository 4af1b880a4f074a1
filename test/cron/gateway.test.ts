import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import type { GatewayClient } from "openclaw/plugin-sdk";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { startLab } from "../delivery/lab-gateway.ts";

interface Job {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly scheduleText: string;
  readonly deliverTo?: string;
  readonly action: { readonly type: string; readonly params: Record<string, unknown> };
  readonly payload: Record<string, unknown>;
  readonly state: { readonly nextRunAtMs?: number; readonly consecutiveErrors?: number; readonly lastError?: string };
}

interface Entry {
  readonly status: string;
  readonly error?: string;
  readonly summary?: string;
  readonly note?: string;
  readonly delivered?: boolean;
  readonly sessionKey?: string;
  readonly trigger?: string;
}

const HOURLY = { kind: "every", everyMs: 3_600_000 };

const add = (client: GatewayClient, job: object) => client.request<Job>("cron.add", { ...job });
const list = async (client: GatewayClient) =>
  (await client.request<{ jobs: Job[] }>("cron.list", { includeDisabled: true })).jobs;
const runs = async (client: GatewayClient, id: string) =>
  (await client.request<{ entries: Entry[] }>("cron.runs", { id })).entries;

test("a turn runs in a session of its own each time, and its answer goes where somebody wrote last, once", async () => {
  await using lab = await startLab({ dmPolicy: "open", allowFrom: ["*"] });
  const { client } = lab;
  await lab.says({ text: "hello", from: "ann", id: "first" });
  await lab.ended("first", "done");
  const job = await add(client, {
    name: "brief",
    schedule: HOURLY,
    payload: { kind: "agentTurn", message: "hello" },
    wakeMode: "next-heartbeat",
  });

  const before = (await lab.sent()).length;
  await client.request("cron.run", { id: job.id });
  await client.request("cron.run", { id: job.id });

  const entries = await runs(client, job.id);
  const sent = (await lab.sent()).slice(before);
  assert.deepEqual(
    entries.map(({ status, delivered, trigger }) => [status, delivered, trigger]),
    [
      ["ok", true, "manual"],
      ["ok", true, "manual"],
    ],
  );
  assert.notEqual(entries[0]?.sessionKey, entries[1]?.sessionKey);
  assert.deepEqual(
    sent.map(({ to }) => to),
    ["ann", "ann"],
  );
  const history = await client.request<{ messages: { role: string; content: { text: string }[] }[] }>("chat.history", {
    sessionKey: entries[0]?.sessionKey,
  });
  const [first] = history.messages;
  assert.match(first?.content[0]?.text ?? "", new RegExp(`^\\[cron:${job.id} brief\\] hello\\nCurrent time: `));
});

test("where a job is told: a target of its own, nobody, and a job without one", async () => {
  await using lab = await startLab({ dmPolicy: "open", allowFrom: ["*"] });
  const { client } = lab;
  const turn = (delivery?: object) =>
    add(client, {
      name: "t",
      schedule: HOURLY,
      payload: { kind: "agentTurn", message: "hello" },
      ...(delivery && { delivery }),
    });
  const outcome = async ({ id }: Job) => {
    await client.request("cron.run", { id });
    const [entry] = await runs(client, id);
    return [entry?.status, entry?.delivered, entry?.error ?? entry?.note];
  };

  assert.deepEqual(await outcome(await turn({ mode: "announce", channel: "lab", to: "bob" })), ["ok", true, undefined]);
  assert.deepEqual(await outcome(await turn({ mode: "none" })), ["ok", undefined, undefined]);
  assert.deepEqual(await outcome(await turn()), ["error", false, "cron delivery target is missing"]);
  assert.deepEqual(await outcome(await turn({ mode: "announce", bestEffort: true })), [
    "ok",
    false,
    "cron delivery target is missing",
  ]);
  const gone = await outcome(await turn({ mode: "announce", channel: "pigeon", to: "bob" }));
  assert.deepEqual(gone, ["error", false, "unsupported channel: pigeon"]);
  assert.deepEqual(
    (await lab.sent()).map(({ to }) => to),
    ["bob"],
  );
});

test("a message is sent without a model, a webhook is signed, and a private address is refused", async () => {
  await using lab = await startLab({ dmPolicy: "open", allowFrom: ["*"] });
  const { client } = lab;
  const message = await add(client, {
    schedule: "0 9 * * *",
    action: { type: "message", params: { text: "good morning" } },
    deliverTo: "lab:ann",
  });
  const hook = await add(client, {
    schedule: "@daily",
    action: {
      type: "webhook",
      params: { url: "http://127.0.0.1:1/x", secret: "top", headers: { authorization: "b" } },
    },
  });

  await client.request("cron.run", { id: message.id });
  await client.request("cron.run", { id: hook.id });

  const [sent] = await lab.sent();
  assert.deepEqual([sent?.to, sent?.payload.text], ["ann", "good morning"]);
  const [refused] = await runs(client, hook.id);
  assert.deepEqual([refused?.status, refused?.error], ["error", "Blocked: private/internal IP address"]);
  assert.doesNotMatch(JSON.stringify(await list(client)), /"top"|"b"/);
  const file = readFileSync(join(lab.gateway.stateDir, "cron", "jobs.json"), "utf8");
  assert.match(file, /"secret": "top"/);
});

test("an event waits for the main session", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  const job = await add(client, {
    name: "tea",
    schedule: { kind: "at", at: new Date(Date.now() + 400).toISOString() },
    payload: { kind: "systemEvent", text: "tea is ready" },
    wakeMode: "next-heartbeat",
  });

  await eventually("the job has run and is gone", async () => (await list(client)).length === 0);
  // The log is written after the jobs.
  const ran = await eventually("its run is written down", async () => {
    const entries = await runs(client, job.id);
    return entries.length > 0 && entries;
  });

  const { queuedSystemEvents } = await client.request<{ queuedSystemEvents: string[] }>("status");
  assert.deepEqual(queuedSystemEvents, ["tea is ready"]);
  assert.deepEqual(
    ran.map(({ status, trigger }) => [status, trigger]),
    [["ok", "schedule"]],
  );
});

test("what is wrong with a job is said with its field, and nothing is planned", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  const event = { kind: "systemEvent", text: "x" };
  const cases: readonly (readonly [object, RegExp])[] = [
    [{ name: "a", schedule: { kind: "cron", expr: "99 * * * *" }, payload: event }, /^schedule\.expr: .*minute: 99/],
    [{ name: "a", schedule: { kind: "cron", expr: "0 0 30 2 *" }, payload: event }, /^schedule\.expr: .* never comes/],
    [{ name: "a", schedule: { kind: "cron", expr: "0 9 * * *", tz: "Mars/Base" }, payload: event }, /^schedule\.tz: /],
    [{ name: "a", schedule: { kind: "at", at: "2030-02-30T10:00:00Z" }, payload: event }, /^Invalid schedule\.at/],
    [{ name: "a", schedule: { kind: "at", at: "2090-01-01" }, payload: event }, /too far in the future/],
    [{ name: "a", schedule: { kind: "every", everyMs: 0 }, payload: event }, /^invalid cron\.add params: .*everyMs/],
    [{ name: "a", schedule: "0 9 * * *", action: { type: "dance", params: {} } }, /^action\.type: "dance"/],
    [
      { name: "a", schedule: "0 9 * * *", action: { type: "webhook", params: { url: "file:///etc" } } },
      /^payload\.url/,
    ],
    [{ name: "a", schedule: HOURLY, sessionTarget: "isolated", payload: event }, /isolated cron jobs require/],
    [
      { name: "a", schedule: HOURLY, payload: { kind: "agentTurn", message: "x", timeoutSeconds: 0 } },
      /timeoutSeconds/,
    ],
    [{ name: "a", schedule: HOURLY, payload: event, nonsense: 1 }, /unexpected property 'nonsense'/],
    [
      { id: "../x", schedule: "1 * * * *", action: { type: "agent", params: { message: "x" } } },
      /^id: "\.\.\/x" is no id/,
    ],
  ];

  for (const [job, message] of cases)
    await assert.rejects(add(client, job), (error: Error & { code?: string }) => {
      assert.match(error.message, message);
      return error.code === "INVALID_REQUEST";
    });

  assert.deepEqual(await list(client), []);
  await assert.rejects(client.request("cron.runs", { id: "../../x" }), /is no id of a job/);
  await assert.rejects(client.request("cron.run", { id: "ghost" }), /unknown cron job id: ghost/);
});

test("a patch changes what it names, in either spelling", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  const update = (id: string, patch: object) => client.request<Job>("cron.update", { id, patch });
  const product = await add(client, {
    name: "a",
    agentId: "main",
    schedule: HOURLY,
    payload: { kind: "agentTurn", message: "one", model: "m" },
  });
  const seed = await add(client, {
    schedule: "every 20m",
    action: { type: "agent", params: { message: "one" } },
    deliverTo: "none",
  });

  const changed = await update(product.id, { payload: { message: "two" }, agentId: null });
  assert.deepEqual(changed.payload, { kind: "agentTurn", message: "two", model: "m" });
  assert.equal("agentId" in changed, false);
  assert.equal(changed.state.nextRunAtMs, product.state.nextRunAtMs, "an edit does not move its time");
  const off = await update(product.id, { enabled: "false" });
  assert.deepEqual([off.enabled, off.state.nextRunAtMs], [false, undefined]);
  const main = await update(product.id, { sessionTarget: "main", payload: { kind: "systemEvent", text: "x" } });
  assert.equal("delivery" in main, false);
  const told = await update(seed.id, { deliverTo: "lab:ann", schedule: "TZ=Europe/Berlin 0 9 * * 1" });
  assert.deepEqual([told.deliverTo, told.scheduleText], ["lab:ann", "TZ=Europe/Berlin 0 9 * * 1"]);
  assert.match(seed.name, /^job-[0-9a-f]{8}$/);

  const { jobs } = JSON.parse(readFileSync(join(gateway.stateDir, "cron", "jobs.json"), "utf8")) as {
    jobs: Record<string, unknown>[];
  };
  assert.deepEqual([jobs[1]?.["schedule"], jobs[1]?.["deliverTo"]], ["TZ=Europe/Berlin 0 9 * * 1", "lab:ann"]);
  assert.equal(typeof jobs[0]?.["schedule"], "object");
});

test("a job of an agent that is gone runs as the default one, and says so", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  const job = await add(client, {
    name: "a",
    agentId: "ghost",
    schedule: HOURLY,
    payload: { kind: "agentTurn", message: "hello" },
    delivery: { mode: "none" },
  });

  await client.request("cron.run", { id: job.id });

  const [entry] = await runs(client, job.id);
  assert.deepEqual([entry?.status, entry?.note], ["ok", 'unknown agent "ghost"; ran as "main"']);
});

test("the same key plans one job, and a removed one is gone", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  const job = { name: "a", schedule: HOURLY, payload: { kind: "systemEvent", text: "x" }, idempotencyKey: "k" };

  const [one, two] = [await add(client, job), await add(client, job)];

  assert.equal(one.id, two.id);
  assert.deepEqual(await client.request("cron.remove", { jobId: one.id }), { ok: true, removed: true });
  assert.deepEqual(await client.request("cron.remove", { id: one.id }), { ok: true, removed: false });
  assert.deepEqual(await list(client), []);
});

test("a webhook carries the signature of what it sends, follows no redirect to elsewhere, and its answer is its outcome", async () => {
  const seen: { method: string | undefined; signature: unknown; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      seen.push({ method: request.method, signature: request.headers["x-openclaw-signature"], body });
      if (request.url === "/moved") response.writeHead(307, { location: "http://localhost:1/" }).end();
      else response.writeHead(request.url === "/bad" ? 500 : 200).end("noted");
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await using gateway = await startTestGateway({ config: { cron: { webhook: { allowPrivate: true } } } });
    const client = await gateway.client();
    const outcome = async (path: string, params: object = {}) => {
      const action = { type: "webhook", params: { url: base + path, secret: "top", ...params } };
      const { id } = await add(client, { schedule: "@daily", action });
      await client.request("cron.run", { id });
      const [entry] = await runs(client, id);
      return { id, status: entry?.status, said: entry?.summary ?? entry?.error };
    };

    const well = await outcome("/well");
    const badly = await outcome("/bad", { method: "PUT", body: { a: 1 } });
    const moved = await outcome("/moved");

    assert.deepEqual([well.status, well.said], ["ok", "200 noted"]);
    assert.deepEqual([badly.status, badly.said], ["error", "the webhook answered 500: noted"]);
    assert.deepEqual([moved.status, seen.length], ["error", 3]);
    const [first, second] = seen;
    assert.deepEqual(Object.keys(JSON.parse(first?.body ?? "{}") as object), ["jobId", "name", "runAtMs"]);
    assert.equal(
      first?.signature,
      `sha256=${createHmac("sha256", "top")
        .update(first?.body ?? "")
        .digest("hex")}`,
    );
    assert.deepEqual([second?.method, second?.body], ["PUT", '{"a":1}']);
  } finally {
    server.close();
  }
});

test("a file that cannot be read switches jobs off, stays as it is, and health says so", async () => {
  const home = mkdtempSync(join(tmpdir(), "openclaw-cron-"));
  const path = join(home, ".openclaw", "cron", "jobs.json");
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '{"version":1,"jobs":[{');
    await using gateway = await startTestGateway({ home, config: {} });
    const client = await gateway.client();

    await assert.rejects(add(client, { name: "a", schedule: HOURLY, message: "x" }), /cron is off: .*mend it or move/);
    const status = await client.request<{ enabled: boolean }>("cron.status", {});
    const health = await client.request<{ issues: { path: string; message: string }[] }>("health", { probe: true });

    assert.equal(status.enabled, false);
    assert.match(health.issues.find((issue) => issue.path === "cron")?.message ?? "", /jobs\.json cannot be read/);
    assert.equal(readFileSync(path, "utf8"), '{"version":1,"jobs":[{');
  } finally {
    rmSync(home, { recursive: true });
  }
});

test("another file of jobs is taken up while the gateway runs, and a reload keeps what runs", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  await add(client, { name: "first", schedule: HOURLY, payload: { kind: "systemEvent", text: "x" } });
  const names = async () => (await list(client)).map(({ name }) => name);

  gateway.writeConfig({ cron: { store: "other/jobs.json" } });
  await eventually("the other file", async () => (await names()).length === 0);
  await add(client, { name: "second", schedule: HOURLY, payload: { kind: "systemEvent", text: "x" } });
  gateway.writeConfig({});
  await eventually("the first file", async () => (await names())[0] === "first");
  await client.request("plugins.reload", { id: "cron" });

  assert.deepEqual(await names(), ["first"]);
  assert.match(readFileSync(join(gateway.stateDir, "other", "jobs.json"), "utf8"), /"second"/);
});

test("jobs can be switched off and on while the gateway runs", async () => {
  await using gateway = await startTestGateway({ config: { cron: { enabled: false } } });
  const client = await gateway.client();
  const at = new Date(Date.now() + 100).toISOString();
  await add(client, { name: "a", schedule: { kind: "at", at }, payload: { kind: "systemEvent", text: "x" } });
  const status = () => client.request<{ enabled: boolean; nextWakeAtMs: number | null }>("cron.status", {});
  assert.deepEqual([(await status()).enabled, (await status()).nextWakeAtMs], [false, null]);

  gateway.writeConfig({ cron: { enabled: true } });

  await eventually("the job has run", async () => (await list(client)).length === 0);
  assert.equal((await status()).enabled, true);
});
