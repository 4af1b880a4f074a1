import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import * as library from "@whiskeysockets/baileys";
import type { ChannelAccount, Logger } from "openclaw/plugin-sdk";
import { Logins } from "../../plugins/channels/whatsapp/login.ts";
import { linkAccount } from "../fakes/whatsapp/linked.ts";
import { FakeWhatsApp } from "../fakes/whatsapp/server.ts";
import { ANN, startWorld } from "./whatsapp-gateway.ts";

interface Desk extends AsyncDisposable {
  readonly network: FakeWhatsApp;
  readonly logins: Logins;
  readonly account: ChannelAccount;
  readonly stateDir: string;
  readonly folder: string;
  readonly released: string[];
  readonly lines: string[];
}

/** Logins against the network on this machine. */
async function startDesk({ isLoggedOut = false } = {}): Promise<Desk> {
  const network = await FakeWhatsApp.start();
  const stateDir = await mkdtemp(join(tmpdir(), "openclaw-whatsapp-login-"));
  const released: string[] = [];
  const lines: string[] = [];
  const say = (text: string, fields?: object) => void lines.push(text + JSON.stringify(fields ?? {}));
  const log: Logger = { debug: say, info: say, warn: say, error: say };
  const logins = new Logins({
    load: async () => library,
    stateDir,
    version: "1.0.0",
    log,
    release: async (accountId) => void released.push(accountId),
    isLoggedOut: () => isLoggedOut,
  });
  const account = { accountId: "default", config: { wsUrl: network.wsUrl } };
  const folder = join(stateDir, "credentials", "whatsapp", "default");
  return {
    network,
    logins,
    account,
    stateDir,
    folder,
    released,
    lines,
    async [Symbol.asyncDispose]() {
      await logins.stop();
      await network.close();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

const WAIT = { timeoutMs: 10_000 };

test("a network that is not there is said to be away, and no code to have expired", async () => {
  await using desk = await startDesk();
  await desk.network.close();

  await assert.rejects(desk.logins.start(desk.account, {}), /WhatsApp cannot be reached .*; look at the network/);
});

test("a QR code is shown; scanned, the account is linked and its credentials are on disk, for their owner alone", async () => {
  await using desk = await startDesk();
  const { logins, account, network, folder } = desk;

  const offer = await logins.start(account, {});
  const again = await logins.start(account, {});
  assert.match(offer.message, /^scan this QR code/);
  assert.match(offer.qr ?? "", /^https:\/\/wa\.me\/settings\/linked_devices#one@\d+,/);
  assert.match(offer.qrDataUrl ?? "", /^data:image\/png;base64,iVBORw0KGgo/);
  assert.equal(again.qr, offer.qr);
  assert.equal(network.connections, 1);
  assert.equal(existsSync(join(folder, "creds.json")), false);

  await network.scan(offer.qr ?? "");

  assert.deepEqual(await logins.wait(account, WAIT), { connected: true, message: "linked as +15550009999" });
  const creds = JSON.parse(readFileSync(join(folder, "creds.json"), "utf8")) as { me: { id: string } };
  assert.equal(creds.me.id, network.account.jid);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith("creds")),
    ["creds.json", "creds.json.bak"],
  );
  assert.equal(statSync(join(folder, "creds.json")).mode & 0o777, 0o600);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  const secret = (offer.qr ?? "").split(",")[3]?.slice(0, 20) ?? "";
  assert.equal(secret.length, 20);
  assert.equal(desk.lines.join().includes(secret), false);
});

test("a code that is typed on the phone links the account, too", async () => {
  await using desk = await startDesk();
  const { logins, account, network } = desk;
  await assert.rejects(logins.start(account, { phoneNumber: "ann" }), { code: "INVALID_REQUEST" });

  const offer = await logins.start(account, { phoneNumber: "+1 555 000 9999" });
  assert.match(offer.pairingCode ?? "", /^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  assert.match(offer.message, new RegExp(`^enter ${offer.pairingCode} on the phone`));
  await network.type(offer.pairingCode ?? "");

  assert.deepEqual(await logins.wait(account, WAIT), { connected: true, message: "linked as +15550009999" });
});

test("an account that is linked stays as it is unless that is forced, and until a phone has agreed", async () => {
  await using desk = await startDesk();
  const { logins, account, network, folder, released } = desk;
  linkAccount(desk.stateDir);
  writeFileSync(join(folder, "session-old.0.json"), "{}");
  writeFileSync(join(folder, "notes.txt"), "mine");
  const before = readFileSync(join(folder, "creds.json"), "utf8");

  assert.deepEqual(await logins.start(account, {}), {
    message: "already linked as +15550009999; use force to link another phone",
  });
  const offer = await logins.start(account, { force: true });
  assert.equal(readFileSync(join(folder, "creds.json"), "utf8"), before);
  assert.deepEqual(released, []);
  await network.scan(offer.qr ?? "");
  assert.equal((await logins.wait(account, WAIT)).connected, true);

  assert.deepEqual(released, ["default"]);
  assert.notEqual(readFileSync(join(folder, "creds.json"), "utf8"), before);
  assert.equal(existsSync(join(folder, "session-old.0.json")), false);
  assert.equal(readFileSync(join(folder, "notes.txt"), "utf8"), "mine");
});

test("credentials that the network has voided are no link", async () => {
  await using desk = await startDesk({ isLoggedOut: true });
  linkAccount(desk.stateDir);

  assert.match((await desk.logins.start(desk.account, {})).message, /^scan/);
});

test("what goes wrong is said: no network, a wrong signature, a login that nobody began or that was stopped", async () => {
  await using desk = await startDesk();
  const { logins, account, network } = desk;
  assert.deepEqual(await logins.wait(account, {}), {
    connected: false,
    message: "No active WhatsApp login in progress.",
  });

  network.mode("server-error");
  await assert.rejects(logins.start(account, {}), { code: "UNAVAILABLE", message: /503 unavailable/ });
  network.mode("ok");

  const offer = await logins.start(account, {});
  await network.scan((offer.qr ?? "").replace(/(.*,)[^,]+(,[^,]+)$/, `$1${Buffer.alloc(32).toString("base64")}$2`));
  const refused = await logins.wait(account, WAIT);
  assert.equal(refused.connected, false);
  assert.match(refused.message, /Invalid account signature/);

  await logins.start(account, {});
  const waiting = logins.wait(account, WAIT);
  await logins.stop("default");
  assert.deepEqual(await waiting, { connected: false, message: "the login was stopped" });
  mkdirSync(desk.folder, { recursive: true });
  assert.deepEqual(
    readdirSync(desk.folder).filter((name) => name.startsWith("creds")),
    [],
  );
});

test("over the gateway: an account is linked, runs without a restart, and another phone takes its place", async () => {
  await using world = await startWorld({ isLinked: false });
  const { client, network } = world;
  await world.until("not linked", ({ state }) => state === "logged-out");

  const first = await client.request<{ qr: string; qrDataUrl: string }>("web.login.start", {});
  await network.scan(first.qr);
  const linked = await client.request<object>("web.login.wait", {}, { timeoutMs: 20_000 });
  await world.until("connected", ({ connected }) => connected);

  assert.match(JSON.stringify(linked), /"connected":true,"message":"linked as \+15550009999"/);
  assert.equal(world.log().includes(first.qr.split(",")[3] as string), false);
  assert.match(JSON.stringify(await client.request("web.login.start", {})), /already linked as \+15550009999/);
  await network.push({ from: ANN, text: "hello" });
  await network.said(/the fake model/);

  const second = await client.request<{ qr: string }>("web.login.start", { force: true });
  assert.equal((await world.status()).connected, true);
  await network.scan(second.qr);
  await client.request("web.login.wait", {}, { timeoutMs: 20_000 });
  await world.until("connected", ({ connected }) => connected);
  await network.push({ from: ANN, text: "hello again" });
  await network.waitFor(() => network.sent.length === 2);
});

test("the library checks no signatures yet; once it does, the network of these tests needs a root that it trusts", () => {
  const signer = library.Curve.generateKeyPair();
  const other = library.Curve.generateKeyPair();
  const signature = library.Curve.sign(signer.private, Buffer.from("text"));

  // true for a wrong key: TLS is all that tells the server apart, and why ws:// is for this machine only
  assert.equal(library.Curve.verify(other.public, Buffer.from("text"), signature), true);
});
