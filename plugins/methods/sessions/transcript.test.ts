import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import type { Session, Transcript, TranscriptMessage } from "openclaw/plugin-sdk";
import { startSessions, stateDirOf, userMessage } from "./place.fixture.ts";
import type { Place } from "./place.fixture.ts";

const ASSISTANT: TranscriptMessage = {
  role: "assistant",
  content: [
    { type: "text", text: "let me look" },
    { type: "toolCall", id: "call_1", name: "read", arguments: { path: "a" } },
  ],
  api: "openai-completions",
  provider: "fake",
  model: "m1",
  usage: { input: 1, output: 2, cacheRead: 0, cacheWrite: 0, totalTokens: 3 },
  stopReason: "toolUse",
  timestamp: 1_767_225_600_900,
};

test("a transcript has the established form", async (context) => {
  await using place = await startSessions(stateDirOf(context), { agents: { defaults: { workspace: "/srv/desk" } } });
  const { session, transcript } = await main(place);

  await transcript.append(userMessage("hi"));
  await transcript.append(ASSISTANT, { sourceId: "work 1" });

  const [header, user, assistant, ...others] = linesOf(transcript.file);
  assert.deepEqual(others, []);
  assert.deepEqual(Object.keys(header), ["type", "version", "id", "timestamp", "cwd", "sessionKey", "agentId"]);
  assert.deepEqual(
    { ...header, timestamp: "" },
    {
      type: "session",
      version: 3,
      id: session.entry.sessionId,
      timestamp: "",
      cwd: "/srv/desk",
      sessionKey: "agent:main:main",
      agentId: "main",
    },
  );
  assert.match(String(header["timestamp"]), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  assert.deepEqual([user["type"], user["role"], user["parentId"]], ["message", "user", null]);
  assert.match(String(user["id"]), /^[0-9a-f]{8}$/);
  assert.deepEqual(user["message"], userMessage("hi"));
  assert.equal("sourceId" in user, false);
  assert.deepEqual([assistant["role"], assistant["sourceId"]], ["assistant", "work 1"]);
  assert.equal(assistant["parentId"], user["id"]);
  const { content } = assistant["message"] as { content: object[] };
  assert.deepEqual(content[1], {
    type: "toolCall",
    id: "call_1",
    name: "read",
    arguments: { path: "a" },
    kind: "tool_use",
  });
});

test("files and folders are for their owner alone", { skip: process.platform === "win32" }, async (context) => {
  const umask = process.umask(0);
  context.after(() => process.umask(umask));
  const stateDir = stateDirOf(context);
  await using place = await startSessions(stateDir);
  const { transcript } = await main(place);

  await transcript.append(userMessage("secret"));

  assert.equal(statSync(transcript.file).mode & 0o777, 0o600);
  for (const folder of ["agents", "agents/main", "agents/main/sessions"]) {
    assert.equal(statSync(join(stateDir, folder)).mode & 0o777, 0o700, folder);
  }
});

test("a source that is there already is not written again, also after a restart", async (context) => {
  const stateDir = stateDirOf(context);
  let first: string;
  {
    await using place = await startSessions(stateDir);
    const { transcript } = await main(place);
    first = await transcript.append(userMessage("once"), { sourceId: "work 1" });
    const together = [1, 2, 3].map(() => transcript.append(userMessage("twice"), { sourceId: "work 2" }));
    assert.equal(new Set(await Promise.all(together)).size, 1);
  }
  await using place = await startSessions(stateDir);
  const { transcript } = await main(place);

  assert.equal(await transcript.append(userMessage("again"), { sourceId: "work 1" }), first);

  assert.deepEqual(await texts(transcript), ["once", "twice"]);
  assert.equal(await transcript.has("work 2"), true);
  assert.equal(await transcript.has("work 3"), false);
});

test("a source that is spelled like the id of an entry is not that entry", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const { transcript } = await main(place);
  const id = await transcript.append(userMessage("one"));

  assert.equal(await transcript.has(id), false);
  assert.notEqual(await transcript.append(userMessage("two"), { sourceId: id }), id);

  assert.deepEqual(await texts(transcript), ["one", "two"]);
});

