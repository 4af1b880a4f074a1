import { definePlugin, Messaging, Plugins, Sessions, Store, System } from "openclaw/plugin-sdk";
import { Acks } from "./acks.ts";
import { isNamed } from "./allow-list.ts";
import { Actions } from "./actions.ts";
import { Auditor } from "./auditor.ts";
import { Buckets } from "./buckets.ts";
import { Channels } from "./channels.ts";
import { menuCommands, registerCommands } from "./core-commands.ts";
import { Ending } from "./ending.ts";
import { Flood } from "./flood.ts";
import { channelHealth } from "./health.ts";
import { Held } from "./held.ts";
import { PendingHistory } from "./history.ts";
import { IdempotencyKeys } from "./idempotency.ts";
import { Intake } from "./intake.ts";
import type { MessagingHooks } from "./intake.ts";
import { Judge } from "./judge.ts";
import { Inbound } from "./media/inbound.ts";
import { Outbound } from "./media/outbound.ts";
import { MediaLinks } from "./media/link.ts";
import { registerMediaRoute } from "./media/route.ts";
import { MediaStore } from "./media/store.ts";
import { Mentions } from "./mention.ts";
import { registerActions } from "./methods/actions.ts";
import { registerChannelMethods } from "./methods/channels.ts";
import { registerLogin } from "./methods/login.ts";
import { registerPairing } from "./methods/pairing.ts";
import { registerQueue } from "./methods/queue.ts";
import { registerSend } from "./methods/send.ts";
import { registerTrace } from "./methods/trace.ts";
import { Mirror } from "./mirror.ts";
import { takeOver } from "./handover.ts";
import { createOngoing } from "./ongoing.ts";
import type { WayOut } from "./ongoing.ts";
import { Outbox } from "./outbox.ts";
import { PairingStore } from "./pairing-store.ts";
import { probedList } from "./probe.ts";
import { queueRule } from "./queue-mode.ts";
import { Retention } from "./retention.ts";
import { Routing } from "./routing.ts";
import { Sequence } from "./sequence.ts";
import { resolveTarget } from "./target.ts";
import { Turns } from "./turns.ts";
import { Typing } from "./typing.ts";
import { WorkLog } from "./work.ts";

