import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import type { OutboxEntry, OutgoingMedia } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import { createClient } from "../../plugins/channels/telegram/client.ts";
import { sendEntry } from "../../plugins/channels/telegram/send.ts";
import { FAKE_TOKEN, startFakeTelegram, tooMany } from "../fakes/telegram-server.ts";
import type { FakeTelegram } from "../fakes/telegram-server.ts";
import { ANN, BOB, message } from "../fakes/telegram-updates.ts";
import { startTelegram } from "./telegram-gateway.ts";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const OPTIONS = { token: FAKE_TOKEN, timeoutSeconds: 5 };
const OPEN = { dmPolicy: "open", allowFrom: ["*"] };

function photo(fileId: string, more: object = {}): object {
  return { photo: [{ file_id: fileId, file_unique_id: `u${fileId}`, width: 9, height: 9, file_size: 70 }], ...more };
}

test("C11: pictures and files of whom is heard are saved by what they are; an album is one message", async () => {
  await using bench = await startTelegram({ telegram: { allowFrom: [41], mediaMaxMb: 1 } });
  const { fake, gateway } = bench;
  await bench.connected();
  fake.addFile("cat", PNG, "photos/file_1.jpg");
  fake.addFile("dog", PNG, "photos/file_2.jpg");
  fake.addFile("huge", new Uint8Array(2_000_000), "documents/huge.bin", 10);
  fake.addFile("secret", PNG, "photos/file_3.jpg");

  fake.push({ message: message(BOB, undefined, undefined, photo("secret")) });
  fake.push({
    message: message(ANN, undefined, undefined, { ...photo("cat", { caption: "two pets" }), media_group_id: "a" }),
  });
  fake.push({ message: message(ANN, undefined, undefined, { ...photo("dog"), media_group_id: "a" }) });
  await bench.sends(2);
  const album = JSON.stringify(bench.model.requests.at(-1)?.body);
  fake.push({
    message: message(ANN, undefined, undefined, {
      document: { file_id: "huge", file_name: "../huge.bin", file_size: 10, mime_type: "application/zip" },
    }),
  });
  fake.push({ message: message(ANN, undefined, undefined, { video: { file_id: "film", file_size: 30_000_000 } }) });
  await eventually("the other two are answered", () => bench.model.requests.length === 3);

  assert.match(album, /two pets/);
  assert.equal(album.match(/data:image\/png;base64,iVBOR/g)?.length, 2);
  assert.deepEqual(
    fake.of("getFile").map(({ params }) => params["file_id"]),
    ["cat", "dog", "huge"],
  );
  const inbound = join(gateway.stateDir, "media", "inbound");
  const saved = readdirSync(inbound);
  assert.equal(saved.length, 2, String(saved));
  for (const name of saved) {
    assert.match(name, /\.png$/);
    assert.equal(statSync(join(inbound, name)).mode & 0o777, 0o600);
  }
  const asked = bench.model.requests.slice(-2).map(({ body }) => JSON.stringify(body.messages.at(-1)));
  for (const one of asked) assert.match(one, /\[the attachment [^\]]*was too large\]/);
});

test("C11: files go out in the form that fits them, with a caption that fits", async () => {
  const home = mkdtempSync(join(tmpdir(), "openclaw-telegram-"));
  const workspace = join(home, "ws");
  mkdirSync(workspace);
  writeFileSync(join(workspace, "cat.png"), PNG);
  writeFileSync(join(workspace, "notes.txt"), "to do");
  await using bench = await startTelegram({ telegram: OPEN, home, rest: { agents: { defaults: { workspace } } } });
  await bench.connected();
  let keys = 0;
  const send = (params: object) =>
    bench.client.request("send", {
      channel: "telegram",
      to: "41",
      message: "",
      idempotencyKey: `m${++keys}`,
      ...params,
    });

  await send({ message: "**look**", mediaUrl: "cat.png" });
  await send({ mediaUrl: "notes.txt" });
  await send({ message: "x".repeat(1_100), mediaUrl: "cat.png" });
  const sent = await bench.sends(4);

  assert.deepEqual(
    sent.map(({ method }) => method),
    ["sendPhoto", "sendDocument", "sendPhoto", "sendMessage"],
  );
  const [first, second, third] = sent;
  assert.deepEqual([first?.params["caption"], first?.params["parse_mode"]], ["<b>look</b>", "HTML"]);
  assert.deepEqual(Object.values(first?.files ?? {})[0], { name: "cat.png", bytes: PNG });
  assert.equal(Object.values(second?.files ?? {})[0]?.bytes.toString(), "to do");
  assert.equal(third?.params["caption"], undefined);
  rmSync(home, { recursive: true, force: true });
});

/** One attempt without a gateway. */
async function attempt(fake: FakeTelegram, entry: Partial<OutboxEntry>) {
  const client = await createClient({ ...OPTIONS, apiRoot: fake.url });
  const whole: OutboxEntry = {
    id: "e1",
    address: { channel: "telegram", accountId: "default", to: "41" },
    payload: { text: "x" },
    state: "attempting",
    attempt: 1,
    createdAt: 0,
    nextAttemptAt: 0,
    ...entry,
  };
  try {
    return await sendEntry(whole, { accountId: "default", config: {} }, client, AbortSignal.timeout(5_000));
  } finally {
    await client.close();
  }
}