test("a repair keeps the sources", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const { transcript } = await main(place);
  await transcript.append(userMessage("once"), { sourceId: "work 1" });
  appendFileSync(transcript.file, '{"type":"message","id":"0000');

  await transcript.append(userMessage("again"), { sourceId: "work 1" });

  assert.deepEqual(await texts(transcript), ["once"]);
  assert.match(place.host.log[0]?.message ?? "", /^repaired transcript /);
});

test("a session without a transcript has no messages, and reading makes no file", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const { transcript } = await main(place);

  assert.deepEqual(await transcript.messages(), []);
  assert.equal(await transcript.has("work 1"), false);
  await transcript.sync();

  assert.deepEqual(readdirSync(dirname(transcript.file)), []);
});

test("appends that come together keep their order and their chain", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const { session, transcript } = await main(place);
  const numbers = Array.from({ length: 200 }, (_, number) => String(number));

  await Promise.all(numbers.map((number) => place.sessions.transcript(session).append(userMessage(number))));

  assert.deepEqual(await texts(transcript), numbers);
  const [, ...entries] = linesOf(transcript.file);
  for (const [index, line] of entries.entries()) assert.equal(line["parentId"], entries[index - 1]?.["id"] ?? null);
  assert.equal(new Set(entries.map((entry) => entry["id"])).size, numbers.length);
});

test("the newest messages come oldest first", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const { transcript } = await main(place);
  for (const text of ["a", "b", "c"]) await transcript.append(userMessage(text));

  assert.deepEqual(await texts(transcript, 2), ["b", "c"]);
  assert.deepEqual(await texts(transcript, 9), ["a", "b", "c"]);
  assert.deepEqual(await texts(transcript, 0), []);
});

test("text of any kind and any length comes back as it went", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const { transcript } = await main(place);
  const given = ["line\nbreak\r\n", "\u2028 and \u2029", "\u0000", "ü🦞".repeat(70_000), "", "\uD800"];

  for (const text of given) await transcript.append(userMessage(text));

  assert.deepEqual(await texts(transcript), given);
  assert.deepEqual(await texts(transcript, 3), given.slice(-3));
});

test("only what leads to the last entry is the conversation", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const { transcript } = await writeLines(place, [
    entry("00000001", null, userMessage("kept")),
    entry("00000002", "00000001", userMessage("left branch")),
    { type: "model_change", id: "00000003", parentId: "00000001", provider: "p", modelId: "m" },
    { type: "something newer", id: "00000004", parentId: "00000003", payload: 1 },
    entry("00000005", "00000004", { ...userMessage("x"), role: "hookMessage" } as unknown as TranscriptMessage),
    entry("00000006", "00000005", userMessage("right branch")),
  ]);
  const before = readFileSync(transcript.file, "utf8");

  assert.deepEqual(await texts(transcript), ["kept", "right branch"]);
  await transcript.append(userMessage("next"));

  assert.deepEqual(await texts(transcript), ["kept", "right branch", "next"]);
  assert.ok(readFileSync(transcript.file, "utf8").startsWith(before), "what was there is untouched");
});

test("a last line that was torn anywhere costs that line only, and the original stays", async (context) => {
  const stateDir = stateDirOf(context);
  await using place = await startSessions(stateDir);
  const { session, transcript } = await main(place);
  await transcript.append(userMessage("first"));
  const kept = readFileSync(transcript.file);
  await transcript.append(userMessage("second"));
  const whole = readFileSync(transcript.file);

  for (let length = kept.length + 1; length < whole.length; length++) {
    await place.sessions.update("main", () => ({ sessionId: `torn-${length}` }));
    const torn = place.sessions.transcript((await place.sessions.get("main")) as Session);
    writeFileSync(torn.file, whole.subarray(0, length));
    const isComplete = length === whole.length - 1;

    await torn.append(userMessage("third"));

    assert.deepEqual(await texts(torn), isComplete ? ["first", "second", "third"] : ["first", "third"], `${length}`);
    const [backup] = readdirSync(dirname(torn.file)).filter((name) => name.startsWith(`torn-${length}.jsonl.bak-`));
    const original = readFileSync(join(dirname(torn.file), backup ?? ""));
    assert.deepEqual(original, whole.subarray(0, length));
  }
  assert.equal(session.key, "agent:main:main");
});

