import { definePlugin, Messaging, Sessions, Store, System } from "openclaw/plugin-sdk";
import { Channels } from "./channels.ts";
import { channelHealth } from "./health.ts";
import { Intake } from "./intake.ts";
import type { MessagingHooks, Ongoing, WayOut } from "./intake.ts";
import { registerMethods } from "./methods.ts";
import { Outbox } from "./outbox.ts";
import { Waiting } from "./waiting.ts";
import { WorkLog } from "./work.ts";

/** How long a stop waits for turns that run. */
const DRAIN_MS = 14_000;

export default definePlugin((gateway) => {
  const store = gateway.use(Store);
  const sessions = gateway.use(Sessions);
  const hooks = (): MessagingHooks => table;
  const channels = new Channels(gateway, hooks, (envelope) => intake.accept(envelope));
  const outbox = new Outbox(gateway, store, channels, hooks);
  const log = new WorkLog(store);
  const ongoing = gateway.keep<Ongoing>("ongoing", () => ({
    running: new Map(),
    waiting: new Waiting(),
    wayOut: undefined,
    isClosing: false,
  }));
  const intake = new Intake({ gateway, store, sessions, outbox, log, hooks, ongoing });

  const table = gateway.provide(Messaging, {
    accept: (envelope) => intake.accept(envelope),
    ended: (id, signal) => intake.ended(id, signal),
    get: (id) => log.get(id),
    abort: (sessionKey, runId) => intake.abort(sessionKey, runId),
    async deliver(address, payload, id) {
      const entries = await outbox.prepare(address, [payload], undefined, id);
      await store.commit(entries.map((entry) => outbox.insert(entry)));
      outbox.send(entries);
      return entries.at(-1) as (typeof entries)[number];
    },
    delivered: (id, timeoutMs) => outbox.delivered(id, timeoutMs),
    deliveries: (workId) => outbox.ofWork(workId),
    channels: () => channels.list(),
    unfinished: () => log.open(),
  });

  registerMethods(gateway, channels, outbox, store);
  gateway.hooks.of(System).health.tap((report) => channelHealth(report, channels.list()));
  const wayOut: WayOut = {
    send: (entries) => outbox.send(entries),
    async stop() {
      await outbox.stop();
      await channels.stop();
    },
  };
  gateway.own("way out", () => wayOut.stop());
  gateway.hooks.stopping.tap(() => intake.close(gateway.settings.get("gateway.shutdownTimeoutMs") ?? DRAIN_MS));
  // Only when everything else is up: what is recovered needs someone to answer it.
  gateway.hooks.listening.tap(async () => {
    const before = ongoing.wayOut;
    ongoing.wayOut = wayOut;
    await before?.stop();
    channels.start();
    await outbox.recover();
    await intake.recover();
  });
});
