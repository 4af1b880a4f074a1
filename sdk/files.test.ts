import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { appendLine, ensureDirectory, removeStaleTemps, tightenMode, writeFileAtomic } from "./files.ts";

const isWindows = process.platform === "win32";
const modesMatter = { skip: isWindows && "modes mean nothing on Windows" };

function directoryFor(context: TestContext): string {
  const directory = fs.mkdtempSync(join(tmpdir(), "files-"));
  context.after(() => fs.rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function withUmask(context: TestContext, mask: number): void {
  const before = process.umask(mask);
  context.after(() => process.umask(before));
}

function modeOf(path: string): string {
  return (fs.statSync(path).mode & 0o777).toString(8);
}

for (const mask of [0, 0o077, 0o777]) {
  test(`umask ${mask.toString(8)} changes no mode`, modesMatter, async (context) => {
    const directory = directoryFor(context);
    withUmask(context, mask);
    const paths = ["a/b/config.json", "a/b/cert.pem", "c/d/log.jsonl"].map((name) => join(directory, name));
    const [config = "", certificate = "", log = ""] = paths;

    await writeFileAtomic(config, "{}\n");
    await writeFileAtomic(certificate, "public", { mode: 0o644, fsync: false });
    appendLine(log, "{}");

    assert.deepEqual(paths.map(modeOf), ["600", "644", "600"]);
    assert.deepEqual(
      ["a", "a/b", "c", "c/d"].map((name) => modeOf(join(directory, name))),
      ["700", "700", "700", "700"],
    );
  });
}

test("a write replaces the file as a whole and tightens a wider mode", async (context) => {
  const directory = directoryFor(context);
  const path = join(directory, "config.json");
  fs.writeFileSync(path, "old and longer", { mode: 0o644 });

  await writeFileAtomic(path, Buffer.from("new"));

  assert.equal(fs.readFileSync(path, "utf8"), "new");
  if (!isWindows) assert.equal(modeOf(path), "600");
  assert.deepEqual(fs.readdirSync(directory), ["config.json"]);
});

test("a link is written through, over several links and to a target that does not exist yet", async (context) => {
  const directory = directoryFor(context);
  ensureDirectory(join(directory, "real/deep"));
  fs.symlinkSync("deep", join(directory, "real/short"));
  fs.symlinkSync("../new.json", join(directory, "real/deep/link.json"));
  fs.symlinkSync("real/short/link.json", join(directory, "config.json"));

  await writeFileAtomic(join(directory, "config.json"), "one");
  await writeFileAtomic(join(directory, "config.json"), "two");

  assert.equal(fs.readFileSync(join(directory, "real/new.json"), "utf8"), "two");
  assert.ok(fs.lstatSync(join(directory, "config.json")).isSymbolicLink());
  assert.ok(fs.lstatSync(join(directory, "real/deep/link.json")).isSymbolicLink());
  assert.deepEqual(fs.readdirSync(join(directory, "real")), ["deep", "new.json", "short"]);
});

test("links that lead in a circle are an error", async (context) => {
  const path = join(directoryFor(context), "a");
  fs.symlinkSync("a", path);

  await assert.rejects(writeFileAtomic(path, "x"), /too many links|ELOOP/);
});

test("a write that fails leaves what was there and nothing else", async (context) => {
  const directory = directoryFor(context);
  const path = join(directory, "config.json");
  fs.mkdirSync(path);
  fs.writeFileSync(join(path, "inside"), "old");

  await assert.rejects(writeFileAtomic(path, "new"), /EISDIR|EEXIST|ENOTEMPTY|EPERM/);

  assert.deepEqual(fs.readdirSync(directory), ["config.json"]);
  assert.equal(fs.readFileSync(join(path, "inside"), "utf8"), "old");
});

test("a disk that is full leaves the old file and no temp", { skip: isWindows }, (context) => {
  const directory = directoryFor(context);
  const path = join(directory, "config.json");
  fs.writeFileSync(path, "old");

  const result = runLimited(`
    const failed = await writeFileAtomic(${JSON.stringify(path)}, "x".repeat(100_000)).then(() => "no", (error) => error.code);
    process.stdout.write(failed);
  `);

  assert.equal(result, "EFBIG");
  assert.equal(fs.readFileSync(path, "utf8"), "old");
  assert.deepEqual(fs.readdirSync(directory), ["config.json"]);
});

test("writes to one file at the same time leave one of them whole", async (context) => {
  const directory = directoryFor(context);
  const path = join(directory, "config.json");
  const contents = Array.from({ length: 20 }, (_, index) => String(index).repeat(50_000));

  await Promise.all(contents.map((content) => writeFileAtomic(path, content)));

  assert.ok(contents.includes(fs.readFileSync(path, "utf8")));
  assert.deepEqual(fs.readdirSync(directory), ["config.json"]);
});

test("ensureDirectory keeps the mode of what exists", modesMatter, (context) => {
  const directory = directoryFor(context);
  fs.mkdirSync(join(directory, "shared"));
  fs.chmodSync(join(directory, "shared"), 0o755);

  ensureDirectory(join(directory, "shared/a/b"));
  ensureDirectory(join(directory, "shared"));

  assert.deepEqual(
    ["shared", "shared/a", "shared/a/b"].map((name) => modeOf(join(directory, name))),
    ["755", "700", "700"],
  );
});

test("ensureDirectory refuses a file in the way", (context) => {
  const directory = directoryFor(context);
  fs.writeFileSync(join(directory, "file"), "");

  assert.throws(() => ensureDirectory(join(directory, "file")), /EEXIST/);
  assert.throws(() => ensureDirectory(join(directory, "file/below")), /EEXIST|ENOTDIR/);
});

test("tightenMode takes away only what is too much", modesMatter, (context) => {
  const path = join(directoryFor(context), "file");
  fs.writeFileSync(path, "");
  fs.chmodSync(path, 0o444);

  assert.equal(tightenMode(path, 0o600), true);
  assert.equal(modeOf(path), "400");
  assert.equal(tightenMode(path, 0o600), false);
  assert.equal(tightenMode(`${path}.missing`, 0o600), false);
});

test("appendLine adds whole lines and keeps the mode of a file that exists", (context) => {
  const path = join(directoryFor(context), "log.jsonl");
  fs.writeFileSync(path, "one\n");
  fs.chmodSync(path, 0o640);

  appendLine(path, "zwei é");
  appendLine(path, "");

  assert.equal(fs.readFileSync(path, "utf8"), "one\nzwei é\n\n");
  if (!isWindows) assert.equal(modeOf(path), "640");
  assert.throws(() => appendLine(path, "a\nb"), /line break/);
});

test("appendLine does not follow a link", { skip: isWindows }, (context) => {
  const directory = directoryFor(context);
  fs.writeFileSync(join(directory, "other"), "");
  fs.symlinkSync("other", join(directory, "log.jsonl"));

  assert.throws(() => appendLine(join(directory, "log.jsonl"), "x"), { code: "ELOOP" });
  assert.equal(fs.readFileSync(join(directory, "other"), "utf8"), "");
});

test("a line that finds no room leaves no torn line", { skip: isWindows }, (context) => {
  const path = join(directoryFor(context), "log.jsonl");

  const result = runLimited(`
    appendLine(${JSON.stringify(path)}, "x".repeat(300));
    try { appendLine(${JSON.stringify(path)}, "y".repeat(100_000)); } catch (error) { process.stdout.write(error.message); }
  `);

  assert.equal(result, "cannot append to log.jsonl: no room for 100001 bytes");
  assert.equal(fs.readFileSync(path, "utf8"), `${"x".repeat(300)}\n`);
});

test("removeStaleTemps removes old temps and nothing else", async (context) => {
  const directory = directoryFor(context);
  const hourAgo = new Date(Date.now() - 3_600_001);
  const old = ["config.json.12.0a1b2c.tmp", "config.json.12.0a1b2c.tmp.bak", "notes.tmp", "config.json"];
  for (const name of old) {
    fs.writeFileSync(join(directory, name), "");
    fs.utimesSync(join(directory, name), hourAgo, hourAgo);
  }
  fs.writeFileSync(join(directory, "config.json.13.ffffff.tmp"), "");

  const removed = await removeStaleTemps(directory, 3_600_000);

  assert.deepEqual(removed, ["config.json.12.0a1b2c.tmp"]);
  assert.equal(fs.readdirSync(directory).length, 4);
  assert.deepEqual(await removeStaleTemps(join(directory, "missing"), 0), []);
});

test(
  "files that root makes belong to the owner of the directory",
  { skip: process.getuid?.() !== 0 },
  async (context) => {
    const directory = directoryFor(context);
    fs.chownSync(directory, 4242, 4343);

    await writeFileAtomic(join(directory, "a/config.json"), "");
    appendLine(join(directory, "log.jsonl"), "");

    for (const name of ["a", "a/config.json", "log.jsonl"]) {
      const { uid, gid } = fs.statSync(join(directory, name));
      assert.deepEqual([uid, gid], [4242, 4343], name);
    }
  },
);

/** Runs code in a process whose files cannot grow over a few kilobytes. Returns what it prints. */
function runLimited(code: string): string {
  const imports = `import { appendLine, writeFileAtomic } from ${JSON.stringify(import.meta.resolve("./files.ts"))};`;
  const command = 'ulimit -f 8; exec "$0" "$@"';
  const node = [process.execPath, "--input-type=module", "--eval", imports + code];
  const result = spawnSync("sh", ["-c", command, ...node], { encoding: "utf8" });
  assert.equal(result.status, 0, result.stderr);
  return result.stdout;
}
