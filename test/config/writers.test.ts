import assert from "node:assert/strict";
import { test } from "node:test";
import { acquireLock, GatewayClient } from "openclaw/plugin-sdk";
import type { GatewayError } from "openclaw/plugin-sdk";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import { run, startGateway, testHome, TOKEN } from "../support/command-line.ts";
import type { TestHome } from "../support/command-line.ts";

const HASH_STALE = "config changed since last load; re-run config.get and retry";

const read = (client: GatewayClient) => client.request<{ readonly hash: string }>("config.get", {}, PATIENT);

const WRITERS = 50;
const COMMANDS = 6;
/** For machines that have other things to do. */
const PATIENT = { timeoutMs: 60_000 };

test(`${WRITERS} writers at once, over RPC and from the command line, lose no key`, async () => {
  using at = await testHome({ models: { providers: {} } });
  await using _gateway = await startGateway(at);
  const key = (n: number) => `writer${n}`;

  // One after the other: a gateway lets in only so many strangers at a time.
  const clients: GatewayClient[] = [];
  while (clients.length < WRITERS - COMMANDS) clients.push(await clientOf(at));
  const overRpc = async (n: number) => {
    const client = clients[n - COMMANDS] as GatewayClient;
    const raw = JSON.stringify({ models: { providers: { [key(n)]: { api: "x" } } } });
    for (let isWritten = false; !isWritten;) {
      const { hash } = await read(client);
      isWritten = await client.request("config.patch", { raw, baseHash: hash, restartDelayMs: 60_000 }, PATIENT).then(
        () => true,
        (error: GatewayError) => {
          assert.ok(error.message === HASH_STALE || error.details?.["code"] === "BUSY", error.message);
          return false;
        },
      );
    }
    await client.close();
  };
  const fromCommandLine = async (n: number) => {
    const ended = await run(at, ["config", "set", `models.providers.${key(n)}`, '{ api: "x" }']);
    assert.equal(ended.code, 0, ended.stderr);
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, n) => (n < COMMANDS ? fromCommandLine(n) : overRpc(n))));

  const { models } = JSON.parse(at.read()) as { models: { providers: object } };
  const all = Array.from({ length: WRITERS }, (_, n) => key(n));
  assert.deepEqual(Object.keys(models.providers).toSorted(), all.toSorted());
});

test("a file that another process keeps on writing is busy, and says so", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  const setLevel = async () => {
    const params = {
      raw: '{"logging":{"level":"debug"}}',
      baseHash: (await read(client)).hash,
      restartDelayMs: 60_000,
    };
    return client.request<{ ok: boolean }>("config.patch", params);
  };
  const lock = await acquireLock(`${gateway.configPath}.lock`, { waitMs: 0 });
  try {
    await assert.rejects(setLevel(), (error: GatewayError) => {
      assert.deepEqual([error.code, error.message], ["UNAVAILABLE", "config is being written by others; try again"]);
      assert.deepEqual([error.details?.["code"], error.retryable], ["BUSY", true]);
      return true;
    });
  } finally {
    lock.release();
  }
  assert.ok((await setLevel()).ok);
});

async function clientOf({ port }: TestHome): Promise<GatewayClient> {
  const client = new GatewayClient({
    url: `ws://127.0.0.1:${port}`,
    token: TOKEN,
    client: { id: "cli", version: "1", platform: "test", mode: "cli" },
  });
  await client.connect();
  return client;
}
