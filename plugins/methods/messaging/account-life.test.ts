import assert from "node:assert/strict";
import { test } from "node:test";
import { ChannelError } from "openclaw/plugin-sdk";
import type { ChannelContext, ChannelDef, Logger } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import { AccountLife } from "./account-life.ts";

const LOG: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

function lifeOf(definition: Partial<ChannelDef> & Pick<ChannelDef, "start">, before?: Promise<void>) {
  let ready = 0;
  const life = new AccountLife({
    channel: "lab",
    account: { accountId: "default", config: {} },
    definition: { deliver: async () => ({ outcome: "sent", messageId: "1" }), ...definition },
    log: LOG,
    accept: async () => ({ duplicate: false }),
    ready: () => void ready++,
    paused: () => undefined,
    changed: () => undefined,
  });
  life.start(before);
  return { life, ready: () => ready };
}

function untilStopped({ signal }: ChannelContext): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

test("an account that failed is started again, and is ready when it runs", async () => {
  let starts = 0;
  const { life, ready } = lifeOf({
    async start(context) {
      if (++starts === 1) throw new ChannelError("throttled", "slow down", { retryAfterMs: 1 });
      await untilStopped(context);
    },
  });

  await eventually("it runs again", () => starts === 2 && life.isReady);

  assert.equal(ready(), 2);
  await life.stop();
  assert.deepEqual([life.status.running, life.status["state"], life.isReady], [false, "stopped", false]);
});

test("a run waits until the one before has let go, and not when it is stopped itself", async () => {
  let starts = 0;
  const start = (context: ChannelContext) => {
    starts++;
    return untilStopped(context);
  };
  const before = Promise.withResolvers<void>();
  const { life } = lifeOf({ start }, before.promise);
  const { life: stopped } = lifeOf({ start }, before.promise);

  await stopped.stop();
  assert.deepEqual([starts, life.isReady], [0, false]);
  before.resolve();

  await eventually("it runs", () => life.isReady);
  await life.stop();
  assert.equal(starts, 1);
});

test("a bad credential is told with its remedy and not tried again", async () => {
  let starts = 0;
  const { life } = lifeOf({
    start() {
      starts++;
      return Promise.reject(new ChannelError("auth", "token revoked", { fix: "set channels.lab.token" }));
    },
  });

  await eventually("it has failed", () => life.status["state"] === "failed");

  await life.stop();
  assert.equal(starts, 1);
  assert.deepEqual([life.status.lastError, life.status["fix"]], ["token revoked", "set channels.lab.token"]);
});

test("one that reports its connection is not ready before, nor after it was lost", async () => {
  let context: ChannelContext | undefined;
  const { life, ready } = lifeOf({
    reportsConnection: true,
    start(given) {
      context = given;
      return untilStopped(given);
    },
  });
  await eventually("it is started", () => context);

  const states = [life.isReady];
  context?.connected({ bot: "@me" });
  states.push(life.isReady);
  context?.disconnected("socket closed");
  states.push(life.isReady);

  assert.deepEqual(states, [false, true, false]);
  assert.equal(ready(), 1);
  assert.deepEqual([life.status["bot"], life.status.lastError], ["@me", "socket closed"]);
  await life.stop();
});

test("what is missing is told instead of being started", async () => {
  const { life } = lifeOf({ unconfigured: () => "token is missing", start: () => Promise.reject(new Error("no")) });

  await life.stop();

  assert.deepEqual([life.status.configured, life.status.lastError], [false, "token is missing"]);
});
