import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { LoginOffer } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import { ACCOUNT, LINK, startFakeSignal } from "../fakes/signal-server.ts";
import { freePort } from "../support/command-line.ts";
import { startSignal } from "./signal-gateway.ts";
import type { Setup } from "./signal-gateway.ts";

const OTHER = "+15550177";

function loginOf({ client }: Setup) {
  const place = { channel: "signal" };
  return {
    start: (more: object = {}) => client.request<LoginOffer>("web.login.start", { ...place, ...more }),
    wait: (timeoutMs = 10_000) =>
      client.request<{ connected: boolean; message: string }>("web.login.wait", { ...place, timeoutMs }),
  };
}

function isGone(pid: number): boolean {
  try {
    return !process.kill(pid, 0);
  } catch {
    return true;
  }
}

test("a phone that scans the code links the account, and the account begins to work", async () => {
  await using fake = await startFakeSignal();
  await using bench = await startSignal({ account: OTHER }, fake);
  const { start, wait } = loginOf(bench);
  await eventually("it is refused", async () => (await bench.status()).accounts[0]?.lastError, 20_000);

  const offer = await start();
  const again = await start();
  const early = await wait(20);
  const logins = fake.logins();
  fake.scan({ number: OTHER });
  const linked = await wait();

  assert.match(offer.message, /Linked devices/);
  assert.equal(offer.qr?.startsWith(LINK), true);
  assert.match(offer.qrDataUrl ?? "", /^data:image\/png;base64,/);
  assert.deepEqual(again, offer);
  assert.deepEqual([early.connected, early.message], [false, "still waiting for the phone"]);
  assert.deepEqual([linked.connected, linked.message], [true, `linked as ${OTHER}`]);
  assert.deepEqual(
    fake.calls.filter(({ method }) => method === "finishLink").map(({ params }) => params),
    [{ deviceLinkUri: offer.qr, deviceName: "OpenClaw" }],
  );
  await eventually("the account is started anew", () => fake.logins() > logins, 20_000);
  assert.equal((await wait(1)).message, "no login of this account is under way");
});

test("who is linked is told so, and may link anew; a phone with another number is named", async () => {
  await using bench = await startSignal();
  const { start, wait } = loginOf(bench);
  await bench.connected();

  const known = await start();
  const waited = await wait();
  const anew = await start({ force: true });
  bench.fake.scan({ number: OTHER });
  const other = await wait();

  assert.deepEqual([known.qr, known.message], [undefined, `already linked as ${ACCOUNT}; use force to link it anew`]);
  assert.equal(waited.connected, true);
  assert.ok(anew.qr);
  assert.deepEqual([other.connected, other.message], [true, `linked as ${OTHER}; name it: channels.signal.account`]);
});

test("a phone that refuses, a daemon that does not link and one that is not there are told with the way out", async () => {
  const fake = await startFakeSignal();
  await using bench = await startSignal({ account: OTHER }, fake);
  const { start, wait } = loginOf(bench);

  await start();
  fake.scan({ refused: "Link request error: closed" });
  const refused = await wait();
  fake.single();
  const single = await start().catch(String);
  await fake.close();
  const gone = await start().catch(String);

  assert.equal(refused.connected, false);
  assert.match(refused.message, /the phone did not link it: Link request error: closed/);
  assert.match(String(single), /cannot link here: Method not implemented; link it in a terminal: signal-cli link -n/);
  assert.match(String(gone), /cannot reach signal-cli at .*; start it: signal-cli daemon --http/);
});

test("without a daemon one is started for the login, on a port of its own, and ends with it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "openclaw-signal-"));
  await using fake = await startFakeSignal();
  const cliPath = join(folder, "signal-cli");
  const proxy = `const [host, port] = process.argv.at(-1).split(":"); const { createServer, connect } = await import("node:net"); createServer((a) => { const b = connect(${fake.port}, "127.0.0.1"); a.pipe(b).pipe(a); for (const s of [a, b]) s.on("error", () => undefined); }).listen(Number(port), host); process.on("SIGTERM", () => process.exit(0));`;
  writeFileSync(join(folder, "daemon.mjs"), proxy);
  // With -a it is the one that the account starts, which does not come up.
  writeFileSync(
    cliPath,
    `#!/bin/sh\ncase "$1" in -a) exit 1;; esac\necho "$@" > ${folder}/args; echo $$ > ${folder}/pid; exec ${process.execPath} ${folder}/daemon.mjs "$3"\n`,
  );
  chmodSync(cliPath, 0o755);
  await using bench = await startSignal(
    { account: OTHER, httpUrl: undefined, httpPort: await freePort(), cliPath },
    fake,
  );
  const { start, wait } = loginOf(bench);

  const offer = await start();
  const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
  fake.scan({ number: OTHER });
  const linked = await wait();

  assert.ok(offer.qr);
  assert.equal(linked.connected, true);
  assert.match(
    readFileSync(join(folder, "args"), "utf8"),
    /^daemon --http 127\.0\.0\.1:\d+ .*--receive-mode manual\n$/,
  );
  await eventually("it has ended", () => isGone(pid), 20_000);
  rmSync(folder, { recursive: true });
});
