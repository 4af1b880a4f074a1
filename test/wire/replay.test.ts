import assert from "node:assert/strict";
import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mock, test } from "node:test";
import type { TestContext } from "node:test";
import type { ConnectParams } from "openclaw/plugin-sdk";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import { TestNode } from "../nodes/node-client.ts";
import { startGatewayProcess } from "../security/gateway-process.ts";
import { startGateway, testHome, TOKEN } from "../support/command-line.ts";
import { loggedIn, RawClient, UpgradeRefused } from "./raw-client.ts";
import type { Frame } from "./raw-client.ts";
import { captureNames, capturesExist, readCapture } from "./replay/capture.ts";
import type { Recorded } from "./replay/capture.ts";
import { asRecorded } from "./replay/model.ts";
import { GAPS, INTENDED, isSafeAddition, OTHERS_EVENTS } from "./replay/intended.ts";
import { Placeholders } from "./replay/placeholder.ts";
import { isRunEvent, RunEvents } from "./replay/run-event.ts";
import type { Secrets } from "./replay/placeholder.ts";
import { differences } from "./replay/shape.ts";
import { Turns } from "./replay/turns.ts";

const skip = !capturesExist() && "the captures do not lie beside the repository";

/** One device signed its scopes in the usual order and sent them in another. */
const SIGNED_SCOPES: Readonly<Record<string, readonly string[]>> = {
  "device-sig-wrong-scope-order": ["operator.admin", "operator.approvals", "operator.pairing"],
};
/** Methods whose answer says how a run goes. */
const RUN_STATUS: ReadonlySet<string> = new Set(["chat.send", "agent"]);
const RUN_EVENTS: ReadonlySet<string> = new Set(["agent", "chat"]);
const TICKS: ReadonlySet<string> = new Set(["tick"]);
const PATIENCE_MS = 1_500;
/** A server that closes does so at once. */
const STAYS_OPEN_MS = 700;
/** Sent as a binary message; the captures hold its text. */
const BINARY_IDS = new Set(["binframe"]);

/** Captures that are not replayed yet, and why. One that is in neither place fails. */
const NOT_REPLAYED: Readonly<Record<string, string>> = {
  "agent-two-phase": "its runs were paced and cut off by the recorded model server",
  "channels-configured": "comes with later plugins: telegram, whatsapp, discord, slack",
};

const replayed = new Set<string>();

interface Report {
  compared: number;
  readonly missingMethods: Set<string>;
  readonly othersEvents: Set<string>;
  /** Differences that are listed, by their reason. */
  readonly known: Map<string, number>;
  readonly unexpected: string[];
}

/** What only time or the machine brings about, done by the test when the client waits for it. */
interface Around {
  readonly url: string;
  readonly secrets: Secrets;
  /** Before the client waits for this event, or for the server's close. */
  readonly awaiting?: (event: string, name: string, expected?: Frame) => void | Promise<void>;
  /** Before each connection. */
  readonly opening?: () => Promise<void>;
  /** For each frame that is waited for. */
  readonly patienceMs?: number;
  /** The connections to replay, by what the client does; all of them by default. */
  readonly only?: (recorded: Recorded) => boolean;
  /** The connections were open at the same time, and what one did the others saw. */
  readonly together?: boolean;
  /** Events that the recorded client caused itself; see {@link OTHERS_EVENTS}. */
  readonly caused?: ReadonlySet<string>;
  /** Values of placeholders that the recorded clients knew from elsewhere. */
  readonly ids?: Readonly<Record<string, string>>;
  /** Events that happened to fall into the recording. */
  readonly passing?: ReadonlySet<string>;
}

/** Be the recorded client of every connection of `file` and compare what the gateway says. */
async function replay(file: string, around: Around): Promise<Report> {
  const report: Report = {
    compared: 0,
    missingMethods: new Set(),
    othersEvents: new Set(),
    known: new Map(),
    unexpected: [],
  };
  replayed.add(file);
  const connections = readCapture(file).filter(around.only ?? (() => true));
  const placeholders = new Placeholders(around.secrets, connections, around.ids);
  if (!around.together) {
    for (const recorded of connections) await replayOne(file, recorded, placeholders, around, report);
    return report;
  }
  const turns = new Turns(connections);
  const each = connections.map((recorded) =>
    replayOne(file, recorded, placeholders, around, report, turns).finally(() => turns.leave(recorded)),
  );
  await Promise.all(each);
  return report;
}

