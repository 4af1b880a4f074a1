import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { PairingStore } from "./pairing-store.ts";

function setUp(): Disposable & { readonly stateDir: string; file(name: string): string } {
  const stateDir = mkdtempSync(join(tmpdir(), "openclaw-pairing-"));
  mkdirSync(join(stateDir, "credentials"));
  return {
    stateDir,
    file: (name) => join(stateDir, "credentials", name),
    [Symbol.dispose]: () => rmSync(stateDir, { recursive: true, force: true }),
  };
}

test("a sender keeps one code, accounts are apart, and approving one opens no other", async () => {
  using place = setUp();
  const store = new PairingStore(place.stateDir);

  const first = await store.ask({ channel: "lab" }, "41", { name: "Ann" });
  const again = await store.ask({ channel: "lab" }, "41", { name: "Ann" });
  const other = await store.ask({ channel: "lab", accountId: "work" }, "41", {});

  assert.deepEqual([first?.isNew, again?.isNew, other?.isNew], [true, false, true]);
  assert.equal(first?.request.code, again?.request.code);
  assert.equal(await store.approve({ channel: "lab", accountId: "work" }, first?.request.code ?? ""), undefined);
  assert.equal((await store.approve({ channel: "lab" }, first?.request.code ?? ""))?.id, "41");
  assert.deepEqual(await store.approved({ channel: "lab" }), ["41"]);
  assert.deepEqual(await store.approved({ channel: "lab", accountId: "work" }), []);
  assert.deepEqual(readdirSync(join(place.stateDir, "credentials")).toSorted(), [
    "lab-allowFrom.json",
    "lab-pairing.json",
    "lab-work-pairing.json",
  ]);
});

test("what another process writes is seen, and a wildcard in the file opens nothing", async () => {
  using place = setUp();
  const store = new PairingStore(place.stateDir);
  assert.deepEqual(await store.approved({ channel: "lab" }), []);

  writeFileSync(place.file("lab-allowFrom.json"), JSON.stringify({ version: 1, allowFrom: [42, "*", " "] }));

  assert.deepEqual(await store.approved({ channel: "lab" }), ["42"]);
});

test("a file that does not parse lets nobody in, and is put aside instead of being overwritten", async () => {
  using place = setUp();
  const store = new PairingStore(place.stateDir);
  writeFileSync(place.file("lab-allowFrom.json"), '{"version":1,"allowFrom":["41"');

  assert.deepEqual(await store.approved({ channel: "lab" }), []);

  const kept = readdirSync(join(place.stateDir, "credentials")).find((name) => name.includes(".corrupt-"));
  assert.equal(readFileSync(place.file(kept ?? ""), "utf8"), '{"version":1,"allowFrom":["41"');
});

test("requests end after an hour, and names with path parts stay in the folder", async () => {
  using place = setUp();
  const store = new PairingStore(place.stateDir);
  const old = new Date(Date.now() - 3_600_001).toISOString();
  const request = { id: "1", code: "AAAAAAAA", createdAt: old, lastSeenAt: old, meta: {} };
  writeFileSync(place.file("lab-pairing.json"), JSON.stringify({ version: 1, requests: [request, "junk"] }));

  assert.deepEqual(await store.list({ channel: "lab" }), []);
  assert.equal(await store.approve({ channel: "lab" }, "AAAAAAAA"), undefined);
  await store.ask({ channel: "../../lab", accountId: "a/b" }, "1", {});
  assert.deepEqual(readdirSync(place.stateDir), ["credentials"]);
});

test("many at once from two stores are all written down, up to three", async () => {
  using place = setUp();
  const stores = [new PairingStore(place.stateDir), new PairingStore(place.stateDir)];

  const asked = await Promise.all(
    Array.from({ length: 8 }, (_, i) => (stores[i % 2] as PairingStore).ask({ channel: "lab" }, `s${i}`, {})),
  );

  assert.equal(asked.filter(Boolean).length, 3);
  assert.equal((await (stores[0] as PairingStore).list({ channel: "lab" })).length, 3);
});
