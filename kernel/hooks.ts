import { AsyncParallelHook, AsyncSeriesBailHook, SyncBailHook, SyncHook, SyncWaterfallHook } from "tapable";
import { gate, KeyedHook } from "openclaw/plugin-sdk";
import type { KernelHooks } from "openclaw/plugin-sdk";

/**
 * Every hook of the kernel, in the order a gateway and a connection meet them. A throw in an observer
 * is logged and skipped, in a filter the value passes unchanged, in a decider the tap abstains, in a
 * gate it denies.
 */
export function createHooks(): Readonly<KernelHooks> {
  return Object.freeze({
    /** A plugin went from one state to another, or into the same with a new generation or for a new reason. */
    pluginState: new SyncHook(["plugin", "previous"], "pluginState"),
    /** The port is open and the plugins that run from the start are active. Channels start here. */
    listening: new AsyncParallelHook(["info"], "listening"),
    /** One hook per path. The longest mounted path that matches answers. */
    http: new KeyedHook(["exchange"], "http", "http"),
    /** No route below `/` matches: each offer in turn may answer with `true`. Any key; one per handler. */
    unrouted: new KeyedHook(["exchange"], "unrouted", "httpHandlers"),
    /** A request came with a secret that is not the gateway's own. Who is it? Without a verdict it is nobody. */
    bearer: new AsyncSeriesBailHook(["attempt"], "bearer"),
    /** An HTTP upgrade arrived. Without a verdict the socket becomes a gateway client. */
    upgrade: gate(new AsyncSeriesBailHook(["request"], "upgrade"), () => "refused"),
    /** Who is this? First verdict wins; without one the shared token or password decides. */
    authenticate: gate(new AsyncSeriesBailHook(["attempt"], "authenticate"), () => REFUSED),
    /** Last change to the first answer a client gets. */
    helloOk: new SyncWaterfallHook(["hello", "client"], "helloOk"),
    /** A client has logged in and has its first answer. */
    connected: new SyncHook(["client"], "connected"),
    /** May this client make this call? Runs after the scope check, before the parameters are validated. */
    authorize: gate(new SyncBailHook(["call"], "authorize"), () => DENIED),
    /** One hook per RPC method: stage < 0 for guards, 0 for the handler. First result wins. */
    method: new KeyedHook(["call"], "method", "methods"),
    /** An answer has been sent. */
    responded: new SyncHook(["call", "outcome"], "responded"),
    /** An event is about to go to one client: `false` withholds it. */
    event: gate(new SyncBailHook(["event", "client"], "event"), () => false),
    /** A client that had logged in is gone. */
    disconnected: new SyncHook(["client", "code", "reason"], "disconnected"),
    /** Values of the configuration changed that are read at use time. */
    configChanged: new SyncHook(["change"], "configChanged"),
    /** The gateway stops taking in work; clients are still connected. All at once, within the budget of the stop. */
    stopping: new AsyncParallelHook(["stop"], "stopping"),
    /** Clients are gone and the port is closed. */
    stopped: new SyncHook([], "stopped"),
  } satisfies KernelHooks);
}

const REFUSED = { ok: false, code: "INVALID_REQUEST", message: "unauthorized: authentication failed" } as const;
const DENIED = { code: "UNAVAILABLE", message: "authorization failed" } as const;