function files(folder: string, ...names: string[]): OutgoingMedia[] {
  return names.map((fileName) => {
    const path = join(folder, fileName);
    writeFileSync(path, PNG);
    const isPicture = fileName.endsWith(".png");
    const contentType = isPicture ? "image/png" : "application/pdf";
    return { path, fileName, contentType, size: PNG.length, kind: isPicture ? "image" : "document" };
  });
}

test("several files are one album where they may stand together; what arrived is not sent again", async () => {
  await using fake = await startFakeTelegram();
  const folder = mkdtempSync(join(tmpdir(), "openclaw-telegram-"));
  const media = files(folder, "a.png", "b.png", "c.pdf");

  const whole = await attempt(fake, { media });
  fake.answerNext("sendDocument", tooMany(0.01));
  const waited = await attempt(fake, { media });
  fake.answerNext("sendDocument", "lost");
  const partly = await attempt(fake, { media });
  const gone = await attempt(fake, { media: [{ ...(media[0] as OutgoingMedia), path: join(folder, "gone.png") }] });

  assert.deepEqual([whole.outcome, waited.outcome, partly.outcome], ["sent", "sent", "unknown"]);
  assert.match(partly.outcome === "unknown" ? partly.reason : "", /^1 of 2 parts arrived, then: the connection/);
  assert.deepEqual(gone, { outcome: "not_sent", retryable: false, reason: "the file a.png is not there any more" });
  const [album] = fake.of("sendMediaGroup");
  const items = JSON.parse(String(album?.params["media"])) as { type: string; caption?: string }[];
  assert.deepEqual(
    items.map(({ type, caption }) => [type, caption]),
    [
      ["photo", "x"],
      ["photo", undefined],
    ],
  );
  assert.equal(Object.keys(album?.files ?? {}).length, 2);
  assert.equal(fake.of("sendMediaGroup").length, 3);
  rmSync(folder, { recursive: true, force: true });
});

test("markup that Telegram cannot read goes once more as plain text, below a file too", async () => {
  await using fake = await startFakeTelegram();
  const folder = mkdtempSync(join(tmpdir(), "openclaw-telegram-"));
  const payload = { text: "<b>x", format: "native", markdown: "**x" } as const;

  const text = await attempt(fake, { payload });
  const caption = await attempt(fake, { payload, media: files(folder, "a.png") });

  assert.deepEqual([text.outcome, caption.outcome], ["sent", "sent"]);
  const last = fake.of("sendMessage").at(-1)?.params;
  assert.deepEqual([last?.["text"], last?.["parse_mode"]], ["**x", undefined]);
  assert.deepEqual(fake.of("sendPhoto").at(-1)?.params["caption"], "**x");
  rmSync(folder, { recursive: true, force: true });
});

test("what never left is to be sent again; a button that is too long is refused here", async () => {
  const fake = await startFakeTelegram();
  await fake.close();

  const unreachable = await attempt(fake, {});
  const long = await attempt(fake, { payload: { text: "x", buttons: [[{ text: "y".repeat(65) }]] } });

  assert.deepEqual(unreachable, {
    outcome: "not_sent",
    retryable: true,
    reason: "cannot reach Telegram: ECONNREFUSED",
  });
  assert.match(long.outcome === "not_sent" ? long.reason : "", /longer than 64 bytes/);
});

test("a proxy is gone through, for calls and for files; one that refuses is no way to Telegram", async () => {
  await using fake = await startFakeTelegram();
  fake.addFile("cat", PNG, "photos/cat.png");
  const asked: string[] = [];
  const proxy = createServer().listen(0, "127.0.0.1");
  let isOpen = true;
  proxy.on("connect", (request, socket: Socket, head) => {
    asked.push(request.url ?? "");
    if (!isOpen) return void socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    const through = connect(fake.port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      through.write(head);
    });
    through.on("error", () => socket.destroy());
    socket.on("error", () => through.destroy());
    socket.pipe(through).pipe(socket);
  });
  await once(proxy, "listening");
  const { port } = proxy.address() as AddressInfo;
  const client = await createClient({ ...OPTIONS, apiRoot: fake.url, proxy: `http://127.0.0.1:${port}` });

  try {
    const me = await client.call((raw, signal) => raw.getMe(signal));
    const { body } = await client.download("cat", AbortSignal.timeout(5_000));
    assert.equal(me.username, "mybot");
    assert.deepEqual(await buffer(body), PNG);
    assert.equal(asked[0], `127.0.0.1:${fake.port}`);
    await client.close();
    isOpen = false;
    const refused = await createClient({ ...OPTIONS, apiRoot: fake.url, proxy: `http://127.0.0.1:${port}` });
    const asking = refused.call((raw, signal) => raw.getMe(signal));
    await assert.rejects(
      asking.finally(() => refused.close()),
      { kind: "unreachable" },
    );
  } finally {
    await client.close();
    proxy.close();
    proxy.closeAllConnections();
  }
});