async function replayOne(
  file: string,
  recorded: Recorded,
  placeholders: Placeholders,
  { url, awaiting, opening, caused, passing, patienceMs = PATIENCE_MS }: Around,
  report: Report,
  turns?: Turns,
): Promise<void> {
  const note = (what: string) => judge(`${file} ${recorded.name}: ${what}`, report);
  let client: RawClient;
  await turns?.take(recorded, 0);
  try {
    await opening?.();
    client = await RawClient.open(url, { headers: placeholders.fill(recorded.headers) });
  } catch (error) {
    if (error instanceof UpgradeRefused) return note(error.message);
    throw error;
  }
  await using open = client;
  const methods = new Map<string, string>();
  const seen = new Set<string>();
  const runs = new RunEvents();
  let challengedAt = 0;
  let offered: { readonly methods: ReadonlySet<string>; readonly events: ReadonlySet<string> } | undefined;

  for (const [index, step] of recorded.steps.entries()) {
    await turns?.take(recorded, index + 1);
    if (!step.received) {
      const frame = step.sent as { id?: unknown; method?: string } | null;
      if (frame?.method) methods.set(String(frame.id), frame.method);
      runs.begun(frame);
      send(open, step, placeholders, challengedAt, recorded.name);
      continue;
    }
    const expected = step.received;
    const event = expected.type === "event" ? String(expected.event) : undefined;
    if (event === "connect.challenge") challengedAt = expected.payload?.["ts"] as number;
    if (isRunEvent(expected) && caused?.has(String(event))) {
      if (runs.isWanted(expected)) await compareRunEvent(open, expected, runs, note, report);
      continue;
    }
    if (event !== undefined && (passing?.has(event) || (OTHERS_EVENTS.has(event) && !caused?.has(event)))) {
      report.othersEvents.add(event);
      continue;
    }
    if (event !== undefined && offered && !offered.events.has(event)) {
      report.othersEvents.add(event);
      continue;
    }
    // Reports that follow each other closely are told together here.
    if (event === "health" && seen.has(event)) continue;
    if (event !== undefined) {
      seen.add(event);
      await awaiting?.(event, recorded.name, expected);
    }
    const actual = await counterpart(open, expected, placeholders, patienceMs).catch((error: Error) => error);
    if (actual instanceof Error) {
      note(actual.message);
      break;
    }
    placeholders.learn(expected, actual);
    const method = methods.get(String(expected.id));
    if (method === "connect" && actual.ok && !offered) offered = tellAbsent(expected, actual, report);
    else if (method !== undefined && method !== "connect" && offered && !offered.methods.has(method)) {
      // What is not here yet says so, and only that.
      assert.match(
        String(actual.error?.message),
        new RegExp(`^(unknown method: ${method}|missing scope: operator.admin|unauthorized role: node)$`),
      );
      report.missingMethods.add(method);
      continue;
    }
    report.compared++;
    const [was, is] = [expected, actual].map(({ payload }) => (payload as { status?: unknown } | undefined)?.status);
    if (RUN_STATUS.has(String(method)) && was !== is)
      note(`${String(expected.id)}: payload.status is ${String(is)}, was ${String(was)}`);
    for (const difference of differences(placeholders.fill(expected), actual)) {
      const isList = difference.path.startsWith("payload.features.");
      if (!isList && !isSafeAddition(difference)) note(`${event ?? String(expected.id)}: ${difference.text}`);
    }
  }
  await turns?.take(recorded, recorded.steps.length + 1);
  if (recorded.close.by === "server") await awaiting?.("close", recorded.name);
  await compareClose(open, recorded, note, report);
}

function methodOf(sent: unknown): string | undefined {
  return (sent as { method?: string } | null)?.method;
}

