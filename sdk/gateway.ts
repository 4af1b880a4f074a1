import type { AsyncParallelHook, AsyncSeriesBailHook, SyncBailHook, SyncHook, SyncWaterfallHook } from "tapable";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { TSchema } from "@sinclair/typebox";
import type { KeyedHook, PointsOf } from "./hook.ts";
import type { BearerAttempt, HttpCaller, HttpExchange, RouteDef, RouteOptions } from "./http.ts";
import type { Logger } from "./log.ts";
import type { Manifest } from "./manifest.ts";
import type { Call, Client, Denial, MethodDef, MethodOptions, OperatorScope } from "./method.ts";
import type { ConnectParams, HelloOk, StateVersion } from "./protocol/frames.ts";
import type { ServiceToken } from "./service.ts";
import type { PluginState } from "./services/plugins.ts";

/** A `connect` request that passed the shared checks, before the gateway decides. */
export interface ConnectAttempt {
  readonly params: ConnectParams;
  readonly role: "operator" | "node";
  readonly scopes: readonly string[];
  /** The shared token or password was right. */
  readonly sharedAuth: boolean;
  /** The device proved its key; its id. */
  readonly deviceId: string | undefined;
  readonly isLocal: boolean;
  readonly remoteIp: string | undefined;
  /** The configuration lets this page in without a device, so nothing is gained by pairing one. */
  readonly pairingWaived: boolean;
}

export type AuthVerdict =
  | {
      readonly ok: true;
      readonly scopes?: readonly string[];
      readonly deviceToken?: {
        readonly deviceToken: string;
        readonly role: string;
        readonly scopes: readonly string[];
        readonly issuedAtMs?: number;
      };
    }
  | {
      readonly ok: false;
      readonly code: "INVALID_REQUEST" | "NOT_PAIRED";
      readonly message: string;
      readonly details?: Record<string, unknown>;
    };

export interface UpgradeRequest {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly url: URL;
}

/** `taken`: the tap serves the socket. `refused`: nobody does, the server ends it. */
export type UpgradeVerdict = "taken" | "refused";

export interface ListenInfo {
  readonly host: string;
  readonly port: number;
}

export interface StopInfo {
  readonly reason: string;
  /** Set when the gateway comes back by itself. */
  readonly restartExpectedMs: number | undefined;
  /** How long work that runs may be waited for. Who takes much longer is left behind, and named in the log. */
  readonly budgetMs: number;
}

export interface EventEnvelope {
  readonly event: string;
  readonly payload: unknown;
}

export interface CallOutcome {
  readonly ok: boolean;
  readonly durationMs: number;
}

export interface ConfigChange {
  /** Dotted paths whose resolved value changed. */
  readonly paths: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
}

/** The kernel's hooks, in the order a gateway and a connection meet them. `kernel/hooks.ts` says when each fires. */
export interface KernelHooks {
  readonly pluginState: SyncHook<[PluginState, PluginState["state"]]>;
  readonly listening: AsyncParallelHook<[ListenInfo]>;
  readonly http: KeyedHook<[HttpExchange], true, RouteOptions>;
  readonly unrouted: KeyedHook<[HttpExchange], true | void, Pick<RouteOptions, "auth">>;
  readonly bearer: AsyncSeriesBailHook<[BearerAttempt], HttpCaller | void>;
  readonly upgrade: AsyncSeriesBailHook<[UpgradeRequest], UpgradeVerdict | void>;
  readonly authenticate: AsyncSeriesBailHook<[ConnectAttempt], AuthVerdict | void>;
  readonly helloOk: SyncWaterfallHook<[HelloOk, Client]>;
  readonly connected: SyncHook<[Client]>;
  readonly authorize: SyncBailHook<[Call], Denial | void>;
  readonly method: KeyedHook<[Call], unknown, MethodOptions>;
  readonly responded: SyncHook<[Call, CallOutcome]>;
  readonly event: SyncBailHook<[EventEnvelope, Client], false | void>;
  readonly disconnected: SyncHook<[Client, number, string]>;
  readonly configChanged: SyncHook<[ConfigChange]>;
  readonly stopping: AsyncParallelHook<[StopInfo]>;
  readonly stopped: SyncHook<[]>;
}

