import {
  closed,
  definePlugin,
  errorText,
  Gateway,
  GatewayError,
  Plugins,
  System,
  SystemEvents,
  Type,
  whenCalm,
} from "openclaw/plugin-sdk";
import type { StateVersion } from "openclaw/plugin-sdk";
import { newsOf, parseBeacon } from "./beacon.ts";
import { createHealth } from "./health.ts";
import { removeLeftoverTemps } from "./leftover-temps.ts";
import { tailLog } from "./log-tail.ts";
import { Presence } from "./presence.ts";
import type { PresenceEntry } from "./presence-entry.ts";
import { restartWithNote, takeNote } from "./restart-note.ts";
import { HealthShape, LogTailShape, OkShape, PresenceEventShape, PresenceListShape, StatusShape } from "./shape.ts";

export default definePlugin((gateway) => {
  const kernel = gateway.use(Gateway);
  const events = gateway.use(SystemEvents);
  // Above what an earlier run of this process counted to, so that no client sees a version fall (protocol.md §10): there
  // is no change in every millisecond.
  const firstVersion = 1 + Math.floor(kernel.state().uptimeMs);
  const emitPresence = gateway.event<{ presence: PresenceEntry[] }>("presence", {
    droppable: true,
    payload: PresenceEventShape,
  });
  const stateVersion = (): StateVersion => ({ presence: presence.version, health: health.version });
  const presence = new Presence(gateway, firstVersion, () =>
    emitPresence({ presence: presence.list() }, { stateVersion: stateVersion() }),
  );
  const health = createHealth(gateway, { kernel, plugins: gateway.use(Plugins), firstVersion, stateVersion });
  const hooks = gateway.provide(System, {
    health: health.report,
    healthChanged: health.changed,
    restart: (request) => restartWithNote(request, gateway, kernel),
  });
  health.hooks = hooks;
  const start = gateway.keep("start", () => ({ isOver: false }));
  gateway.hooks.listening.tap(async () => {
    // Who connects from now on finds it in the first snapshot; who was there before the plugins were, hears it.
    await health.report({ probe: false });
    // Later generations leave alone what is meant for the next start.
    if (start.isOver) return;
    start.isOver = true;
    const tidy = () =>
      void removeLeftoverTemps(gateway.paths.stateDir).then(
        (paths) => paths.length > 0 && gateway.log.info(`${paths.length} files of writes that were cut off removed`),
        (error: unknown) => gateway.log.warn(`leftover files stay: ${errorText(error)}`),
      );
    whenCalm(gateway, tidy);
    const note = await takeNote(gateway);
    if (note) await hooks.restarted.promise(note);
  });

  // A client finds itself in its first snapshot (protocol.md §3.3, step 12).
  gateway.hooks.helloOk.tap((hello, client) => {
    presence.client(client, "connect");
    return {
      ...hello,
      snapshot: {
        ...hello.snapshot,
        presence: presence.list(),
        health: health.last ?? {},
        stateVersion: stateVersion(),
      },
    };
  });
  gateway.hooks.connected.tap(() => health.changed());
  gateway.hooks.disconnected.tap((client) => presence.client(client, "disconnect"));

  gateway.method({
    name: "health",
    scope: "operator.read",
    params: Type.Object({ probe: Type.Optional(Type.Boolean()) }),
    result: HealthShape,
    handle: ({ probe = false }) => health.report({ probe }),
  });
  gateway.method({
    name: "status",
    scope: "operator.read",
    params: Type.Object({}),
    result: StatusShape,
    async handle() {
      const { ready, degraded, reasons } = await health.report({ probe: false });
      return hooks.status.promise({ channelSummary: [], queuedSystemEvents: [], ready, degraded, reasons });
    },
  });
  gateway.method({
    name: "system-presence",
    scope: "operator.read",
    params: Type.Object({}),
    result: PresenceListShape,
    handle: () => presence.list(),
  });
  gateway.method({
    name: "system-event",
    scope: "operator.admin",
    params: Type.Object({}, { additionalProperties: true }),
    result: OkShape,
    async handle(params) {
      const beacon = parseBeacon(params);
      if (!beacon) throw new GatewayError("INVALID_REQUEST", "text required");
      const change = presence.put(beacon.name, beacon.facts);
      presence.flush();
      const news = newsOf(change);
      if (news !== undefined) await events.enqueue(news, { contextKey: change.key });
      return { ok: true };
    },
  });
  gateway.method({
    name: "logs.tail",
    scope: "operator.read",
    params: closed({
      cursor: Type.Optional(Type.Integer({ minimum: 0 })),
      id: Type.Optional(Type.String({ maxLength: 64 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 5000 })),
      maxBytes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    }),
    result: LogTailShape,
    handle: (params) => tailLog(kernel.state().logFile, params),
  });
});