/** One that does not come is noted, and what follows it is still compared. */
async function compareRunEvent(
  client: RawClient,
  expected: Frame,
  runs: RunEvents,
  note: (what: string) => void,
  report: Report,
): Promise<void> {
  const actual = await runs.counterpart(client, expected).catch((error: Error) => error);
  if (actual instanceof Error) return note(`there is no ${runs.name(expected)}`);
  report.compared++;
  for (const difference of differences(expected, actual)) {
    if (!isSafeAddition(difference)) note(`${runs.name(expected)}: ${difference.text}`);
  }
}

function send(
  client: RawClient,
  { sent, isJson }: { readonly sent: unknown; readonly isJson: boolean },
  placeholders: Placeholders,
  challengedAt: number,
  name: string,
): void {
  if (!isJson) return client.sendRaw(String(sent));
  const frame = sent as { id?: unknown; method?: string; params?: ConnectParams } | null;
  const filled = placeholders.fill(frame);
  if (filled?.method === "connect" && frame?.params) {
    filled.params = placeholders.connect(frame.params, challengedAt, SIGNED_SCOPES[name]);
  }
  const text = JSON.stringify(filled);
  client.sendRaw(BINARY_IDS.has(String(frame?.id)) ? Buffer.from(text) : text);
}

/** The frame that stands for the recorded one: the next answer to that id, or the next event of that name. */
async function counterpart(
  client: RawClient,
  expected: Frame,
  placeholders: Placeholders,
  patienceMs: number,
): Promise<Frame> {
  if (expected.type === "event") return client.event(String(expected.event), patienceMs);
  const id = JSON.stringify(placeholders.fill(expected.id));
  const answers = (frame: Frame) => frame.type === "res" && JSON.stringify(frame.id) === id;
  return client.next(`response to ${id}`, answers, patienceMs);
}

/** What is offered here; what the product offered besides is noted. Lists of three were cut for the captures. */
function tellAbsent(
  expected: Frame,
  actual: Frame,
  report: Report,
): { readonly methods: ReadonlySet<string>; readonly events: ReadonlySet<string> } {
  const [was, is] = [expected, actual].map(({ payload }) => (payload as { features: Features }).features) as [
    Features,
    Features,
  ];
  if (was.methods.length > 3) {
    for (const method of was.methods) if (!is.methods.includes(method)) report.missingMethods.add(method);
    for (const event of was.events) if (!is.events.includes(event)) report.othersEvents.add(event);
  }
  return { methods: new Set(is.methods), events: new Set(is.events) };
}

interface Features {
  readonly methods: readonly string[];
  readonly events: readonly string[];
}

async function compareClose(
  client: RawClient,
  { close }: Recorded,
  note: (what: string) => void,
  report: Report,
): Promise<void> {
  if (close.by === "client" && client.isOpen) {
    if (close.code === 1005) client.socket.close();
    else if (close.code === 1006) client.socket.terminate();
    else client.socket.close(close.code, close.reason);
  }
  report.compared++;
  const closed = await client.closed(STAYS_OPEN_MS).catch(() => undefined);
  if (!closed) return note(`stays open, was closed with ${close.code} "${close.reason}"`);
  for (const { id } of client.frames.filter(({ type }) => type === "res"))
    note(`there is one more answer to ${String(id)}`);
  const { code, reason } = closed;
  if (code !== close.code || reason !== close.reason)
    note(`close is ${code} "${reason}", was ${close.code} "${close.reason}"`);
}

function judge(what: string, report: Report): void {
  const intended = INTENDED.find(({ where }) => where.test(what));
  const known = intended ?? GAPS.find(({ where }) => where.test(what));
  if (!known) return void report.unexpected.push(what);
  const label = intended ? `intended, ${known.why}` : `TO BE MENDED, ${known.why}`;
  report.known.set(label, (report.known.get(label) ?? 0) + 1);
}

/** Say what was compared and what was not, and fail on what nobody knows of. */
function assertAsRecorded(t: TestContext, report: Report): void {
  const { compared, missingMethods, othersEvents, known, unexpected } = report;
  t.diagnostic(`${compared} frames and closes compared`);
  const list = (names: ReadonlySet<string>) => [...names].join(" ");
  if (missingMethods.size > 0)
    t.diagnostic(`${missingMethods.size} methods not in the distribution: ${list(missingMethods)}`);
  if (othersEvents.size > 0)
    t.diagnostic(`${othersEvents.size} events not here, or not this client's: ${list(othersEvents)}`);
  for (const [label, count] of known) t.diagnostic(`${count} × ${label}`);
  assert.deepEqual(unexpected, []);
}

