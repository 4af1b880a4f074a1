import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startTimeOf } from "openclaw/plugin-sdk";
import type { GatewayClient } from "openclaw/plugin-sdk";
import { run, startGateway, testHome } from "../support/command-line.ts";
import type { TestHome } from "../support/command-line.ts";
import { connect } from "./sweep.ts";

interface Message {
  readonly role: string;
  readonly content: readonly { readonly text: string }[];
}

function ask(client: GatewayClient, sessionKey: string, message: string): Promise<{ status: string }> {
  const params = { message, sessionKey, idempotencyKey: `${sessionKey} ${message}` };
  return client.request("agent", params, { onAccepted: () => undefined });
}

async function questions(client: GatewayClient, sessionKey: string): Promise<string[]> {
  const { messages } = await client.request<{ messages: Message[] }>("chat.history", { sessionKey });
  return messages
    .filter(({ role }) => role === "user")
    .map(({ content }) => (content[0]?.text ?? "").replace(/^\[[^\]]*\] /, ""));
}

function folderOf(home: TestHome): string {
  return join(home.stateDir, "agents", "main", "sessions");
}

/** The transcript of the session in which `text` was said. */
function transcriptWith(home: TestHome, text: string): string {
  const names = readdirSync(folderOf(home)).filter((name) => name.endsWith(".jsonl") && name !== "main.jsonl");
  const found = names.find((name) => readFileSync(join(folderOf(home), name), "utf8").includes(text));
  assert.ok(found, `a transcript with ${text}`);
  return join(folderOf(home), found);
}

/** A home in which two sessions were talked in, and no gateway runs. */
async function talkedIn(): Promise<TestHome> {
  const home = await testHome();
  const gateway = await startGateway(home);
  const client = await connect(home);
  for (const number of [1, 2, 3]) {
    await ask(client, "broken", `broken ${number}`);
    await ask(client, "whole", `whole ${number}`);
  }
  await client.close();
  gateway.kill("SIGTERM");
  await gateway.ended;
  return home;
}

const SPOILED: readonly (readonly [what: string, spoil: (file: string) => void, kept: readonly number[]])[] = [
  ["a torn last line", (file) => appendFileSync(file, '{"type":"message","id":"0000'), [1, 2, 3]],
  ["a missing final newline", (file) => truncateSync(file, readFileSync(file).length - 1), [1, 2, 3]],
  ["a torn first line", (file) => writeFileSync(file, readFileSync(file).subarray(20)), [1, 2, 3]],
  ["no content at all", (file) => truncateSync(file, 0), []],
];

for (const [what, spoil, kept] of SPOILED) {
  test(`a transcript with ${what} is read as far as it goes and written on, and the others are as they were`, async () => {
    using home = await talkedIn();
    spoil(transcriptWith(home, "broken 1"));

    await using _gateway = await startGateway(home);
    const client = await connect(home);
    const asked = await ask(client, "broken", "broken 4");

    assert.equal(asked.status, "ok");
    assert.deepEqual(
      await questions(client, "broken"),
      [...kept, 4].map((number) => `broken ${number}`),
    );
    assert.deepEqual(await questions(client, "whole"), ["whole 1", "whole 2", "whole 3"]);
    await client.close();
  });
}

test("a truncated sessions.json hides no session, whether the store is there or not", async () => {
  using home = await talkedIn();
  const file = join(folderOf(home), "sessions.json");
  const whole = readFileSync(file);

  for (const isStoreThere of [true, false]) {
    writeFileSync(file, whole.subarray(0, whole.length - 2));
    if (!isStoreThere) rmSync(join(home.stateDir, "openclaw.sqlite"));
    const gateway = await startGateway(home);
    const client = await connect(home);

    for (const name of ["broken", "whole"])
      assert.deepEqual(
        await questions(client, name),
        [1, 2, 3].map((number) => `${name} ${number}`),
      );
    await ask(client, "other", `with a store: ${isStoreThere}`);
    await client.close();
    gateway.kill("SIGTERM");
    await gateway.ended;
    assert.ok(JSON.parse(readFileSync(file, "utf8")));
  }
});

for (const [what, owner] of [
  ["a process that is gone", () => ({ pid: 4_194_304, startTime: 1 })],
  [
    "another process that got the same id",
    () => ({ pid: process.pid, startTime: Number(startTimeOf(process.pid)) - 1 }),
  ],
] as const) {
  test(`the lock of ${what} is taken over at once (F-11)`, async () => {
    using home = await testHome();
    mkdirSync(home.stateDir, { recursive: true });
    const lock = { ...owner(), id: "0123456789abcdef", createdAt: "2026-01-29T08:11:42.018Z" };
    writeFileSync(join(home.stateDir, "gateway.lock"), JSON.stringify(lock));

    await using gateway = await startGateway(home);

    // A lock that is believed in ends the start with 75.
    assert.match(gateway.stdout() + gateway.stderr(), /ready/);
  });
}

test("a second gateway on one state directory ends with 75, names the first and changes nothing (F-10)", async () => {
  using home = await testHome();
  await using first = await startGateway(home);
  const client = await connect(home);
  await ask(client, "main", "hello");

  const second = await run(home, ["gateway", "--port", String(home.port + 1)]);

  assert.equal(second.code, 75);
  assert.match(second.stderr + second.stdout, new RegExp(`gateway already running \\(pid ${first.pid}\\)`));
  assert.equal((await ask(client, "main", "hello again")).status, "ok");
  await client.close();
});
