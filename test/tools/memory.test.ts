import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startToolBench } from "./bench.ts";
import type { ToolBench, Used } from "./bench.ts";

interface Hit {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly score: number;
  readonly snippet: string;
}

const hits = ({ text }: Used) => (JSON.parse(text) as { results: Hit[] }).results;

function note(bench: ToolBench, path: string, text: string): void {
  const file = join(bench.workspace, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
}

test("notes are found by words, whatever was changed since the last search", async () => {
  await using bench = await startToolBench();
  note(bench, "MEMORY.md", "# People\n\nAnna likes tea.\n\n# Places\n\nThe café is in Zürich.\n");
  note(bench, "memory/2026-01-02.md", `${"filler line\n".repeat(300)}The garage code is 4711.\n`);
  note(bench, "other/secret.md", "The garage burned down.");

  const anna = hits(await bench.use("memory_search", { query: "What does Anna like?" }));
  const cafe = hits(await bench.use("memory_search", { query: "cafe zurich" }));
  const code = hits(await bench.use("memory_search", { query: "garage code" }));
  note(bench, "memory/2026-01-02.md", "The shed code is 1234.\n");
  rmSync(join(bench.workspace, "MEMORY.md"));
  const gone = hits(await bench.use("memory_search", { query: "Anna garage" }));
  const shed = hits(await bench.use("memory_search", { query: "shed" }));

  assert.partialDeepStrictEqual(anna[0], { path: "MEMORY.md", startLine: 1, score: 1 });
  assert.match(cafe[0]?.snippet ?? "", /café is in Zürich/);
  assert.deepEqual(
    code.map(({ path }) => path),
    ["memory/2026-01-02.md"],
  );
  assert.ok((code[0]?.startLine ?? 0) <= 301 && (code[0]?.endLine ?? 0) >= 301);
  assert.deepEqual(gone, []);
  assert.match(shed[0]?.snippet ?? "", /1234/);
});

test("notes in Japanese and Chinese are found too", async () => {
  await using bench = await startToolBench();
  note(bench, "memory/ja.md", "東京の会議は金曜日の午後三時です。\n");
  note(bench, "memory/zh.md", "我的自行车是蓝色的。\n");

  const meeting = hits(await bench.use("memory_search", { query: "会議はいつ?" }));
  const bicycle = hits(await bench.use("memory_search", { query: "自行车什么颜色" }));

  assert.equal(meeting[0]?.path, "memory/ja.md");
  assert.equal(bicycle[0]?.path, "memory/zh.md");
});

test("no question is syntax for the index, and none finds nothing without an error", async () => {
  await using bench = await startToolBench();
  note(bench, "MEMORY.md", "plain words");
  const queries = [
    '"',
    "plain OR",
    "NEAR(plain)",
    "words:*",
    "path:MEMORY",
    "plain*)",
    "???",
    "-plain",
    "a".repeat(1_500),
  ];

  for (const query of queries) {
    const result = await bench.use("memory_search", { query });
    assert.equal(result.isError, false, `${query}: ${result.text}`);
  }
});

test("memory_get reads lines of notes and nothing else", async () => {
  await using bench = await startToolBench();
  note(bench, "MEMORY.md", "one\ntwo\nthree\nfour");
  note(bench, "memory/a.md", "note");
  note(bench, "AGENTS.md", "no note");
  symlinkSync(join(bench.workspace, "AGENTS.md"), join(bench.workspace, "memory", "link.md"));
  symlinkSync("/etc/passwd", join(bench.workspace, "memory", "passwd.md"));

  const lines = await bench.use("memory_get", { path: "MEMORY.md", from: 2, lines: 2 });

  assert.deepEqual(JSON.parse(lines.text), { path: "MEMORY.md", text: "two\nthree\n[line 3 of 4; go on with from 4]" });
  for (const path of [
    "AGENTS.md",
    "memory/link.md",
    "memory/passwd.md",
    "memory/../AGENTS.md",
    "../x.md",
    "/etc/passwd",
  ]) {
    const result = await bench.use("memory_get", { path });
    assert.ok(result.isError, `${path}: ${result.text}`);
  }
});

test("a damaged index is made anew, and memorySearch.enabled: false takes the tools away", async () => {
  await using bench = await startToolBench();
  const file = join(bench.gateway.stateDir, "cache", "memory", "main.sqlite");
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, "this is no database, and it is long enough to be looked at ".repeat(20));
  note(bench, "MEMORY.md", "the answer is 42");

  assert.match(hits(await bench.use("memory_search", { query: "answer" }))[0]?.snippet ?? "", /42/);
  assert.ok(existsSync(file));
  const { hash } = await bench.client.request<{ hash: string }>("config.get", {});
  const raw = "{agents:{defaults:{memorySearch:{enabled:false}}}}";
  await bench.client.request("config.patch", { raw, baseHash: hash });
  await bench.say("hello");
  assert.ok(!bench.offered().some((name) => name.startsWith("memory_")));
});

test("a pipe is no note and is not waited for, and a link that leads out of the workspace is not searched", async () => {
  await using bench = await startToolBench();
  const outside = join(bench.gateway.home, "private");
  mkdirSync(outside);
  mkdirSync(join(bench.workspace, "memory"));
  writeFileSync(join(outside, "code.md"), "the pineapple combination is 4711");
  symlinkSync(join(outside, "code.md"), join(bench.workspace, "MEMORY.md"));
  execFileSync("mkfifo", [join(bench.workspace, "memory/pipe.md")]);
  note(bench, "memory/fruit.md", "a pineapple is a fruit");

  const pipe = await bench.use("memory_get", { path: "memory/pipe.md" });
  const found = await bench.use("memory_search", { query: "pineapple" });
  rmSync(join(bench.workspace, "memory"), { recursive: true });
  symlinkSync(outside, join(bench.workspace, "memory"));
  const none = await bench.use("memory_search", { query: "pineapple" });

  assert.ok(pipe.isError);
  assert.match(pipe.text, /there is no file pipe.md to be read/);
  assert.deepEqual(
    hits(found).map(({ path }) => path),
    ["memory/fruit.md"],
  );
  assert.deepEqual(JSON.parse(none.text), { results: [] });
});