export default definePlugin((gateway) => {
  const store = gateway.use(Store);
  const sessions = gateway.use(Sessions);
  const system = gateway.use(System);
  const hooks = (): MessagingHooks => table;
  const changed = () => {
    try {
      system.healthChanged();
    } catch {
      // Nobody tells of health yet, or any more.
    }
  };

  const ongoing = gateway.keep("ongoing", createOngoing);
  const sequence = gateway.keep("sequence", () => new Sequence());
  const history = gateway.keep("history", () => new PendingHistory(gateway.settings));
  const log = new WorkLog(store, sequence);
  const channels = new Channels(gateway, hooks, (envelope) => intake.accept(envelope), changed);
  const files = new MediaStore(gateway.paths.stateDir);
  const links = gateway.keep("media links", () => new MediaLinks());
  const outbox = new Outbox({ gateway, store, channels, sequence, hooks, media: new Outbound(gateway, files) });
  const keys = new IdempotencyKeys(store);
  const actions = new Actions({ gateway, channels, entries: outbox.entries, hooks });
  const pairing = new PairingStore(gateway.paths.stateDir);
  const routing = new Routing(gateway, sessions);
  const ending = new Ending(gateway, store, log, outbox, ongoing);
  const judge = new Judge({
    gateway,
    sessions,
    pairing,
    routing,
    hooks,
    flood: new Flood(
      gateway.settings,
      gateway.keep("said", () => new Buckets()),
    ),
    mentions: new Mentions(gateway),
    channel: (id) => channels.get(id),
    account: (channel, accountId) => channels.account(channel, accountId),
  });
  const acks = new Acks(gateway, (channel, accountId) => channels.life(channel, accountId));
  const held = new Held({ gateway, sessions, store, log, ongoing, ending, prompt: (work) => turns.prompt(work) });
  const turns: Turns = new Turns({
    gateway,
    sessions,
    log,
    ending,
    outbox,
    history,
    held,
    ongoing,
    hooks,
    typing: new Typing(gateway, (channel, accountId) => channels.life(channel, accountId)),
    async describe({ envelope: { channel, accountId = "default" } }) {
      const definition = await channels.get(channel);
      const { reply, reactions } = definition?.capabilities ?? {};
      const mark = channels.account(channel, accountId).config["messagePrefix"];
      return {
        label: definition?.label ?? channel,
        withMessageId: reply === true || reactions === true,
        ...(typeof mark === "string" && { mark }),
      };
    },
    ended: (running) => intake.finished(running),
  });
  const intake = new Intake({
    gateway,
    store,
    log,
    sequence,
    routing,
    judge,
    turns,
    ending,
    history,
    ongoing,
    acks,
    media: new Inbound({
      gateway,
      store: files,
      ongoing,
      channel: (id) => channels.get(id),
      account: (channel, accountId) => channels.account(channel, accountId),
      ready: (channel, accountId, signal) => channels.untilReady(channel, accountId, signal),
      hooks,
    }),
    hooks,
    refused: ({ channel, accountId = "default" }, reason) => channels.life(channel, accountId)?.refused(reason),
  });

  const table = gateway.provide(Messaging, {
    accept: (envelope) => intake.accept(envelope),
    ended: (id, signal) => intake.ended(id, signal),
    get: (id) => log.get(id),
    async queueMode(sessionKey, channel) {
      return queueRule((await sessions.get(sessionKey))?.entry, channel, gateway.settings).mode;
    },
    abort: (sessionKey, runId) => intake.abort(sessionKey, runId),
    async address(channel, to, accountId) {
      return (await resolveTarget({ channel, to, accountId }, channels, "unsupported channel")).address;
    },
    deliver: (address, payload, id) => outbox.deliverOnce(address, payload, id),
    delivered: (id, timeoutMs) => outbox.delivered(id, timeoutMs),
    deliveries: (workId) => outbox.entries.ofWork(workId),
    async isNamed(ids, { channel, sender }) {
      return isNamed(ids, sender, { channel, people: (await channels.get(channel))?.people });
    },
    react: (address, messageId, emoji) => actions.react(address, messageId, emoji),
    async edit(address, messageId, text) {
      const id = messageId ?? (await actions.lastOf(address));
      await actions.edit(address, id, text);
      return id;
    },
    async remove(address, messageId) {
      const id = messageId ?? (await actions.lastOf(address));
      await actions.remove(address, id);
      return id;
    },
    commands: () => menuCommands(hooks()),
    channels: () => channels.list().map(({ id, label, accounts }) => ({ id, label, accounts })),
    unfinished: () => log.open(),
    mediaLink: (path) => links.of(path),
  });

  registerSend(gateway, { channels, outbox, keys, mirror: new Mirror(sessions), sessions });
  registerActions(gateway, { actions, channels, keys });
  registerChannelMethods(gateway, channels);
  registerLogin(gateway, channels);
  registerQueue(gateway, { outbox, log, intake });
  registerMediaRoute(gateway, files, links);
  registerTrace(gateway, { log, entries: outbox.entries, keys });
  registerPairing(gateway, { store: pairing, channels, outbox });
  registerCommands(gateway, { sessions, intake: () => intake, hooks, plugins: gateway.use(Plugins), channels });

  const auditor = new Auditor({ gateway, log, outbox, intake, channels, ongoing, changed });
  new Retention(log, outbox.entries, keys, files).start(gateway);
  gateway.hooks.of(Store).intake.tap((now) => channels.intake(now));
  // It may have been closed before anybody listened. A store that cannot say refuses by itself.
  Promise.resolve(store.health()).then(
    ({ intake: now }) => now.isOpen || channels.intake(now),
    () => undefined,
  );
  // Nobody's network is asked because a client came: only when somebody wants to know.
  gateway.hooks
    .of(System)
    .health.tap(async (report, { probe }) =>
      auditor.health(channelHealth(report, probe ? await probedList(channels) : channels.list())),
    );
  gateway.hooks.configChanged.tap(() => channels.configured());

  const wayOut: WayOut = {
    isOver: false,
    send: (entries) => outbox.send(entries),
    async stop() {
      wayOut.isOver = true;
      intake.retire();
      await outbox.stop();
      await channels.stop();
    },
  };
  gateway.own("way out", () => wayOut.stop());
  gateway.hooks.stopping.tap(({ budgetMs }) => intake.close(budgetMs));
  // Only when everything else is up: what is recovered needs someone to answer it.
  gateway.hooks.listening.tap(() =>
    takeOver(ongoing, wayOut, async () => {
      channels.start();
      await outbox.recover();
      await intake.recover();
    }),
  );
});
