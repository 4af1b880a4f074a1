import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { sendFile } from "./send-file.ts";

/** Serves files that are `missing` bytes shorter than was thought when they were opened. */
async function serve(missing: number) {
  const folder = mkdtempSync(join(tmpdir(), "openclaw-send-"));
  for (const [name, size] of [
    ["small", 1_000],
    ["large", 1_000_000],
  ] as const)
    writeFileSync(join(folder, name), Buffer.alloc(size, "x"));
  const server = createServer((request, response) => {
    void (async () => {
      const handle = await open(join(folder, String(request.url)));
      const { size } = await handle.stat();
      await sendFile({ request, response }, { handle, size: size + missing }, { "content-type": "text/plain" });
      await handle.close();
    })();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    get: (path: string, range?: string) =>
      fetch(`http://127.0.0.1:${port}/${path}`, range === undefined ? {} : { headers: { range } }),
    [Symbol.dispose]() {
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

test("a file is sent whole, or the part that a range asks for", async () => {
  using files = await serve(0);
  const part = async (range: string) => {
    const answer = await files.get("large", range);
    return [answer.status, answer.headers.get("content-range"), (await answer.text()).length];
  };

  for (const [name, size] of [
    ["small", 1_000],
    ["large", 1_000_000],
  ] as const)
    assert.equal((await (await files.get(name)).text()).length, size);
  assert.deepEqual(await part("bytes=0-9"), [206, "bytes 0-9/1000000", 10]);
  assert.deepEqual(await part("bytes=100000-"), [206, "bytes 100000-999999/1000000", 900_000]);
  assert.deepEqual(await part("bytes=-5"), [206, "bytes 999995-999999/1000000", 5]);
  assert.deepEqual(await part("bytes=1000000-"), [416, "bytes */1000000", 0]);
  assert.equal((await part("bytes=9-1"))[0], 416);
  assert.equal((await part("bytes=0-1,4-5"))[0], 200);
});

test("a file that became shorter meanwhile lets nobody wait for its rest", async () => {
  using files = await serve(10);

  assert.equal((await (await files.get("small")).text()).length, 1_000);
  await assert.rejects(async () => (await files.get("small", "bytes=990-1005")).text());
  await assert.rejects(async () => (await files.get("large")).text());
});
