import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { GatewayError, OPERATOR_SCOPES } from "openclaw/plugin-sdk";
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
import type { EventTable } from "../wire/events.ts";
import type { Faults } from "./faults.ts";
import { running } from "./faults.ts";
import type { Scope } from "./scope.ts";
import type { Services } from "./services.ts";
import { ownedPoints } from "./tap.ts";

/** Hooks that decide who gets in; tapping them needs the permission `auth`. */
const GATES = new Set(["authenticate", "authorize", "upgrade", "event"]);
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
  readonly log: (subsystem: string) => Logger;
}

/** The object one generation of a plugin is activated with. All it adds belongs to `scope`. */
export function createPluginGateway(manifest: Manifest, config: unknown, scope: Scope, parts: ApiParts): PluginGateway {
  const { hooks, services, faults } = parts;
  const { id } = manifest;
  const need = (permission: string, what: string) => {
    if (manifest.permissions?.includes(permission)) return;
    throw new GatewayError(
      "INVALID_REQUEST",
      `plugin "${id}" may not use ${what}; its manifest lacks permission "${permission}"`,
      {
        details: { code: "permission_denied", permission },
      },
    );
  };
  const owner = {
    scope,
    faults,
    mayTap: (hook: string) => {
      if (GATES.has(hook)) need("auth", `hook ${hook}`);
    },
  };
  const points = ownedPoints(hooks, owner);
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
    version: parts.version,
    config,
    settings: parts.settings,
    log: parts.log(`plugin/${id}`),
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
      method: { for: (name) => checked(points.method.for(name), (options) => checkMethod(name, options)) },
      http: { for: (path) => checked(points.http.for(path), (options) => checkRoute(manifest, path, options)) },
      of: (token) => ownedPoints(services.hooks(token), owner),
    },
    use(token) {
      if (KERNEL_SERVICES.has(token.name)) need(token.name, `service "${token.name}"`);
      return services.handle(token);
    },
    provide(token, implementation) {
      if (KERNEL_SERVICES.has(token.name)) throw new Error(`service "${token.name}" belongs to the kernel`);
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
      return parts.events.declare(name, options, scope);
    },
    own: (label, dispose) => void scope.own(label, dispose),
    setTimeout(fn, ms) {
      const timer = setTimeout(() => {
        disown();
        contained("a timer", fn)();
      }, ms);
      const disown = scope.own("timer", () => clearTimeout(timer));
      return timer;
    },
    setInterval(fn, ms) {
      const timer = setInterval(contained("a timer", fn), ms);
      scope.own("interval", () => clearInterval(timer));
      return timer;
    },
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

/** A route says who may reach it, and a public one must be listed as public in the manifest (security.md S-25). */
function checkRoute(manifest: Manifest, path: string, options: Partial<RouteOptions> & TapOrder): void {
  if (options.auth === "gateway") return;
  const listed = manifest.contributes?.http?.some((route) => route.path === path && route.auth === "none");
  if (options.auth === "none" && listed) return;
  throw new Error(
    `route ${path} needs auth "gateway", or auth "none" here and in contributes.http of "${manifest.id}"`,
  );
}
