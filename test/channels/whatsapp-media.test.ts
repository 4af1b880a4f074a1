import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { selfSigned } from "../../kernel/tls/certificate.ts";
import { ANN, startWorld } from "./whatsapp-gateway.ts";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
// the library asks for files over https only
const tls = selfSigned(["127.0.0.1"], 2);
setDefaultCACertificates([...getCACertificates("default"), tls.cert]);

test("a picture is fetched from the network's own servers, saved and shown to the agent; one that is too large is not", async () => {
  await using world = await startWorld({ tls, section: { mediaMaxMb: 1 } });
  const { network } = world;
  const picture = { ...(await network.media.put(PNG, "image")), mimetype: "image/png", caption: "what is it?" };
  await network.push({ from: ANN, message: { imageMessage: picture } });
  await network.said(/the fake model/);

  const [, path] = /(\/\S+\/media\/inbound\/\S+\.png)/.exec(JSON.stringify(world.model.requests[0]?.body)) ?? [];
  assert.deepEqual(path === undefined ? undefined : readFileSync(path), PNG);
  assert.deepEqual(network.media.asked, [picture.directPath]);

  const huge = await network.media.put(Buffer.alloc(1_100_000), "document");
  await network.push({ from: ANN, message: { documentMessage: { ...huge, fileLength: 5, fileName: "big.bin" } } });
  await network.waitFor(() => world.model.requests.length === 2);
  assert.match(world.prompt(), /<media:document>[\s\S]*too large/);

  const gone = { ...picture, directPath: "/v/t62/gone" };
  await network.push({ from: ANN, message: { imageMessage: { ...gone, caption: "and this?" } } });
  await network.waitFor(() => world.model.requests.length === 3);
  assert.match(world.prompt(), /and this\?/);
});

test("files go out with the text on the first of them, and as what they are", async () => {
  await using world = await startWorld({
    tls,
    prepare(stateDir) {
      mkdirSync(join(stateDir, "workspace"), { recursive: true });
      writeFileSync(join(stateDir, "workspace", "dot.png"), PNG);
      writeFileSync(join(stateDir, "workspace", "notes.pdf"), "%PDF-1.4 notes");
    },
  });
  const { network, client, gateway } = world;
  await world.until("connected", ({ connected }) => connected);
  const at = (name: string) => join(gateway.stateDir, "workspace", name);
  const params = { channel: "whatsapp", to: ANN, message: "two *files*", mediaUrls: [at("dot.png"), at("notes.pdf")] };

  await client.request("send", { ...params, idempotencyKey: "m1" }, { timeoutMs: 20_000 });

  const [first, second] = await network.waitFor(() => network.sent.length === 2 && network.sent);
  const image = first?.message.imageMessage;
  const document = second?.message.documentMessage;
  assert.equal(image?.caption, "two _files_");
  assert.equal(image?.mimetype, "image/png");
  assert.equal(document?.fileName, "notes.pdf");
  assert.equal(document?.mimetype, "application/pdf");
  const host = new URL(network.url).host;
  assert.deepEqual(await network.media.read(image ?? {}, "image", host), PNG);
  assert.equal((await network.media.read(document ?? {}, "document", host)).toString(), "%PDF-1.4 notes");
});
