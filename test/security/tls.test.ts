import assert from "node:assert/strict";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { get } from "node:https";
import { createServer } from "node:net";
import { connect as openPlain } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import type { GatewayClient } from "openclaw/plugin-sdk";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { selfSigned } from "../../kernel/tls/certificate.ts";
import { run, testHome, TOKEN } from "../support/command-line.ts";

const TLS = { gateway: { tls: { enabled: true } } };
const WRONG = "ab".repeat(32);

/** A pair of files in `folder`. */
function writePair(folder: string, { days = 30, now = Date.now() } = {}): { certPath: string; keyPath: string } {
  mkdirSync(folder, { recursive: true });
  const { cert, key } = selfSigned(["localhost"], days, now);
  const [certPath, keyPath] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  writeFileSync(keyPath, key, { mode: 0o600 });
  writeFileSync(certPath, cert);
  return { certPath, keyPath };
}

/** Status of a request that trusts `ca` alone. */
async function statusOverTls(port: number, ca: string): Promise<number | undefined> {
  const request = get({ host: "127.0.0.1", port, path: "/nothing", ca, servername: "localhost", agent: false });
  const [response] = (await once(request, "response")) as [{ statusCode?: number; resume(): void }];
  response.resume();
  return response.statusCode;
}

test("with gateway.tls the one port speaks TLS with a certificate of its own, and plain words get no answer", async () => {
  await using gateway = await startTestGateway({ config: TLS });
  const { tlsFingerprint } = gateway.run.state();
  const folder = join(gateway.stateDir, "gateway", "tls");
  const record = JSON.parse(readFileSync(join(gateway.stateDir, "gateway.json"), "utf8")) as Record<string, unknown>;

  const client = await gateway.client({ tlsFingerprint: tlsFingerprint as string });
  const plain = openPlain(gateway.port, "127.0.0.1").setEncoding("latin1");
  let answer = "";
  plain.on("data", (text) => (answer += String(text))).on("error", () => undefined);
  plain.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await once(plain, "close");

  assert.match(gateway.url, /^wss:\/\/127\.0\.0\.1:/);
  assert.equal((await client.request<{ ok: boolean }>("health", {})).ok, true);
  assert.equal(await statusOverTls(gateway.port, readFileSync(join(folder, "cert.pem"), "utf8")), 404);
  assert.doesNotMatch(answer, /HTTP/);
  assert.equal(statSync(join(folder, "key.pem")).mode & 0o777, 0o600);
  assert.deepEqual([record["url"], record["tlsFingerprint"]], [gateway.url, tlsFingerprint]);
});

test("a client that pins a certificate sends nothing to one that shows another, or none", async () => {
  const { cert, key } = selfSigned(["localhost"], 1);
  let heard = 0;
  const impostor = createTlsServer({ cert, key }, (socket) => {
    socket.on("data", ({ length }) => (heard += length)).on("error", () => undefined);
  });
  const bare = createServer((socket) => {
    socket.on("data", () => socket.destroy()).on("error", () => undefined);
  });
  await using gateway = await startTestGateway({ config: TLS });
  for (const server of [impostor, bare]) await once(server.listen(0, "127.0.0.1"), "listening");
  const [wrong, none] = [impostor, bare].map((server) => (server.address() as { port: number }).port);

  const connect = (url: string, tlsFingerprint: string) => gateway.client({ url, tlsFingerprint });
  await assert.rejects(
    connect(`wss://127.0.0.1:${wrong}`, WRONG),
    /certificate is not the pinned one: SHA-256 [0-9a-f]{64}, expected abab/,
  );
  await assert.rejects(connect(`wss://127.0.0.1:${none}`, WRONG));
  await assert.rejects(connect(`ws://127.0.0.1:${none}`, WRONG), /is not encrypted; use a wss:\/\/ address/);
  await assert.rejects(connect(gateway.url, "12:34"), /"12:34" is no SHA-256 fingerprint/);

  assert.equal(heard, 0);
  for (const server of [impostor, bare]) server.close();
});

