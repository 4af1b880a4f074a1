import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { ChannelDef, Media, PluginGateway, Work } from "openclaw/plugin-sdk";
import type { MessagingHooks } from "../intake.ts";
import { begin, createOngoing } from "../ongoing.ts";
import { Inbound, settled } from "./inbound.ts";
import { MediaStore } from "./store.ts";

const PENDING = { kind: "document", ref: "a", status: "pending" } as const;

function bench(download: NonNullable<ChannelDef["download"]> | undefined) {
  const dir = mkdtempSync(join(tmpdir(), "openclaw-inbound-"));
  const connected = Promise.withResolvers<void>();
  const settings = { get: () => undefined };
  const log = { warn: () => undefined };
  const inbound = new Inbound({
    // What it reads of the gateway.
    gateway: { settings, log } as unknown as PluginGateway,
    store: new MediaStore(dir),
    ongoing: createOngoing(),
    channel: async () => ({ ...(download && { download }) }) as ChannelDef,
    account: (_channel, accountId) => ({ accountId, config: {} }),
    ready: () => connected.promise,
    hooks: () => ({ understand: { isUsed: () => false } }) as unknown as MessagingHooks,
  });
  const receive = (media: readonly Media[]) => {
    const envelope = { channel: "lab", messageId: "1", text: "", sender: { id: "1" }, chatType: "direct", chatId: "1" };
    const running = begin({
      id: "w",
      attempt: 0,
      acceptedAt: Date.now(),
      envelope: { ...envelope, media },
    } as unknown as Work);
    inbound.begin(running);
    return running;
  };
  return { receive, connect: connected.resolve, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) };
}

async function* bytes(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("hello");
}

test("a download waits for its account to be connected, and is tried once more when it breaks", async () => {
  const calls: number[] = [];
  let isConnected = false;
  using lab = bench(async () => {
    assert.ok(isConnected);
    if (calls.push(1) === 1) throw new Error("connection reset");
    return { body: bytes(), fileName: "a.txt" };
  });

  const running = lab.receive([PENDING]);
  isConnected = true;
  lab.connect();
  await settled(running);

  const [media] = running.work.envelope.media ?? [];
  assert.deepEqual(
    [media?.status, media?.fileName, media?.contentType, calls.length],
    ["saved", "a.txt", "text/plain", 2],
  );
});

test("what there is no way to is skipped, what was stopped has failed, and what is there is left alone", async () => {
  using none = bench(undefined);
  const skipped = none.receive([PENDING, { ...PENDING, status: "saved", path: "/x" }]);
  await settled(skipped);
  assert.deepEqual(
    skipped.work.envelope.media?.map(({ status }) => status),
    ["skipped", "saved"],
  );

  using hanging = bench(() => new Promise(() => undefined));
  const stopped = hanging.receive([PENDING]);
  hanging.connect();
  stopped.abort.abort();
  await settled(stopped);
  assert.equal(stopped.work.envelope.media?.[0]?.status, "failed");
});
