import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startToolBench } from "./bench.ts";

test("write makes folders, read gives a window with a hint, edit changes one place and keeps the mode", async () => {
  await using bench = await startToolBench();
  const lines = Array.from({ length: 2_500 }, (_, index) => `line ${index + 1}`).join("\n");

  const written = await bench.use("write", { path: "notes/deep/a.txt", content: lines });
  const first = await bench.use("read", { path: "notes/deep/a.txt" });
  const rest = await bench.use("read", { path: "notes/deep/a.txt", offset: 2_001 });
  chmodSync(join(bench.workspace, "notes/deep/a.txt"), 0o750);
  const edited = await bench.use("edit", { path: "notes/deep/a.txt", oldText: "line 2500", newText: "the end" });

  assert.match(written.text, /^wrote \d+ bytes to notes\/deep\/a.txt$/);
  assert.match(first.text, /^line 1\n[^]*line 2000\n\[lines 1 to 2000; go on with offset 2001\]$/);
  assert.match(rest.text, /^line 2001\n[^]*line 2500$/);
  assert.equal(edited.text, "changed notes/deep/a.txt");
  assert.ok(readFileSync(join(bench.workspace, "notes/deep/a.txt"), "utf8").endsWith("line 2499\nthe end"));
  assert.equal(statSync(join(bench.workspace, "notes/deep/a.txt")).mode & 0o777, 0o750);
});

test("an edit names how often its text is there, and keeps the line ends of the file", async () => {
  await using bench = await startToolBench();
  const path = join(bench.workspace, "crlf.txt");
  writeFileSync(path, "\uFEFFone\r\ntwo\r\ntwo\r\n");

  const none = await bench.use("edit", { path: "crlf.txt", oldText: "three", newText: "x" });
  const twice = await bench.use("edit", { path: "crlf.txt", oldText: "two", newText: "x" });
  const once = await bench.use("edit", { path: "crlf.txt", oldText: "one\ntwo", newText: "1\n2 $& $1" });

  assert.match(none.text, /oldText was not found in crlf.txt/);
  assert.match(twice.text, /found 2 times in crlf.txt/);
  assert.ok(none.isError && twice.isError && !once.isError);
  assert.equal(readFileSync(path, "utf8"), "\uFEFF1\r\n2 $& $1\r\ntwo\r\n");
});

test("images are shown, binaries and long lines are told of, what is no file is refused", async () => {
  await using bench = await startToolBench();
  const png = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.alloc(20)]);
  writeFileSync(join(bench.workspace, "dot.png"), png);
  writeFileSync(join(bench.workspace, "data.bin"), Buffer.from([1, 0, 2]));
  writeFileSync(join(bench.workspace, "long.txt"), `${"x".repeat(300_000)}\nnext`);
  writeFileSync(join(bench.workspace, "empty.txt"), "");
  mkdirSync(join(bench.workspace, "folder"));
  execFileSync("mkfifo", [join(bench.workspace, "pipe")]);

  const image = await bench.use("read", { path: "dot.png" });
  const binary = await bench.use("read", { path: "data.bin" });
  const long = await bench.use("read", { path: "long.txt" });
  const empty = await bench.use("read", { path: "empty.txt" });
  const beyond = await bench.use("read", { path: "long.txt", offset: 9 });
  const folder = await bench.use("read", { path: "folder" });
  const pipe = await bench.use("read", { path: "pipe" });
  const missing = await bench.use("read", { path: "missing.txt" });

  assert.partialDeepStrictEqual(image.content[1], { type: "image", mimeType: "image/png" });
  assert.match(binary.text, /binary file of 3 bytes/);
  assert.ok(long.text.length < 60_000);
  assert.match(long.text, /the rest of this line was left out/);
  assert.equal(empty.text, "empty.txt is empty");
  assert.equal(beyond.text, "long.txt has no line 9");
  assert.match(folder.text, /cannot read folder: it is a folder/);
  assert.match(pipe.text, /cannot read pipe: it is no regular file/);
  assert.match(missing.text, /cannot read missing.txt: there is no such file/);
});

test("no name leads out of the workspace: neither reads nor writes", async (t) => {
  await using bench = await startToolBench();
  const outside = join(bench.gateway.home, "outside");
  mkdirSync(outside);
  writeFileSync(join(outside, "secret.txt"), "secret bytes");
  symlinkSync(join(outside, "secret.txt"), join(bench.workspace, "link.txt"));
  symlinkSync(outside, join(bench.workspace, "way"));
  symlinkSync(join(outside, "not-yet.txt"), join(bench.workspace, "dangling.txt"));
  symlinkSync("loop", join(bench.workspace, "loop"));
  mkdirSync(join(bench.workspace, "sub"));
  const names = [
    "../outside/secret.txt",
    "sub/../../outside/secret.txt",
    "./sub/./.././../outside/secret.txt",
    join(outside, "secret.txt"),
    `${bench.workspace}/../outside/secret.txt`,
    "~/outside/secret.txt",
    "/etc/passwd",
    "/proc/self/environ",
    "link.txt",
    "way/secret.txt",
    "way/new.txt",
    "sub/../way/secret.txt",
    "dangling.txt",
    "loop",
    "loop/x",
    "file:///etc/passwd",
    "https://example.com/x",
    "secret.txt\0.png",
    "",
    "   ",
    "x".repeat(5_000),
    bench.gateway.configPath,
    join(bench.gateway.stateDir, "exec-approvals.json"),
    "../ws2/a.txt",
  ];

  for (const path of names) {
    const read = await bench.use("read", { path });
    const written = await bench.use("write", { path, content: "changed" });
    assert.ok(read.isError && written.isError, `${path}: ${read.text} / ${written.text}`);
    assert.doesNotMatch(read.text, /secret bytes|root:/);
  }

  t.diagnostic(`${names.length} names`);
  assert.equal(readFileSync(join(outside, "secret.txt"), "utf8"), "secret bytes");
  assert.ok(!existsSync(join(outside, "not-yet.txt")) && !existsSync(join(outside, "new.txt")));
});