/** Reports of health are spaced by time, which nobody waits for here. */
function hurried(timers: typeof mock.timers, awaiting?: (event: string, name: string) => void): Partial<Around> {
  timers.enable({ apis: ["setTimeout"] });
  return {
    awaiting(event, name) {
      if (event === "health") timers.tick(1_000);
      awaiting?.(event, name);
    },
  };
}

/** Caused by the client of read-methods-and-errors; nobody else speaks in those files. */
const VOICE_EVENTS = new Set(["voicewake.changed", "talk.mode"]);

for (const file of [
  "connect-cli-health",
  "frames-malformed",
  "read-methods-and-errors",
  "config-read-write",
  "wizard",
]) {
  test(`${file}: as recorded`, { skip }, async (t) => {
    await using gateway = await startTestGateway();
    const { url, port, token } = gateway;

    assertAsRecorded(t, await replay(file, { url, secrets: { port, token }, caused: VOICE_EVENTS }));
  });
}

test("presence: as recorded", { skip }, async (t) => {
  await using gateway = await startTestGateway();
  const { url, port, token } = gateway;

  const report = await replay("presence", { url, secrets: { port, token }, caused: new Set(["presence"]) });

  assertAsRecorded(t, report);
});

test("device-and-node-pairing: as recorded", { skip }, async (t) => {
  await using gateway = await startTestGateway();
  const { url, port, token } = gateway;

  assertAsRecorded(
    t,
    await replay("device-and-node-pairing", {
      url,
      secrets: { port, token },
      together: true,
      passing: new Set(["tick"]),
    }),
  );
});

test("node-host-pairing-and-invoke: as recorded", { skip }, async (t) => {
  using at = await testHome({ commands: { restart: true } });
  await using gateway = await startGateway(at);
  const url = `ws://127.0.0.1:${at.port}`;
  await using operator = await loggedIn({ url, token: TOKEN });
  let challenges = 0;

  const report = await replay("node-host-pairing-and-invoke", {
    url,
    secrets: { port: at.port, token: TOKEN },
    caused: new Set(["voicewake.changed"]),
    passing: new Set(["tick"]),
    async awaiting(event, _name, expected) {
      // What operators did meanwhile was not recorded.
      if (event === "connect.challenge" && ++challenges === 2) {
        const { pending } = (await operator.request("device.pair.list")).payload as {
          pending: { requestId: string }[];
        };
        await operator.request("device.pair.approve", { requestId: pending[0]?.requestId });
      }
      if (event === "node.invoke.request") {
        const { nodes } = (await operator.request("node.list")).payload as { nodes: { nodeId: string }[] };
        const { command, paramsJSON, timeoutMs = 5_000 } = (expected?.payload ?? {}) as Record<string, string>;
        const asked = { command, params: JSON.parse(paramsJSON ?? "null") as unknown, timeoutMs, idempotencyKey: "k" };
        const params = { nodeId: nodes[0]?.nodeId, ...asked };
        operator.send({ type: "req", id: "invoke", method: "node.invoke", params });
      }
      if (event === "shutdown") gateway.kill("SIGUSR1");
    },
  });

  assertAsRecorded(t, report);
});

test("exec-approvals: as recorded", { skip }, async (t) => {
  await using gateway = await startTestGateway();
  const { url, port, token } = gateway;
  await withApprovals(gateway);

  const report = await replay("exec-approvals", { url, secrets: { port, token }, together: true });

  assertAsRecorded(t, report);
});

test("cli-nodes-run-with-approval: as recorded", { skip }, async (t) => {
  await using gateway = await startTestGateway();
  const { url, port, token } = gateway;
  await using node = await recordedNode(gateway);

  const report = await replay("cli-nodes-run-with-approval", {
    url,
    secrets: { port, token },
    together: true,
    // The command line had been here before.
    ids: { "<deviceId:2>": node.nodeId, "<deviceToken:1>": token },
    passing: new Set(["tick"]),
  });

  assertAsRecorded(t, report);
});

