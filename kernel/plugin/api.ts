import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { createChecks, GatewayError, LONGEST_TIMER_MS, OPERATOR_SCOPES } from "openclaw/plugin-sdk";
import type {
  Emit,
  EventOptions,
  KernelHooks,
  Logger,
  Manifest,
  MethodDef,
  MethodOptions,
  PluginGateway,
  RouteDef,
  RouteOptions,
  Settings,
  TapOrder,
  TSchema,
} from "openclaw/plugin-sdk";
import { declaredMethods } from "openclaw/plugin-sdk/plugins";
import type { PluginsConfig } from "openclaw/plugin-sdk/plugins";
import type { EventTable } from "../wire/events.ts";
import type { Faults } from "./faults.ts";
import { running } from "./faults.ts";
import { limited } from "./log-limit.ts";
import type { Scope } from "./scope.ts";
import type { Services } from "./services.ts";
import { ownedPoints } from "./tap.ts";
import { Timers } from "./timers.ts";

/** Hooks that decide who gets in; tapping them needs the permission `auth`. */
const GATES = new Set(["authenticate", "authorize", "bearer", "upgrade", "event"]);
/** Services of the kernel; using them needs the permission of the same name. */
const KERNEL_SERVICES = new Set(["config", "plugins", "gateway"]);

export interface ApiParts {
  readonly version: string;
  readonly hooks: Readonly<KernelHooks>;
  readonly services: Services;
  readonly events: EventTable;
  readonly faults: Faults;
  readonly settings: Settings;
  readonly stateDir: string;
  /** Id of the plugin whose manifest announces `name`, active or not. */
  readonly announcer?: (kind: string, name: string) => string | undefined;
  readonly log: (subsystem: string) => Logger;
}

