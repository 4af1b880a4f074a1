import { defineCollection, definePlugin, Messaging, Store, System } from "openclaw/plugin-sdk";
import { whatsappChannel } from "./channel.ts";
import { loadLibrary } from "./library.ts";
import { linkChannel } from "./link-channel.ts";
import { quietConsole } from "./log-adapter.ts";

/** When the last message that was taken in had been sent, by account. */
const CURSORS = defineCollection<{ readonly at: number }>("whatsapp-cursor");
const CURSOR_EVERY_MS = 5_000;

/** WhatsApp as a linked device of somebody's phone, through the library @whiskeysockets/baileys. */
export default definePlugin((gateway) => {
  const { log, settings, version, paths } = gateway;
  const store = gateway.use(Store);
  const cursors = new Map<string, number>();
  const saveCursors = async () => {
    const moved = [...cursors];
    cursors.clear();
    if (moved.length > 0) await store.commit(moved.map(([id, at]) => CURSORS.put(id, { at })));
  };
  gateway.setInterval(() => {
    void saveCursors().catch((error: unknown) => log.debug("whatsapp: the cursor waits for the store", { err: error }));
  }, CURSOR_EVERY_MS);
  // what is not saved is heard of again at the next start, and known by its id then
  gateway.hooks.stopping.tap(saveCursors);

  let isQuiet = false;
  const channel = whatsappChannel({
    settings,
    stateDir: paths.stateDir,
    version,
    log,
    async load() {
      const library = await loadLibrary();
      if (!isQuiet) gateway.own("console filter", quietConsole());
      isQuiet = true;
      return library;
    },
    cursor: {
      read: async (accountId) => cursors.get(accountId) ?? (await store.get(CURSORS, accountId))?.at,
      moved: (accountId, at) => cursors.set(accountId, Math.max(at, cursors.get(accountId) ?? 0)),
    },
  });
  gateway.own("logins", () => channel.stopLogins());
  gateway.hooks
    .of(Messaging)
    .channel.for("whatsapp")
    .tap({ label: "WhatsApp" }, () => channel.definition);
  const messaging = gateway.use(Messaging);
  const system = gateway.hooks.of(System);
  system.health.tap((report) => ({ ...report, ...linkChannel(messaging.channels()) }));
  system.status.tap((report) => ({ ...report, ...linkChannel(messaging.channels()) }));
});
