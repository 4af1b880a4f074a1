import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { GatewayError } from "openclaw/plugin-sdk";
import type { GatewayClient } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import { run, start, startGateway, testHome } from "../support/command-line.ts";
import type { TestHome } from "../support/command-line.ts";
import { connect } from "./sweep.ts";

const EXABYTE = 1e18;

interface Health {
  readonly ready: boolean;
  readonly issues: readonly { readonly path: string; readonly message: string }[];
}

function send(client: GatewayClient, message: string): Promise<{ status: string }> {
  return client.request("chat.send", { sessionKey: "main", message, idempotencyKey: message.slice(0, 40) });
}

interface LogRecord {
  readonly level: string;
  readonly msg: string;
}

/** Every day's, should there be two. */
function logOf({ stateDir }: TestHome): LogRecord[] {
  const folder = join(stateDir, "logs");
  const text = readdirSync(folder)
    .toSorted()
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as LogRecord);
}

test("a disk that is nearly full closes intake, admits nothing by half and opens by itself (F-53, R-48)", async () => {
  using home = await testHome({ logging: { level: "debug" }, messages: { queue: { mode: "followup" } } });
  await using _gateway = await startGateway(home);
  const client = await connect(home);
  await send(client, "before");
  await eventually("its end", async () => (await send(client, "before")).status === "ok");
  const config = JSON.parse(home.read()) as object;

  home.write(JSON.stringify({ ...config, store: { minFreeBytes: EXABYTE } }));
  await eventually("intake closes", () =>
    send(client, `probe ${Math.random()}`).then(
      () => false,
      () => true,
    ),
  );
  const refused = await send(client, "while full").catch((error: unknown) => error);
  const repeated = await send(client, "before");
  const health = await client.request<Health>("health", { probe: true });
  // A heartbeat that is left out is a debug line.
  await client.request("set-heartbeats", { enabled: false });
  await client.request("wake", { mode: "now", text: "anybody there?" });
  await eventually("debug lines stop", () => logOf(home).some(({ msg }) => /debug lines are left out/.test(msg)));
  home.write(JSON.stringify(config));
  await eventually("intake opens", async () => (await send(client, "while full")).status !== undefined);
  await eventually("its end", async () => (await send(client, "while full")).status === "ok");

  assert.ok(refused instanceof GatewayError);
  assert.deepEqual([refused.code, refused.retryable], ["UNAVAILABLE", true]);
  assert.match(refused.message, /no new messages are taken in: \d+ MB left/);
  assert.equal(repeated.status, "ok", "a repeat of what was accepted gets its answer");
  assert.equal(health.ready, false);
  assert.match(health.issues.find(({ path }) => path === "store")?.message ?? "", /no new messages/);
  const log = logOf(home);
  const stops = log.findIndex(({ msg }) => /debug lines are left out/.test(msg));
  const comesBack = log.findIndex(({ msg }) => /debug lines are written again; \d+ were left out/.test(msg));
  assert.ok(comesBack > stops, `${stops} and ${comesBack}`);
  assert.deepEqual(
    log.slice(stops, comesBack).filter(({ level }) => level === "debug"),
    [],
  );
  const { messages } = await client.request<{ messages: { role: string; content: { text: string }[] }[] }>(
    "chat.history",
    { sessionKey: "main" },
  );
  const asked = messages.filter(({ role, content }) => role === "user" && !/probe/.test(content[0]?.text ?? ""));
  assert.equal(asked.length, 2);
  assert.equal(messages.filter(({ role }) => role === "assistant").length, messages.length / 2);
  await client.close();
});

test(
  "when a write finds no room the message is refused, the process lives, and what was accepted has its end later (F-05)",
  { skip: process.platform === "win32" },
  async () => {
    using home = await testHome({ logging: { level: "error" }, messages: { queue: { mode: "followup" } } });
    // No file of the process can grow beyond 3 MB: every write that would fails.
    const limited = 'ulimit -f 3000; exec "$0" "$@"';
    await using gateway = await start(home, ["gateway"], { shell: limited });
    await gateway.prints(/ready \(\d+ ms\)/);
    const client = await connect(home);
    const accepted: string[] = [];
    let refusal: unknown;
    for (let number = 0; refusal === undefined && number < 200; number++) {
      const message = `number ${number} ${"x".repeat(40_000)}`;
      await send(client, message).then(
        () => accepted.push(message),
        (error: unknown) => (refusal = error),
      );
    }

    assert.ok(refusal instanceof GatewayError, "a message was refused");
    assert.equal(refusal.code, "UNAVAILABLE");
    assert.ok(accepted.length > 3, `${accepted.length} accepted: ${refusal.message}`);
    assert.equal((await client.request<{ ok: boolean }>("health", {})).ok, true, "the process answers");
    await client.close();
    gateway.kill("SIGKILL");
    await gateway.ended;

    await using _second = await startGateway(home);
    const again = await connect(home);
    for (const message of accepted) {
      await eventually(`the end of ${message.slice(0, 10)}`, async () => {
        const { status } = await send(again, message);
        return status === "ok" || status === "error";
      });
    }
    await again.close();
    assert.equal((await run(home, ["store", "check"])).code, 0);
    const transcripts = join(home.stateDir, "agents", "main", "sessions", "main.jsonl");
    for (const line of readFileSync(transcripts, "utf8").trimEnd().split("\n")) assert.ok(JSON.parse(line));
  },
);
