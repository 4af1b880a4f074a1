import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { connect } from "../faults/sweep.ts";
import { run, startGateway, testHome } from "../support/command-line.ts";
import type { TestHome } from "../support/command-line.ts";

interface Check {
  readonly ok: boolean;
  readonly exists: boolean;
  readonly collections: Record<string, number>;
  readonly problems: string[];
  readonly setAside: string[];
}

async function check(home: TestHome): Promise<Check & { code: number | null }> {
  const { stdout, code } = await run(home, ["store", "check", "--json"]);
  return { ...(JSON.parse(stdout) as Check), code };
}

async function say(home: TestHome, key: string): Promise<void> {
  const client = await connect(home);
  const params = { message: "hello", sessionKey: "main", idempotencyKey: key };
  await client.request("agent", params, { onAccepted: () => undefined });
  await client.close();
}

test("store check, backup and compact work beside a running gateway", async () => {
  using home = await testHome();
  await using _gateway = await startGateway(home);
  await say(home, "one");

  const checked = await check(home);
  const backup = await run(home, ["store", "backup", "copy.sqlite", "--json"]);
  const again = await run(home, ["store", "backup", "copy.sqlite", "--json"]);
  const compacted = await run(home, ["store", "compact", "--json"]);
  await say(home, "two");

  assert.deepEqual([checked.code, checked.ok, checked.problems], [0, true, []]);
  assert.equal(checked.collections["work"], 1);
  const file = join(home.home, "copy.sqlite");
  assert.partialDeepStrictEqual(JSON.parse(backup.stdout), { ok: true, file });
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(
    [again.code, (JSON.parse(again.stdout || again.stderr) as { ok: boolean }).ok],
    [2, false],
    "a copy is never overwritten",
  );
  assert.equal(compacted.code, 0);
  assert.ok((JSON.parse(compacted.stdout) as { reclaimedBytes: number }).reclaimedBytes >= 0);
  assert.equal((await check(home)).collections["work"], 2);
});

test("store check, backup and compact work without a gateway, and say when there is nothing", async () => {
  using home = await testHome();

  const nothing = await run(home, ["store", "check"]);
  assert.match(nothing.stdout, /does not exist yet/);
  for (const command of ["backup", "compact"]) {
    const refused = await run(home, ["store", command]);
    assert.deepEqual([refused.code, /does not exist yet/.test(refused.stderr)], [1, true], command);
  }
  const gateway = await startGateway(home);
  await say(home, "one");
  gateway.kill("SIGTERM");
  await gateway.ended;

  assert.equal((await check(home)).collections["work"], 1);
  assert.match((await run(home, ["store", "backup"])).stdout, /Copied the store to .*backups\/store-/);
  assert.match((await run(home, ["store", "compact"])).stdout, /Gave [\d.]+ \w+ back to the disk/);
  const text = await run(home, ["store", "check"]);
  assert.match(text.stdout, /Store: ok[\s\S]*work +1/);
  assert.ok(!existsSync(join(home.stateDir, "gateway.lock")));
});

test("store check names the damage, and the next start sets the file aside and tells health", async () => {
  using home = await testHome();
  const first = await startGateway(home);
  await say(home, "one");
  first.kill("SIGTERM");
  await first.ended;
  const file = join(home.stateDir, "openclaw.sqlite");
  const bytes = readFileSync(file);
  for (let page = 4_096; page < bytes.length; page += 4_096) bytes.fill(0xff, page, page + 100);
  writeFileSync(file, bytes);

  const found = await check(home);
  const backup = await run(home, ["store", "backup"]);
  await using _second = await startGateway(home);
  await say(home, "two");
  const client = await connect(home);
  const health = await client.request<{ ready: boolean; issues: { path: string; message: string }[] }>("health", {
    probe: true,
  });
  await client.close();

  assert.deepEqual([found.code, found.ok], [1, false]);
  assert.ok(found.problems.length > 0);
  assert.match(backup.stderr, /it is damaged.*openclaw store check/);
  assert.equal(health.ready, false);
  assert.match(health.issues.find(({ path }) => path === "store")?.message ?? "", /is damaged .* moved to/);
  const aside = readdirSync(home.stateDir).filter((name) => name.includes(".corrupt-") && !/-(wal|shm)$/.test(name));
  assert.deepEqual((await check(home)).setAside, aside);
});