test("handshake-accepted: as recorded", { skip }, async (t) => {
  await using gateway = await startTestGateway();
  const { url, port, token } = gateway;
  using timers = mock.timers;

  assertAsRecorded(t, await replay("handshake-accepted", { url, secrets: { port, token }, ...hurried(timers) }));
});

test("handshake-rejected: as recorded", { skip }, async (t) => {
  await using gateway = await startTestGateway();
  const { url, port, token } = gateway;
  using timers = mock.timers;
  const passTime = (event: string, name: string) => {
    if (event === "close" && name === "timeout") timers.tick(10_000);
  };

  const report = await replay("handshake-rejected", { url, secrets: { port, token }, ...hurried(timers, passTime) });

  assertAsRecorded(t, report);
});

test("handshake-password-mode: as recorded", { skip }, async (t) => {
  const password = "correct horse battery";
  const config = { gateway: { mode: "local", auth: { mode: "password", password } } };
  await using gateway = await startTestGateway({ config });
  const { url, port } = gateway;
  using timers = mock.timers;

  assertAsRecorded(
    t,
    await replay("handshake-password-mode", { url, secrets: { port, password }, ...hurried(timers) }),
  );
});

test("tick: as recorded", { skip }, async (t) => {
  mock.timers.enable({ apis: ["setInterval"] });
  using timers = mock.timers;
  await using gateway = await startTestGateway();
  const { url, port, token } = gateway;

  const report = await replay("tick", {
    url,
    secrets: { port, token },
    awaiting: (event) => {
      if (event === "tick") timers.tick(30_000);
    },
  });

  assertAsRecorded(t, report);
});

test("config-patch-apply-restart: as recorded", { skip }, async (t) => {
  using at = await testHome({ plugins: { load: { paths: ["~/clock"] }, entries: { clock: { enabled: true } } } });
  // The recorded client changes this section, whoever it belongs to.
  mkdirSync(join(at.home, "clock"));
  const manifest = { id: "clock", activation: "lazy", sections: { cron: { type: "object" } } };
  writeFileSync(join(at.home, "clock", "openclaw.plugin.json"), JSON.stringify(manifest));
  writeFileSync(join(at.home, "clock", "index.ts"), "export default function register() {}\n");
  await using gateway = await startGateway(at);
  let runs = 0;

  const report = await replay("config-patch-apply-restart", {
    url: `ws://127.0.0.1:${at.port}`,
    opening: async () => void (await gateway.prints(new RegExp(`(?:ready \\([^]*){${++runs}}`))),
    secrets: { port: at.port, token: TOKEN },
    only: ({ steps }) => steps.some((step) => !step.received && methodOf(step.sent) === "config.get"),
    patienceMs: 5_000,
  });

  assertAsRecorded(t, report);
});

for (const file of ["chat", "chat-error-and-busy", "chat-tool-events", "sessions"]) {
  test(`${file}: as recorded`, { skip }, async (t) => {
    await using model = await startFakeOpenAi();
    model.otherwise = asRecorded;
    await using gateway = await startTestGateway({ config: modelConfig(model) });
    const { url, port, token } = gateway;
    await withApprovals(gateway);
    await usedBefore(gateway);

    assertAsRecorded(t, await replay(file, { url, secrets: { port, token }, caused: RUN_EVENTS, passing: TICKS }));
  });
}

/** Sessions that had been used when the captures were made. */
async function usedBefore(gateway: TestGateway): Promise<void> {
  const client = await gateway.client();
  for (const [sessionKey, idempotencyKey] of [
    ["main", "before-1"],
    ["main", "before-2"],
  ]) {
    await client.request(
      "agent",
      { message: "USE_TOOL before", sessionKey, idempotencyKey },
      { onAccepted: () => undefined },
    );
  }
}

