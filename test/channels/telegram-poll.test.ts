import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Backoff } from "openclaw/plugin-sdk";
import type { ChannelContext, Logger } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import { createClient } from "../../plugins/channels/telegram/client.ts";
import { Offset } from "../../plugins/channels/telegram/offset.ts";
import { poll } from "../../plugins/channels/telegram/poll.ts";
import { FAKE_TOKEN, startFakeTelegram } from "../fakes/telegram-server.ts";
import type { FakeTelegram, TelegramMode } from "../fakes/telegram-server.ts";
import { ANN, privateText } from "../fakes/telegram-updates.ts";

class Impatient extends Backoff {
  override failed(): number {
    super.failed();
    return 5;
  }
}

/** A poll loop of its own, with what it reports. */
async function startPoll(fake: FakeTelegram, take: (id: number) => Promise<void>, timeoutSeconds = 60) {
  const folder = mkdtempSync(join(tmpdir(), "openclaw-telegram-"));
  const file = join(folder, "offset.json");
  const abort = new AbortController();
  const reports: string[] = [];
  const warnings: string[] = [];
  const quiet = () => undefined;
  const log: Logger = {
    debug: quiet,
    info: quiet,
    warn: (text) => void warnings.push(text),
    error: (text) => void warnings.push(text),
  };
  const context: ChannelContext = {
    account: { accountId: "default", config: {} },
    signal: abort.signal,
    accept: () => Promise.resolve({ duplicate: false }),
    status: quiet,
    connected: () => void reports.push("connected"),
    disconnected: (reason) => void reports.push(reason),
  };
  const client = await createClient({ token: FAKE_TOKEN, apiRoot: fake.url, timeoutSeconds });
  const running = poll({
    client,
    context,
    log,
    timeoutSeconds,
    offset: new Offset(file, 1),
    backoff: new Impatient(),
    take: ({ update_id: id }) => take(id as number),
  });
  const stop = async () => {
    abort.abort();
    await running.catch(() => undefined);
    await client.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { reports, warnings, running, [Symbol.asyncDispose]: stop };
}

test("the offset moves over an update only when it and all before it are durable", async () => {
  await using fake = await startFakeTelegram();
  const gates = new Map<number, PromiseWithResolvers<void>>();
  const taken: number[] = [];
  await using polling = await startPoll(fake, (id) => {
    taken.push(id);
    const gate = Promise.withResolvers<void>();
    gates.set(id, gate);
    return gate.promise;
  });
  const [first, second, third] = [1, 2, 3].map((n) => fake.push(privateText(ANN, `${n}`))) as [number, number, number];
  await eventually("all three are on their way", () => taken.length === 3);

  gates.get(second)?.resolve();
  gates.get(third)?.reject(new Error("disk full"));
  await eventually("the third is asked for again", () => taken.length === 4);
  assert.equal(fake.unconfirmed(), 3);
  gates.get(first)?.resolve();
  await eventually("two are confirmed", () => fake.unconfirmed() === 1);
  gates.get(third)?.resolve();
  await eventually("all are confirmed", () => fake.unconfirmed() === 0);

  assert.deepEqual(taken, [first, second, third, third]);
  assert.match(polling.warnings.join("\n"), /could not be kept and is asked for again: Error: disk full/);
});

test("updates out of order, twice and without a number are taken in order, once, and not at all", async () => {
  await using fake = await startFakeTelegram();
  const taken: number[] = [];
  fake.answerNext("getUpdates", {
    result: [{ update_id: 9 }, { update_id: 7 }, { update_id: 8 }, { update_id: 7 }, {}, null, { update_id: "x" }],
  });
  await using _polling = await startPoll(fake, (id) => Promise.resolve(void taken.push(id)));

  await eventually("they are confirmed", () => fake.of("getUpdates").at(-1)?.params["offset"] === 10);

  assert.deepEqual(taken, [7, 8, 9]);
});

for (const mode of ["server-error", "garbage", "truncated", "drop"] satisfies TelegramMode[]) {
  test(`an answer of the kind ${mode} is reported once it happens, and over when it works again`, async () => {
    await using fake = await startFakeTelegram();
    const taken: number[] = [];
    await using polling = await startPoll(fake, (id) => Promise.resolve(void taken.push(id)));
    await eventually("it is connected", () => polling.reports.includes("connected"));

    fake.mode(mode);
    fake.push(privateText(ANN, "meanwhile"));
    await eventually("it failed twice", () => polling.reports.length > 2);
    fake.mode("ok");
    await eventually("it works again", () => polling.reports.at(-1) === "connected" && taken.length === 1);

    assert.match(polling.reports[1] ?? "", /^Telegram answered 502|^the connection to Telegram broke/);
  });
}

test("a poll that is to wait waits without being broken", async () => {
  await using fake = await startFakeTelegram();
  fake.mode("rate-limit");
  await using polling = await startPoll(fake, () => Promise.resolve());

  await eventually("it is connected", () => polling.reports.length > 0);

  assert.deepEqual(polling.reports, ["connected"]);
  const [first, second] = fake.of("getUpdates");
  assert.ok((second?.at ?? 0) - (first?.at ?? 0) >= 1_000);
});

test("what trying again cannot mend ends the account", async () => {
  for (const [mode, kind] of [
    ["auth-fail", "auth"],
    ["conflict", "conflict"],
  ] as const) {
    await using fake = await startFakeTelegram();
    fake.mode(mode);
    await using polling = await startPoll(fake, () => Promise.resolve());

    await assert.rejects(polling.running, { name: "ChannelError", kind });
  }
});
