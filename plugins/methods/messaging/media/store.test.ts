import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { test } from "node:test";
import { MediaStore, TooLarge } from "./store.ts";
import type { Incoming } from "./store.ts";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const MB = 1_048_576;

function place(): { store: MediaStore; files(folder: string): string[] } & Disposable {
  const dir = mkdtempSync(join(tmpdir(), "openclaw-media-"));
  return {
    store: new MediaStore(dir),
    files: (folder) => (existsSync(join(dir, "media", folder)) ? readdirSync(join(dir, "media", folder)) : []),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  };
}

function incoming(body: Iterable<Uint8Array>, more: Partial<Incoming> = {}): Incoming {
  const signal = new AbortController().signal;
  return { body: streamOf(body), identity: "m1 0", limit: MB, isCeiled: true, signal, ...more };
}

async function* streamOf(body: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* body;
}

function* zeros(bytes: number): Generator<Uint8Array> {
  for (let left = bytes; left > 0; left -= 65_536) yield Buffer.alloc(Math.min(left, 65_536));
}

test("a file is what its bytes are, under a name that leads nowhere, for its owner only", async () => {
  using dir = place();

  const saved = await dir.store.save(
    "inbound",
    incoming([PNG], { fileName: "../../my ..holiday*.pdf", contentType: "text/html" }),
  );

  assert.match(
    basename(saved.path),
    /^my_..holiday_---[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}\.png$/,
  );
  assert.deepEqual([saved.contentType, saved.kind, saved.size], ["image/png", "image", PNG.length]);
  assert.deepEqual(readFileSync(saved.path), PNG);
  assert.equal(statSync(saved.path).mode & 0o777, 0o600);
  assert.equal(statSync(join(saved.path, "..")).mode & 0o777, 0o700);
  assert.deepEqual(dir.files("tmp"), []);
});

test("what says nothing of itself is believed to be text or a document, but no image", async () => {
  using dir = place();
  const typeOf = async (fileName: string | undefined, contentType?: string) => {
    const saved = await dir.store.save("inbound", incoming([Buffer.from("hello")], { fileName, contentType }));
    return [saved.contentType, saved.kind];
  };

  assert.deepEqual(await typeOf("notes.txt"), ["text/plain", "document"]);
  assert.deepEqual(await typeOf("cat.png", "image/png"), ["application/octet-stream", "document"]);
  assert.deepEqual(await typeOf(undefined, "application/pdf; x=y"), ["application/pdf", "document"]);
});

test("reading stops at the limit of the channel and of the kind, and leaves nothing behind", async () => {
  using dir = place();
  let read = 0;
  const endless = function* (): Generator<Uint8Array> {
    for (;;) {
      read += 65_536;
      yield Buffer.alloc(65_536);
    }
  };

  await assert.rejects(dir.store.save("inbound", incoming(endless())), TooLarge);
  assert.ok(read <= MB + 2 * 65_536, `${read} bytes were read`);
  const image = [PNG, ...zeros(7 * MB)];
  await assert.rejects(dir.store.save("inbound", incoming(image, { limit: 50 * MB })), TooLarge);
  await dir.store.save("outbound", incoming(image, { limit: 50 * MB, isCeiled: false }));

  assert.deepEqual([dir.files("inbound"), dir.files("tmp"), dir.files("outbound").length], [[], [], 1]);
});

test("a download that breaks or is given up leaves nothing behind", async () => {
  using dir = place();
  const broken = async function* (): AsyncGenerator<Uint8Array> {
    yield PNG;
    throw new Error("reset");
  };
  const stop = new AbortController();
  const hanging = async function* (): AsyncGenerator<Uint8Array> {
    yield PNG;
    stop.abort();
    await new Promise(() => undefined);
  };

  await assert.rejects(dir.store.save("inbound", { ...incoming([]), body: broken() }), /reset/);
  await assert.rejects(dir.store.save("inbound", { ...incoming([]), body: hanging(), signal: stop.signal }), {
    name: "AbortError",
  });

  assert.deepEqual([dir.files("inbound"), dir.files("tmp")], [[], []]);
});

test("a file is found by what it was saved for, and nothing else is", async () => {
  using dir = place();
  const saved = await dir.store.save("inbound", incoming([PNG], { fileName: "a.png" }));

  assert.deepEqual(await dir.store.find("inbound", "m1 0", {}), saved);
  assert.equal(await dir.store.find("inbound", "m1 1", {}), undefined);
  assert.equal(await dir.store.find("outbound", "m1 0", {}), undefined);
});

test("old files go, then the oldest until the rest is small enough", async () => {
  using dir = place();
  const save = async (identity: string, ageMs: number) => {
    const { path } = await dir.store.save("inbound", incoming(zeros(1_000), { identity }));
    const at = (Date.now() - ageMs) / 1_000;
    utimesSync(path, at, at);
    return path;
  };
  const paths = [await save("old", 100_000), await save("a", 3_000), await save("b", 2_000), await save("c", 1_000)];

  assert.equal(await dir.store.sweep({ ageMs: 50_000, bytes: 2_500 }), 2);

  assert.deepEqual(
    paths.map((path) => existsSync(path)),
    [false, false, true, true],
  );
});