test("agents: as recorded", { skip }, async (t) => {
  await using gateway = await startTestGateway({ config: { agents: { defaults: { skipBootstrap: true } } } });
  const { url, port, token } = gateway;

  const report = await replay("agents", {
    url,
    secrets: { port, token },
    ids: { "<workspaceOps>": join(gateway.home, "ops") },
    // Of the restarts that there are none of.
    passing: new Set(["shutdown"]),
  });

  assertAsRecorded(t, report);
});

test("shutdown-sigterm: as recorded", { skip }, async (t) => {
  await using gateway = await startGatewayProcess();
  const { url, port, token } = gateway;

  const report = await replay("shutdown-sigterm", {
    url,
    secrets: { port, token },
    awaiting: (event) => {
      if (event !== "shutdown") return;
      // Not allowed by the configuration: nothing may come of it.
      gateway.signal("SIGUSR1");
      gateway.signal("SIGTERM");
    },
  });

  assertAsRecorded(t, report);
  assert.equal((await gateway.ended()).code, 0);
});

test("scopes-every-method: as recorded", { skip }, async (t) => {
  await using gateway = await startTestGateway();
  const { url, port, token } = gateway;

  assertAsRecorded(t, await replay("scopes-every-method", { url, secrets: { port, token } }));
});

test("cron: as recorded", { skip }, async (t) => {
  await using gateway = await startTestGateway();
  const { url, port, token } = gateway;

  assertAsRecorded(t, await replay("cron", { url, secrets: { port, token }, passing: TICKS }));
});

for (const file of ["cli-commands", "cli-agent-run"]) {
  test(`${file}: as recorded`, { skip }, async (t) => {
    await using model = await startFakeOpenAi();
    model.otherwise = asRecorded;
    await using gateway = await startTestGateway({ config: modelConfig(model) });
    const { url, port, token } = gateway;
    await usedBefore(gateway);
    await withApprovals(gateway);
    await using node = await recordedNode(gateway);
    using timers = mock.timers;

    // The command line had been here before.
    const ids = { "<deviceToken:1>": token, "<deviceId:3>": node.nodeId };
    const around = { url, secrets: { port, token }, ids, passing: TICKS };
    // Only what the runs of an agent are told by themselves needs time of its own.
    const report = await replay(file, file === "cli-commands" ? { ...around, ...hurried(timers) } : around);

    assertAsRecorded(t, report);
  });
}

test("control-ui-browser: as recorded", { skip }, async (t) => {
  await using model = await startFakeOpenAi();
  model.otherwise = asRecorded;
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  const { url, port, token } = gateway;
  await usedBefore(gateway);
  await withApprovals(gateway);

  assertAsRecorded(t, await replay("control-ui-browser", { url, secrets: { port, token }, passing: TICKS }));
});

/** The node host of that day. */
function recordedNode(gateway: TestGateway): Promise<TestNode> {
  return TestNode.connect(gateway, {
    commands: ["system.run", "system.which", "system.execApprovals.get", "system.execApprovals.set"],
    answers: {
      "system.execApprovals.get": {
        path: "/node/exec-approvals.json",
        exists: true,
        hash: "h",
        file: { version: 1, socket: { path: "/node/exec-approvals.sock" }, defaults: {}, agents: {} },
      },
      "system.which": { bins: { sh: "/usr/bin/sh", node: "/usr/bin/node" } },
      "system.run": { exitCode: 0, timedOut: false, success: true, stdout: "hi-node\n", stderr: "", error: null },
    },
  });
}

/** The product's own socket for approvals had been made, and the one command of the recorded model runs unasked. */
async function withApprovals({ stateDir }: TestGateway): Promise<void> {
  const socket = { path: join(stateDir, "exec-approvals.sock"), token: "s" };
  const agents = { main: { allowlist: [{ id: "e", pattern: realpathSync("/bin/echo") }] } };
  await writeFile(join(stateDir, "exec-approvals.json"), JSON.stringify({ version: 1, socket, defaults: {}, agents }));
}

test("every capture is replayed, or named with the reason why not", { skip }, (t) => {
  for (const [file, why] of Object.entries(NOT_REPLAYED)) t.diagnostic(`not replayed: ${file}, ${why}`);
  assert.deepEqual([...replayed, ...Object.keys(NOT_REPLAYED)].toSorted(), captureNames());
});