test("reading repairs a torn line too", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const { transcript } = await writeLines(place, [entry("00000001", null, userMessage("kept"))]);
  appendFileSync(transcript.file, '{"type":"message","id":"0000');

  assert.deepEqual(await texts(transcript, 1), ["kept"]);

  assert.equal(readFileSync(transcript.file).at(-1), 10);
  assert.match(place.host.log[0]?.message ?? "", /^repaired transcript .*: the last line had no end, .*\.bak-/);
});

test("lines that cannot be read are dropped and kept aside, and the conversation is joined again", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const { transcript } = await writeLines(place, [
    entry("00000001", null, userMessage("one")),
    "garbage",
    "\u0000\u0000\u0000",
    "[1]",
    entry("00000003", "00000002", userMessage("three")),
    "",
    entry("00000004", "00000003", userMessage("four")),
  ]);
  const before = readFileSync(transcript.file);

  assert.deepEqual(await texts(transcript), ["one", "three", "four"]);

  assert.equal(linesOf(transcript.file).length, 4);
  const [backup] = readdirSync(dirname(transcript.file)).filter((name) => name.includes(".bak-"));
  assert.deepEqual(readFileSync(join(dirname(transcript.file), backup ?? "")), before);
  if (process.platform !== "win32") assert.equal(statSync(transcript.file).mode & 0o777, 0o600);
});

test("a repaired transcript is repaired once", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const { transcript } = await writeLines(place, ["garbage", entry("00000001", "0000000f", userMessage("one"))]);

  for (let round = 0; round < 3; round++) await transcript.messages();
  await transcript.append(userMessage("two"));

  assert.deepEqual(await texts(transcript), ["one", "two"]);
  assert.equal(place.host.log.length, 1);
});

test("a transcript without its first line gets one", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const { session, transcript } = await main(place);
  mkdirSync(dirname(transcript.file), { recursive: true });
  writeFileSync(transcript.file, `${JSON.stringify(entry("00000001", null, userMessage("one")))}\n`);

  await transcript.append(userMessage("two"));

  const [header] = linesOf(transcript.file);
  assert.deepEqual([header["type"], header["id"]], ["session", session.entry.sessionId]);
  assert.deepEqual(await texts(transcript), ["one", "two"]);
});

test("entries of an older format get ids and a chain", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const { transcript } = await main(place);
  const old = [
    { type: "session", id: "x" },
    ...["one", "two"].map((text) => ({ type: "message", message: userMessage(text) })),
  ];
  mkdirSync(dirname(transcript.file), { recursive: true });
  writeFileSync(transcript.file, old.map((line) => `${JSON.stringify(line)}\n`).join(""));

  await transcript.append(userMessage("three"));

  assert.deepEqual(await texts(transcript), ["one", "two", "three"]);
  assert.equal(linesOf(transcript.file)[0]["version"], 3);
  assert.match(place.host.log[0]?.message ?? "", /it had format 1/);
});

test("a transcript of a newer format is not written", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const { transcript } = await main(place);
  mkdirSync(dirname(transcript.file), { recursive: true });
  writeFileSync(transcript.file, '{"type":"session","version":4}\n');

  await assert.rejects(transcript.append(userMessage("x")), /has format 4, this version knows 3; update openclaw/);

  assert.equal(readFileSync(transcript.file, "utf8"), '{"type":"session","version":4}\n');
});

test("what somebody else appended is noticed", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const { transcript } = await main(place);
  const first = await transcript.append(userMessage("one"));
  const foreign = { ...entry("0000000a", first, userMessage("two")), sourceId: "work 2" };
  appendFileSync(transcript.file, `${JSON.stringify(foreign)}\n`);

  await transcript.append(userMessage("three"));

  assert.deepEqual(await texts(transcript), ["one", "two", "three"]);
  assert.equal(await transcript.has("work 2"), true);
});

test("a transcript that is a link is not written through", { skip: process.platform === "win32" }, async (context) => {
  const stateDir = stateDirOf(context);
  await using place = await startSessions(stateDir);
  const { transcript } = await main(place);
  const elsewhere = join(stateDirOf(context), "elsewhere");
  writeFileSync(elsewhere, "");
  mkdirSync(dirname(transcript.file), { recursive: true });
  symlinkSync(elsewhere, transcript.file);

  await assert.rejects(transcript.append(userMessage("x")), /cannot write transcript .*: it is a link/);

  assert.equal(readFileSync(elsewhere, "utf8"), "");
});