test("a link that stays inside is followed, and folders of skills may be read but not written", async () => {
  await using bench = await startToolBench();
  writeFileSync(join(bench.workspace, "real.txt"), "here");
  symlinkSync("real.txt", join(bench.workspace, "alias.txt"));
  const skill = join(bench.gateway.stateDir, "skills", "weather", "SKILL.md");
  mkdirSync(join(skill, ".."), { recursive: true });
  writeFileSync(skill, "how to");

  await bench.use("write", { path: "alias.txt", content: "there" });

  assert.equal(readFileSync(join(bench.workspace, "real.txt"), "utf8"), "there");
  assert.equal((await bench.use("read", { path: skill })).text, "how to");
  assert.match(
    (await bench.use("write", { path: skill, content: "x" })).text,
    /files of the gateway are not for tools/,
  );
});

test("tools.fs.workspaceOnly: false opens the rest of the disk at once, but never the gateway's own files", async () => {
  await using bench = await startToolBench();
  const other = join(bench.gateway.home, "other.txt");
  writeFileSync(other, "other");
  assert.match((await bench.use("read", { path: other })).text, /set tools.fs.workspaceOnly to false/);
  const { hash } = await bench.client.request<{ hash: string }>("config.get", {});

  await bench.client.request("config.patch", { raw: "{tools:{fs:{workspaceOnly:false}}}", baseHash: hash });

  assert.equal((await bench.use("read", { path: other })).text, "other");
  assert.ok((await bench.use("read", { path: bench.gateway.configPath })).isError);
  assert.ok((await bench.use("write", { path: bench.gateway.configPath, content: "{}" })).isError);
});

test("a patch changes all its files or none", async () => {
  await using bench = await startToolBench({ tools: { exec: { applyPatch: { enabled: true } } } });
  const at = (name: string) => join(bench.workspace, name);
  writeFileSync(at("a.txt"), "one\ntwo\nthree\n");
  writeFileSync(at("b.txt"), "old\n");
  writeFileSync(at("c.txt"), "gone\n");
  const patch = (...lines: string[]) => ({ input: ["*** Begin Patch", ...lines, "*** End Patch"].join("\n") });

  const done = await bench.use(
    "apply_patch",
    patch(
      "*** Update File: a.txt\n@@ one\n-two\n+TWO\n three",
      "*** Add File: sub/d.txt\n+new",
      "*** Update File: b.txt\n*** Move to: e.txt\n-old\n+moved",
      "*** Delete File: c.txt",
    ),
  );
  const misfit = await bench.use(
    "apply_patch",
    patch("*** Add File: f.txt", "+x", "*** Update File: a.txt", "-no such line", "+y"),
  );
  const escape = await bench.use("apply_patch", patch("*** Add File: g.txt", "+x", "*** Delete File: ../../x"));
  const garbled = await bench.use("apply_patch", patch("*** Update File: a.txt", "what is this"));

  assert.equal(done.text, "M a.txt\nA sub/d.txt\nR b.txt -> e.txt\nD c.txt");
  assert.equal(readFileSync(at("a.txt"), "utf8"), "one\nTWO\nthree\n");
  assert.equal(readFileSync(at("sub/d.txt"), "utf8"), "new\n");
  assert.equal(readFileSync(at("e.txt"), "utf8"), "moved\n");
  assert.ok(!existsSync(at("b.txt")) && !existsSync(at("c.txt")));
  assert.match(misfit.text, /change 1 of a.txt does not fit: its lines were not found: "no such line"/);
  assert.match(escape.text, /outside of the workspace/);
  assert.match(garbled.text, /line 3 of the patch: a line of a change begins with/);
  assert.ok(!existsSync(at("f.txt")) && !existsSync(at("g.txt")));
});

test("apply_patch is there when it is switched on, for the models it is for", async () => {
  await using bench = await startToolBench();
  await bench.say("hello");
  assert.ok(bench.offered().includes("edit") && !bench.offered().includes("apply_patch"));

  const change = async (raw: string) => {
    const { hash } = await bench.client.request<{ hash: string }>("config.get", {});
    await bench.client.request("config.patch", { raw, baseHash: hash });
    await bench.say("again");
  };
  await change('{tools:{exec:{applyPatch:{enabled:true,allowModels:["other/model"]}}}}');
  assert.ok(!bench.offered().includes("apply_patch"));
  await change('{tools:{exec:{applyPatch:{enabled:true,allowModels:["fake/fake-1"]}}}}');
  assert.ok(bench.offered().includes("apply_patch"));
});
