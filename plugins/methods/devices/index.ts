import { definePlugin, Devices, Gateway } from "openclaw/plugin-sdk";
import { createAnnouncements } from "./announce.ts";
import { createAuthenticate } from "./authenticate.ts";
import { registerMethods } from "./methods.ts";
import { publicDevice } from "./record.ts";
import { Registry } from "./registry.ts";

/** state.md §6: when somebody was here last is worth one write a minute, a pairing one now. */
const FLUSH_MS = 60_000;
const SOON_MS = 100;

export default definePlugin((gateway) => {
  const { log } = gateway;
  const registry = gateway.keep("registry", () => new Registry(gateway.paths.stateDir));
  for (const problem of registry.problems) gateway.diagnose(problem);
  const announce = createAnnouncements(gateway);
  const clients = gateway.use(Gateway);
  /** Tokens of those who have proven themselves and are about to be clients, by their proof. */
  const tokens = gateway.keep("tokens", () => new WeakMap<object, string>());

  const flush = () => registry.save().catch((error: unknown) => log.warn(String(error)));
  let soon: NodeJS.Timeout | undefined;
  const flushSoon = () => {
    soon ??= gateway.setTimeout(() => {
      soon = undefined;
      void flush();
    }, SOON_MS);
  };
  gateway.setInterval(() => void flush(), FLUSH_MS);
  gateway.own("device files", flush);

  gateway.hooks.authenticate.tap(
    createAuthenticate({
      registry,
      announce: {
        requested(request) {
          flushSoon();
          announce.requested(request);
        },
        resolved(resolved) {
          flushSoon();
          announce.resolved(resolved);
        },
      },
      log,
      admitted(proof, { token, isNew }) {
        tokens.set(proof, token);
        if (isNew) flushSoon();
      },
    }),
  );
  // Over HTTP a token stands for its device alone: there is no challenge to sign.
  gateway.hooks.bearer.tap(({ secret }) => registry.bearer(secret));
  // Between the verdict and the first answer a token may have gone: its holder is no client then.
  gateway.hooks.connected.tap(({ connId, connect: { device }, deviceId, role }) => {
    const token = device && tokens.get(device);
    if (!device || deviceId === undefined || token === undefined) return;
    tokens.delete(device);
    if (!registry.isCurrent(deviceId, role, token)) clients.disconnect(connId, 1008, "device token revoked");
  });

  registerMethods(gateway, registry, announce);
  gateway.provide(Devices, {
    paired: () => registry.list().map(publicDevice),
    get(deviceId) {
      const device = registry.get(deviceId);
      return device && publicDevice(device);
    },
  });
});
