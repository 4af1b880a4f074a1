import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { ConnectParams } from "openclaw/plugin-sdk";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import { readCatalog } from "../../.scripts/protocol/catalog.ts";
import { loggedIn } from "./raw-client.ts";
import type { Frame } from "./raw-client.ts";

const root = join(import.meta.dirname, "..", "..");

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** protocol.md §7, written out: who may call what. Methods that are not named are for administrators. */
const ESTABLISHED: Readonly<Record<string, readonly string[]>> = {
  node: words("node.invoke.result node.event skills.bins"),
  "operator.read": words(`
    health logs.tail channels.status status usage.status usage.cost tts.status tts.providers models.list agents.list
    agent.identity.get skills.status voicewake.get sessions.list sessions.preview cron.list cron.status cron.runs
    system-presence last-heartbeat node.list node.describe chat.history`),
  "operator.write": words(`
    send agent agent.wait wake talk.mode tts.enable tts.disable tts.convert tts.setProvider voicewake.set node.invoke
    chat.send chat.abort browser.request`),
  "operator.approvals": words("exec.approval.request exec.approval.resolve"),
  "operator.pairing": words(`
    node.pair.request node.pair.list node.pair.approve node.pair.reject node.pair.verify device.pair.list
    device.pair.approve device.pair.reject device.token.rotate device.token.revoke node.rename`),
  "operator.admin": words(`
    config.get config.set config.apply config.patch config.schema exec.approvals.get exec.approvals.set
    exec.approvals.node.get exec.approvals.node.set wizard.start wizard.next wizard.cancel wizard.status update.run
    channels.logout agents.create agents.update agents.delete agents.files.list agents.files.get agents.files.set
    skills.install skills.update cron.add cron.update cron.remove cron.run sessions.patch sessions.reset sessions.delete
    sessions.compact sessions.resolve sessions.usage sessions.usage.timeseries sessions.usage.logs system-event
    set-heartbeats poll chat.inject web.login.start web.login.wait`),
};

/** protocol.md §10: who receives an event; \`everyone\` where nothing guards it. */
const EVENTS: Readonly<Record<string, readonly string[]>> = {
  everyone: words(`
    agent chat connect.challenge cron health heartbeat node.invoke.request presence shutdown talk.mode tick
    voicewake.changed`),
  "operator.pairing": words("device.pair.requested device.pair.resolved node.pair.requested node.pair.resolved"),
  "operator.approvals": words("exec.approval.requested exec.approval.resolved"),
};

/** Established methods that do not mind parameters they do not know; all others name the one that is too much. */
const OPEN = new Set(
  words(`
    browser.request health last-heartbeat sessions.usage.logs sessions.usage.timeseries status system-event system-presence tts.convert tts.disable tts.enable tts.providers
    tts.setProvider tts.status usage.cost usage.status voicewake.get voicewake.set`),
);

/** The seven credentials of the recorded matrix, and the scopes each of them satisfies. */
const CALLERS: Readonly<Record<string, readonly string[]>> = {
  none: [],
  read: ["operator.read"],
  write: ["operator.read", "operator.write"],
  approvals: ["operator.approvals"],
  pairing: ["operator.pairing"],
  admin: ["operator.read", "operator.write", "operator.approvals", "operator.pairing", "operator.admin"],
  node: ["node"],
};

function scopeByName(table: Readonly<Record<string, readonly string[]>>): Map<string, string> {
  return new Map(Object.entries(table).flatMap(([scope, names]) => names.map((name) => [name, scope] as const)));
}

test("every registered method has the scope of the protocol, and what it does not name is ours", async (t) => {
  const { methods } = await readCatalog(root);
  const established = scopeByName(ESTABLISHED);
  const registered = new Map(methods.map(({ name, scope }) => [name, scope as string]));

  for (const [name, scope] of established) assert.equal(registered.get(name), scope, name);
  const ours = [...registered.keys()].filter((name) => !established.has(name));
  t.diagnostic(`${registered.size} methods registered, ours: ${ours.join(" ")}`);
  assert.equal(registered.size, established.size + ours.length);
});

test("every event reaches whom the protocol says", async () => {
  const { events } = await readCatalog(root);
  const guards = scopeByName(EVENTS);

  for (const { name, scope = "everyone" } of events) {
    const guard = guards.get(name);
    if (guard !== undefined) assert.equal(scope, guard, name);
    else
      assert.notEqual(scope, "everyone", `${name} is not of the protocol, so somebody has to be named who may hear it`);
  }
  for (const name of guards.keys())
    assert.ok(
      events.some((event) => event.name === name),
      `${name} is registered`,
    );
});

test("each of seven credentials calls every method: the scope decides, and then the parameters", async (t) => {
  const { methods } = await readCatalog(root);
  // Whoever asks for no scope gets all of them; a login that grants none has to be decided by somebody.
  const toy = { load: { paths: [join(import.meta.dirname, "toy-auth")] }, entries: { "toy-auth": { enabled: true } } };
  await using gateway = await startTestGateway({ config: { plugins: toy } });
  let calls = 0;
  const wrong: string[] = [];

  for (const [caller, satisfied] of Object.entries(CALLERS)) {
    await using client = await loggedIn(gateway, credential(caller));
    const answers = await inTurn(methods, ({ name }) => client.request(name, { __unknown: true }));
    for (const [index, { name, scope }] of methods.entries()) {
      calls++;
      const answer = answers[index];
      const message = String(answer?.error?.message);
      const isRefused = /^(missing scope|unauthorized role): /.test(message);
      if (satisfied.includes(scope)) {
        const isRead = OPEN.has(name) ? !isRefused : message.startsWith(`invalid ${name} params: `);
        if (!isRead) wrong.push(`${caller} calls ${name}: ${message}`);
      } else if (message !== refusal(caller, scope)) {
        wrong.push(`${caller} calls ${name}: ${message}, not ${refusal(caller, scope)}`);
      }
    }
    const unknown = await client.request("no.such.method");
    const answer = caller === "admin" ? "unknown method: no.such.method" : refusal(caller, "operator.admin");
    assert.equal(unknown.error?.message, answer, caller);
  }

  assert.deepEqual(wrong, []);
  assert.equal(calls, methods.length * 7);
  const offered = (await loggedInFeatures(gateway)).filter((name) => !methods.some((method) => method.name === name));
  assert.deepEqual(offered, [], "every method that a client is told of was called");
  t.diagnostic(`${methods.length} methods × 7 credentials: ${calls} calls`);
});

/** protocol.md §7: the role comes before the scope. */
function refusal(caller: string, scope: string): string {
  if (caller === "node") return "unauthorized role: node";
  return scope === "node" ? "unauthorized role: operator" : `missing scope: ${scope}`;
}

function credential(caller: string): Partial<ConnectParams> {
  if (caller === "node") return { role: "node", scopes: [] };
  if (caller !== "none") return { scopes: [`operator.${caller}`] };
  return { client: { id: "test", version: "1", platform: "test", mode: "test", instanceId: "grant:" } };
}

async function inTurn<T>(items: readonly T[], work: (item: T) => Promise<Frame>): Promise<Frame[]> {
  const done: Frame[] = [];
  for (const item of items) done.push(await work(item));
  return done;
}

async function loggedInFeatures(gateway: { readonly url: string; readonly token: string }): Promise<readonly string[]> {
  await using client = await loggedIn(gateway);
  return client.hello.features.methods;
}