/** The object one generation of a plugin is activated with. All it adds belongs to `scope`. */
export function createPluginGateway(manifest: Manifest, config: unknown, scope: Scope, parts: ApiParts): PluginGateway {
  const { hooks, services, faults } = parts;
  const { id } = manifest;
  const timers = new Timers(scope);
  const deny = (text: string, details: object): never => {
    const error = new GatewayError("INVALID_REQUEST", text, { details: { code: "permission_denied", ...details } });
    faults.report(id, "permission check", error);
    throw error;
  };
  const need = (permission: string, what: string) => {
    if (manifest.permissions?.includes(permission)) return;
    deny(`plugin "${id}" may not use ${what}; its manifest lacks permission "${permission}"`, { permission });
  };
  const methods = manifest.contributes?.methods && declaredMethods(manifest);
  /** A manifest that lists methods lists all of them (security.md S-49). The established shape had no such list. */
  const listed = (method: string, { stage = 0, yields = false }: TapOrder) => {
    if (!methods || methods.has(method) || stage !== 0 || yields) return;
    deny(`plugin "${id}" may not offer method "${method}"; its manifest lacks it in contributes.methods`, { method });
  };
  /** A name that another plugin announces is taken, whether that one is active or not. */
  const claim = (kind: string, what: string, name: string) => {
    const holder = parts.announcer?.(kind, name) ?? id;
    if (holder !== id) throw new Error(`${what} "${name}" belongs to plugin "${holder}"; "${id}" cannot take it`);
  };
  /** What runs before or behind the handler of another plugin decides over it. */
  const guards = (kind: string, name: string, { stage = 0 }: TapOrder) => {
    if (stage !== 0 && parts.announcer?.(kind, name) !== id) need("auth", `a guard of ${name}`);
  };
  const log = limited(parts.log(`plugin/${id}`));
  const diagnose = (text: string) => {
    if (scope.notes.diagnose(text)) log.warn(text);
  };
  const owner = {
    scope,
    faults,
    diagnose,
    mayTap: (hook: string) => {
      if (GATES.has(hook)) need("auth", `hook ${hook}`);
    },
  };
  const points = ownedPoints(hooks, owner);
  const checks = createChecks();
  const isPublic = (path: string) =>
    manifest.contributes?.http?.some(({ auth, path: own, setting }) => {
      const chosen = setting === undefined ? undefined : parts.settings.get<string>(setting)?.replace(/\/+$/, "");
      return auth === "none" && (path === own || path === chosen);
    }) === true || parts.settings.get<PluginsConfig>("plugins")?.entries?.[id]?.http?.public === true;
  /** A callback of the plugin's that something else calls: blamed and contained. */
  const contained = (where: string, fn: () => void) => () => {
    try {
      running.run(scope, fn);
    } catch (error) {
      faults.report(id, where, error);
    }
  };

  return {
    id,
    manifest: structuredClone(manifest),
    version: parts.version,
    config,
    settings: parts.settings,
    log,
    signal: scope.signal,
    paths: {
      stateDir: parts.stateDir,
      state(...segments) {
        const path = join(parts.stateDir, "plugins", id, ...segments);
        mkdirSync(segments.length > 0 ? dirname(path) : path, { recursive: true, mode: 0o700 });
        return path;
      },
    },
    hooks: {
      ...points,
      method: {
        for: (name) =>
          checked(points.method.for(name), (options) => {
            guards("methods", name, options);
            listed(name, options);
            checkMethod(name, options);
          }),
      },
      http: {
        for: (path) =>
          checked(points.http.for(path), (options) => {
            guards("http", path, options);
            checkRoute(path, options, isPublic);
          }),
      },
      unrouted: { for: (key) => checked(points.unrouted.for(key), (options) => checkRoute(key, options, isPublic)) },
      of: (token) => ownedPoints(services.hooks(token), owner),
    },
    use(token) {
      if (KERNEL_SERVICES.has(token.name)) need(token.name, `service "${token.name}"`);
      return services.handle(token);
    },
    provide(token, implementation) {
      if (KERNEL_SERVICES.has(token.name)) {
        throw new Error(`service "${token.name}" belongs to the kernel; "${id}" cannot take it`);
      }
      claim("services", "service", token.name);
      return services.provide(token, implementation, scope);
    },
    method<P extends TSchema, R>({ name, handle, ...options }: MethodDef<P, R>) {
      // Parameters are what the schema says: dispatch has checked them before the tap runs.
      const tap = (call: { params: unknown }) => handle(call.params as never, call as never);
      this.hooks.method.for(name).tap(options, tap);
    },
    route({ path, handle, ...options }: RouteDef) {
      this.hooks.http.for(path).tap(options, async (exchange) => {
        await handle(exchange);
        return true as const;
      });
    },
    event<P>(name: string, options: EventOptions = {}): Emit<P> {
      claim("events", "event", name);
      const emit = parts.events.declare<P>(name, options, scope);
      return (payload, how) => {
        // Something that a closed plugin has left running.
        if (!scope.closed) emit(payload, how);
      };
    },
    validate: (schema, value) => checks.of(schema)(value),
    diagnose(text, lacks) {
      if (lacks !== undefined) scope.notes.unsupported.add(lacks);
      diagnose(text);
    },
    contributes: (kind, name) => void scope.entry(`${kind} ${name}`, () => scope.notes.contribute(kind, name)),
    keep<T>(name: string, create: () => T): T {
      if (!scope.kept.has(name)) scope.kept.set(name, create());
      // Only this plugin writes under its names.
      return scope.kept.get(name) as T;
    },
    own: (label, dispose) => void scope.own(label, dispose),
    setTimeout: (fn, ms) => timers.add(() => setTimeout(contained("a timer", fn), Math.min(ms, LONGEST_TIMER_MS))),
    setInterval: (fn, ms) => timers.add(() => setInterval(contained("a timer", fn), Math.min(ms, LONGEST_TIMER_MS))),
  };
}

interface Point<O> {
  tap(options: O, fn: never): void;
}

/** `point` with a check of the options before each tap. */
function checked<P extends Point<never>>(point: P, check: (options: object) => void): P {
  const tap = (options: object, fn: never) => {
    check(options);
    point.tap(options as never, fn);
  };
  return { tap, tapPromise: tap } as unknown as P;
}

/** A method must say who may call it. Guards (stage < 0) offer nothing and need no scope. */
function checkMethod(name: string, options: Partial<MethodOptions> & TapOrder): void {
  if ((options.stage ?? 0) < 0 || options.scope === "node" || OPERATOR_SCOPES.includes(options.scope as never)) return;
  throw new Error(`method "${name}" needs a scope: one of ${[...OPERATOR_SCOPES, "node"].join(", ")}`);
}

/** A route says who may reach it; a public one is listed as public, or opened by the operator (security.md S-25). */
function checkRoute(
  path: string,
  options: Partial<RouteOptions> & TapOrder,
  isPublic: (path: string) => boolean,
): void {
  if (options.auth === "gateway" || options.auth === "local") return;
  if (options.auth === "none" && isPublic(path)) return;
  throw new Error(`route ${path} needs auth "gateway" or "local", or auth "none" here and in contributes.http`);
}