test("certificate files that change are served without a restart; open sockets stay, and bad files change nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "openclaw-tls-"));
  const paths = writePair(folder);
  const config = { gateway: { tls: { enabled: true, ...paths } }, canvasHost: { port: 0 } };
  await using gateway = await startTestGateway({ config });
  const before = gateway.run.state().tlsFingerprint as string;
  const client: GatewayClient = await gateway.client({ tlsFingerprint: before });
  let isClosed = false;
  client.on("disconnected", () => (isClosed = true));

  // A certificate without its key first: it must not be taken.
  const next = writePair(join(folder, "next"));
  copyFileSync(next.certPath, paths.certPath);
  await eventually("the bad pair is told", () =>
    readFileSync(gateway.run.log.file as string, "utf8").includes("the TLS certificate stays as it is"),
  );
  assert.equal(gateway.run.state().tlsFingerprint, before);
  copyFileSync(next.keyPath, paths.keyPath);
  const after = await eventually("the new certificate is served", () => {
    const { tlsFingerprint } = gateway.run.state();
    return tlsFingerprint === before ? undefined : tlsFingerprint;
  });

  const other = await gateway.client({ tlsFingerprint: after });
  assert.equal((await other.request<{ ok: boolean }>("health", {})).ok, true);
  assert.equal((await client.request<{ ok: boolean }>("health", {})).ok, true);
  assert.equal(isClosed, false);
  await assert.rejects(gateway.client({ tlsFingerprint: before }), /not the pinned one/);
  // The port of the canvas, and what commands on this machine go by.
  const canvasPort = Number(new URL(client.hello?.canvasHostUrl ?? "").port);
  assert.notEqual(canvasPort, gateway.port);
  assert.equal(await statusOverTls(canvasPort, readFileSync(paths.certPath, "utf8")), 404);
  await eventually("the record names the new certificate", () =>
    readFileSync(join(gateway.stateDir, "gateway.json"), "utf8").includes(after),
  );
  rmSync(folder, { recursive: true });
});

test("S-34 a key that others can read is closed again, or complained about where it is the operator's", async () => {
  const folder = mkdtempSync(join(tmpdir(), "openclaw-tls-"));
  const home = join(folder, "home");
  const { keyPath, certPath } = writePair(join(folder, "own"));
  const logOf = async (tls: object) => {
    await using gateway = await startTestGateway({ home, config: { gateway: { tls: { enabled: true, ...tls } } } });
    return { log: readFileSync(gateway.run.log.file as string, "utf8"), stateDir: gateway.stateDir };
  };
  const key = join((await logOf({})).stateDir, "gateway", "tls", "key.pem");
  for (const path of [key, keyPath]) chmodSync(path, 0o644);

  assert.match((await logOf({})).log, /key\.pem was open to others; now 0600/);
  assert.equal(statSync(key).mode & 0o777, 0o600);
  assert.match((await logOf({ keyPath, certPath })).log, /everybody on this machine can read .*key\.pem; chmod 600 it/);
  assert.equal(statSync(keyPath).mode & 0o777, 0o644);
  rmSync(folder, { recursive: true });
});

test("a gateway does not start on certificates that cannot serve, and says which", async () => {
  const folder = mkdtempSync(join(tmpdir(), "openclaw-tls-"));
  const [good, other] = [writePair(join(folder, "good")), writePair(join(folder, "other"))];
  const old = writePair(join(folder, "old"), { days: 1, now: Date.now() - 3 * 86_400_000 });
  const start = (tls: object) => startTestGateway({ config: { gateway: { tls: { enabled: true, ...tls } } } });

  await assert.rejects(start({ certPath: good.certPath }), /certPath and keyPath go together/);
  await assert.rejects(start({ autoGenerate: false }), /has no certificate: set certPath and keyPath/);
  await assert.rejects(
    start({ ...good, certPath: join(folder, "none.pem") }),
    /certPath: cannot read .*none\.pem: ENOENT/,
  );
  await assert.rejects(
    start({ ...good, keyPath: other.keyPath }),
    /other\/key\.pem is not the key of .*good\/cert\.pem/,
  );
  await assert.rejects(start({ ...good, certPath: good.keyPath }), /holds no PEM certificate/);
  await assert.rejects(start(old), { exitCode: 78, message: /expired on/ });
  rmSync(folder, { recursive: true });
});

test("the command line finds the pin of its own gateway, and refuses a remote one that shows another certificate", async () => {
  using place = await testHome({ gateway: { tls: { enabled: true } } });
  await using gateway = await startTestGateway({
    home: place.home,
    config: { gateway: { mode: "local", auth: { token: TOKEN }, tls: { enabled: true } } },
  });
  const pin = gateway.run.state().tlsFingerprint as string;

  const status = await run(place, ["gateway", "status"]);
  const health = await run(place, ["gateway", "call", "health", "--json"]);
  using elsewhere = await testHome({
    gateway: { mode: "remote", remote: { url: gateway.url, token: TOKEN, tlsFingerprint: WRONG } },
  });
  const refused = await run(elsewhere, ["gateway", "call", "health", "--json"]);

  assert.match(status.stdout, new RegExp(`TLS SHA-256: ${pin}`));
  assert.equal((JSON.parse(health.stdout) as { ok: boolean }).ok, true);
  assert.equal(refused.code, 1);
  assert.match(refused.stdout + refused.stderr, /TLS_PIN_MISMATCH/);
});