test("a failed write refuses that message by name and the next one works", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const { transcript } = await main(place);
  mkdirSync(transcript.file, { recursive: true });

  await assert.rejects(transcript.append(userMessage("lost")), /cannot (read|write) transcript .*\.jsonl: /);
  await place.sessions.update("main", () => ({ sessionId: "another" }));
  const next = place.sessions.transcript((await place.sessions.get("main")) as Session);
  await next.append(userMessage("kept"));

  assert.deepEqual(await texts(next), ["kept"]);
});

test("a file that got no further than its first line is gone on with", async (context) => {
  const stateDir = stateDirOf(context);
  await using place = await startSessions(stateDir);
  const { transcript } = await writeLines(place, []);

  await transcript.append(userMessage("hi"));

  assert.deepEqual(await texts(transcript), ["hi"]);
  assert.equal(linesOf(join(stateDir, "agents", "default", "sessions", "main.jsonl")).length, 2);
});

test("conversations that were put aside go on where they were", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const transcripts = Array.from({ length: 230 }, (_, number) =>
    place.sessions.transcript({ key: "x", agentId: "main", entry: { sessionId: `s${number}`, updatedAt: 1 } }),
  );

  for (const text of ["first", "second"]) {
    await Promise.all(transcripts.map((transcript) => transcript.append(userMessage(text))));
  }

  for (const transcript of transcripts) assert.deepEqual(await texts(transcript), ["first", "second"]);
});

test("sync resolves when the file is on disk", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const { transcript } = await main(place);

  const written = transcript.append(userMessage("one"));
  await transcript.sync();

  assert.equal(linesOf(transcript.file).length, 2);
  await written;
  await transcript.sync();
});

test("after kill -9 what was written is there, and the conversation goes on", async (context) => {
  const stateDir = stateDirOf(context);
  const written: number[] = [];

  for (const count of [1, 3, 6, 10]) {
    await writeUntilKilled(stateDir, written, count);
    await using place = await startSessions(stateDir);
    const { transcript } = await main(place);
    const found = (await texts(transcript)).map((text) => Number.parseInt(text, 10));
    assert.deepEqual(found.slice(0, written.length), written);
    assert.ok(found.length <= written.length + 1, "at most the line on its way was finished");
    await transcript.append(userMessage(String(found.length)));
    assert.ok(linesOf(transcript.file).every((line) => typeof line["type"] === "string"));
    written.splice(0, written.length, ...Array.from({ length: found.length + 1 }, (_, number) => number));
  }
});

async function writeUntilKilled(stateDir: string, written: number[], count: number): Promise<void> {
  const args = [
    "--conditions=openclaw-source",
    join(import.meta.dirname, "transcript.fixture.ts"),
    stateDir,
    String(written.length),
  ];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const exit = once(child, "exit");
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    written.push(Number(line.slice(3)));
    // Lines that were on their way when the child died count too.
    if (++seen === count) child.kill("SIGKILL");
  }
  await exit;
}

async function main({ sessions }: Place): Promise<{ session: Session; transcript: Transcript }> {
  const session = await sessions.open("main");
  return { session, transcript: sessions.transcript(session) };
}

/** A transcript as somebody else left it. */
async function writeLines(place: Place, lines: readonly (object | string)[]) {
  const { session, transcript } = await main(place);
  const header = { type: "session", version: 3, id: session.entry.sessionId, timestamp: "", cwd: "" };
  mkdirSync(dirname(transcript.file), { recursive: true });
  const rows = [header, ...lines].map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
  writeFileSync(transcript.file, rows.map((row) => `${row}\n`).join(""), { mode: 0o600 });
  return { session, transcript };
}

function entry(id: string, parentId: string | null, message: TranscriptMessage): object {
  return { type: "message", role: message.role, id, parentId, timestamp: "2026-01-29T08:11:42.018Z", message };
}

async function texts(transcript: Transcript, limit?: number): Promise<string[]> {
  const messages = await transcript.messages(limit === undefined ? {} : { limit });
  return messages.map(({ content }) => content.map((block) => (block.type === "text" ? block.text : "")).join(""));
}

type Line = Readonly<Record<string, unknown>>;

function linesOf(file: string): [Line, Line, Line, ...Line[]] {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  // A test that looks at a line that is not there fails by itself.
  return lines.map((line) => JSON.parse(line) as Line) as [Line, Line, Line, ...Line[]];
}
