import type { Emit } from "../gateway.ts";
import { isProvided } from "../service.ts";
import { Cron } from "../services/cron.ts";
import type { CronApi } from "../services/cron.ts";
import { Messaging } from "../services/messaging.ts";
import type { GatewayMethodContext } from "./contract.ts";
import type { Established } from "./established.ts";
import { unsupported, UnsupportedError } from "./unsupported.ts";

/** Members that plugins call and this gateway has no counterpart for yet. */
const ABSENT = ["startChannel", "stopChannel"] as const;

/** `context` of a gateway method. Fields that are internals of another product are absent, and named when read. */
export function createMethodContext(plugin: Established): GatewayMethodContext {
  const { gateway, logger } = plugin;
  const emitters = new Map<string, Emit<unknown>>();
  /** An event name belongs to one plugin: what another one declared is not broadcast, and said so. */
  const emitter = (event: string, droppable: boolean): Emit<unknown> => {
    try {
      const emit = emitters.get(event) ?? gateway.event(event, { droppable });
      emitters.set(event, emit);
      return emit;
    } catch (error) {
      gateway.diagnose(`cannot broadcast: ${error instanceof Error ? error.message : String(error)}`);
      return () => undefined;
    }
  };
  const refuse = (name: string) => {
    gateway.diagnose(`calls ${name}, which this gateway does not have`, name);
    return new UnsupportedError(name, gateway.id);
  };

  const jobs = gateway.use(Cron);
  const cron = {
    list: (options?: Parameters<CronApi["list"]>[0]) => jobs.list(options),
    add: (job: Readonly<Record<string, unknown>>) => jobs.add(job),
    update: (id: string, patch: Readonly<Record<string, unknown>>) => jobs.update(id, patch),
    remove: async (id: string) => ({ ok: true, ...(await jobs.remove(id)) }),
    run: (id: string, mode: "due" | "force" = "force") => jobs.run(id, mode),
  };

  const known: GatewayMethodContext & Record<string, unknown> = {
    broadcast: (event, payload, { dropIfSlow = false } = {}) => emitter(event, dropIfSlow)(payload),
    broadcastToConnIds: (event, payload, connIds, { dropIfSlow = false } = {}) =>
      emitter(event, dropIfSlow)(payload, { to: connIds }),
    logGateway: logger,
    getRuntimeSnapshot() {
      const channels = gateway.use(Messaging).channels();
      return {
        channels: Object.fromEntries(channels.map(({ id, accounts: [first] }) => [id, first ?? {}])),
        channelAccounts: Object.fromEntries(
          channels.map(({ id, accounts }) => [id, Object.fromEntries(accounts.map((one) => [one.accountId, one]))]),
        ),
      };
    },
    get cron() {
      return isProvided(jobs) ? cron : unsupported("context.cron", refuse);
    },
    ...Object.fromEntries(ABSENT.map((name) => [name, unsupported(`context.${name}`, refuse)])),
  };
  return new Proxy(known, {
    get(target, key) {
      if (typeof key === "string" && !(key in target) && key !== "then" && key !== "toJSON") {
        const name = `context.${key}`;
        gateway.diagnose(`reads ${name} of a gateway method, which this gateway does not have`, name);
      }
      return Reflect.get(target, key) as unknown;
    },
  });
}
