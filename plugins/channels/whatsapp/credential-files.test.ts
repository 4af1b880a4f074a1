import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import * as library from "@whiskeysockets/baileys";
import { CredentialFiles } from "./credential-files.ts";
import { loadCredentials, newCredentials } from "./credentials.ts";

function folder(): { readonly path: string } & Disposable {
  const path = join(mkdtempSync(join(tmpdir(), "openclaw-wa-files-")), "default");
  return { path, [Symbol.dispose]: () => rmSync(join(path, ".."), { recursive: true, force: true }) };
}

test("each file is whole and the last write wins, however many come at once", async () => {
  using at = folder();
  const files = new CredentialFiles(at.path);
  const texts = Array.from({ length: 30 }, (_, index) => `${index}`.repeat(2_000));

  await Promise.all(texts.map((text) => files.saveCredentials(text)));

  const { text, backup } = await files.credentials();
  assert.equal(text, texts.at(-1));
  assert.equal(backup, texts.at(-1));
  assert.deepEqual(readdirSync(at.path).toSorted(), ["creds.json", "creds.json.bak"]);
  assert.equal(statSync(join(at.path, "creds.json")).mode & 0o777, 0o600);
});

test("a folder that others may read is made private", async () => {
  using at = folder();
  mkdirSync(at.path, { recursive: true });
  chmodSync(at.path, 0o755);

  await new CredentialFiles(at.path).credentials();

  assert.equal(statSync(at.path).mode & 0o777, 0o700);
});

test("ids of the network are names of files that stay in the folder", async () => {
  using at = folder();
  const files = new CredentialFiles(at.path);
  const ids = [
    "1555.0",
    "../../escape",
    "a/b:c",
    "x".repeat(5_000),
    `${"x".repeat(5_000)}y`,
    "nul\u0000byte",
    "..\\up",
  ];

  for (const id of ids) await files.writeKey("session", id, JSON.stringify(id));

  for (const id of ids) assert.equal(await files.readKey("session", id), JSON.stringify(id), id.slice(0, 20));
  assert.equal(readdirSync(at.path).length, ids.length);
  assert.deepEqual(readdirSync(join(at.path, "..")), ["default"]);
  await files.removeKey("session", "1555.0");
  assert.equal(await files.readKey("session", "1555.0"), undefined);
});

test("a key is found from the moment its write began, and one that came before us is found too", async () => {
  using at = folder();
  await new CredentialFiles(at.path).writeKey("session", "old", "before");
  const files = new CredentialFiles(at.path);

  assert.equal(await files.readKey("tctoken", "new"), undefined);
  const writing = files.writeKey("tctoken", "new", "now");
  assert.equal(await files.readKey("tctoken", "new"), "now");
  await writing;
  assert.equal(await files.readKey("session", "old"), "before");
  await files.clear();
  assert.equal(await files.readKey("session", "old"), undefined);
});

test("clearing takes what belongs to the link and nothing else", async () => {
  using at = folder();
  const files = new CredentialFiles(at.path);
  await files.saveCredentials("{}");
  await files.writeKey("pre-key", "1", "{}");
  await files.writeKey("sender-key-memory", "g", "{}");
  writeFileSync(join(at.path, "notes.json"), "mine");

  assert.equal(await files.clear(), true);
  assert.deepEqual(readdirSync(at.path), ["notes.json"]);
  assert.equal(await files.clear(), false);
});

test("keys come back as they went, and one that cannot be read is one that is not there", async () => {
  using at = folder();
  const files = new CredentialFiles(at.path);
  const credentials = newCredentials(library, files, async () => undefined);
  await credentials.keys.set({ "pre-key": { 7: library.Curve.generateKeyPair() } });
  await credentials.save();
  assert.deepEqual((await files.credentials()).text, undefined);

  Object.assign(credentials.creds, { me: { id: "1555:1@s.whatsapp.net" }, account: { details: new Uint8Array(2) } });
  await credentials.save();
  await credentials.keys.set({ session: { "1.0": Buffer.from("abc") }, "sender-key": { gone: null } as never });
  writeFileSync(join(at.path, "session-2.0.json"), "{torn");

  const { creds, keys } = await loadCredentials(library, new CredentialFiles(at.path), assert.fail);
  const { "1.0": session, "2.0": torn } = await keys.get("session", ["1.0", "2.0"]);
  const { 7: preKey } = await keys.get("pre-key", ["7"]);
  assert.equal(creds.me?.id, "1555:1@s.whatsapp.net");
  assert.deepEqual(Buffer.from(session ?? []), Buffer.from("abc"));
  assert.equal(torn, undefined);
  assert.equal(preKey?.private.length, 32);
  assert.doesNotMatch(readFileSync(join(at.path, "creds.json"), "utf8"), /"type":"Buffer","data":\[/);
});