export interface EventOptions {
  /** Scope a client needs to receive it; nodes never get a guarded event. Default: everyone. */
  readonly scope?: OperatorScope;
  /** Skipped for a client that reads too slowly, instead of closing it. */
  readonly droppable?: boolean;
  readonly payload?: TSchema;
}

export interface EmitOptions {
  readonly stateVersion?: StateVersion;
  /** For this one: see {@link EventOptions.droppable}. */
  readonly droppable?: boolean;
  /** Only these connections, without `seq` (protocol.md §10). */
  readonly to?: Iterable<string>;
}

export type Emit<P> = (payload: P, options?: EmitOptions) => void;

/** The configuration as the gateway runs it: includes and variables resolved, frozen. */
export interface Settings {
  /**
   * Value at a dotted path (empty: the whole, another object after each change), or `undefined`. Ask at use time: the
   * answer follows hot reloads.
   */
  get<T = unknown>(path: string): T | undefined;
}

export interface PluginPaths {
  readonly stateDir: string;
  /** A path below this plugin's own folder in the state directory; the folder is made with mode 0700. */
  state(...segments: string[]): string;
}

/**
 * What a plugin gets when it is activated. Everything added through it belongs to the plugin and
 * leaves with it; adding after the plugin has closed throws.
 */
export interface PluginGateway {
  readonly id: string;
  /** A copy of the plugin's manifest. */
  readonly manifest: Manifest;
  /** Version of the gateway. */
  readonly version: string;
  /** What the user wrote under `plugins.entries.<id>.config`; frozen. */
  readonly config: unknown;
  readonly settings: Settings;
  readonly paths: PluginPaths;
  readonly log: Logger;
  /** Aborts when the plugin closes, after its running calls have ended. */
  readonly signal: AbortSignal;
  readonly hooks: PointsOf<KernelHooks> & {
    /** The taps of a service's own hook table. */
    of<A extends object, H extends object>(token: ServiceToken<A, H>): PointsOf<H>;
  };
  /** A handle to a service. Each call finds the provider of that moment; without one it throws `UNAVAILABLE`. */
  use<A extends object, H extends object>(token: ServiceToken<A, H>): A;
  /** Become the provider of a service. Returns the raw hooks to fire. */
  provide<A extends object, H extends object>(token: ServiceToken<A, H>, implementation: A): H;
  method<P extends TSchema, R>(def: MethodDef<P, R>): void;
  route(def: RouteDef): void;
  /** Declare an event; the returned function broadcasts it. */
  event<P = unknown>(name: string, options?: EventOptions): Emit<P>;
  /** What is wrong with `value` by a JSON Schema, in the established words; `undefined` when nothing is. */
  validate(schema: object, value: unknown): string | undefined;
  /**
   * Tell the operator what is wrong with this plugin, once per text: in the log and in `plugins list`.
   * `lacks` names what it uses of the established contract and this gateway does not have.
   */
  diagnose(text: string, lacks?: string): void;
  /** Name something the plugin adds that no hook table knows, for `plugins list`. */
  contributes(kind: string, name: string): void;
  /**
   * A value that the generations of this plugin share until it is disabled: what one has begun, the next
   * can take over. `create` makes it for the first.
   */
  keep<T>(name: string, create: () => T): T;
  /** Dispose of something when the plugin closes, newest first. */
  own(label: string, dispose: () => void | Promise<void>): void;
  /** Gone with the plugin. What is longer than a timer can wait, some 24 days, waits so long. */
  setTimeout(fn: () => void, ms: number): NodeJS.Timeout;
  setInterval(fn: () => void, ms: number): NodeJS.Timeout;
}
