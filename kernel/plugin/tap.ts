import { dirname } from "node:path";
import { GatewayError, KeyedHook, traitsOf } from "openclaw/plugin-sdk";
import type { PointsOf, RawHook, TapOrder } from "openclaw/plugin-sdk";
import type { Faults } from "./faults.ts";
import { running } from "./faults.ts";
import { within } from "./scope.ts";
import type { Scope } from "./scope.ts";

/** Milliseconds an awaited tap may take, unless its hook or table says otherwise (reliability.md R-34). */
const HOOK_LIMIT_MS = 5_000;

type Fn = (...args: unknown[]) => unknown;

/** A tapable hook with the members that tapping and untapping need. */
interface TapableHook extends RawHook {
  tap(options: object, fn: Fn): void;
  tapPromise(options: object, fn: Fn): void;
  /** Only synchronous hooks have it. */
  call?: Fn | undefined;
}

interface Owner {
  readonly scope: Scope;
  readonly faults: Faults;
  /** Tell the operator. */
  readonly diagnose: (text: string) => void;
  /** Throws when the plugin may not tap this hook. */
  readonly mayTap: (hook: string) => void;
}

/** A plugin's view of a hook table: it can tap, each tap is guarded and leaves with its scope. */
export function ownedPoints<T extends object>(table: T, owner: Owner): PointsOf<T> {
  const points: Record<string, unknown> = {};
  for (const [name, hook] of Object.entries(table)) {
    points[name] = hook instanceof KeyedHook ? keyedPoint(hook, owner) : point(hook as TapableHook, owner);
  }
  return points as PointsOf<T>;
}

function point(hook: TapableHook, owner: Owner): object {
  const add = (first: TapOrder | Fn, second?: Fn) => {
    const [order, fn] = typeof first === "function" ? [{}, first] : [first, second as Fn];
    owner.mayTap(hook.name ?? "");
    const guarded = isAsync(hook) ? guardAsync(hook, fn, owner) : guardSync(hook, fn, owner);
    owner.scope.entry(`tap ${hook.name}`, () => attach(hook, order, guarded, owner.scope));
  };
  return { tap: add, tapPromise: add };
}

function keyedPoint(table: KeyedHook<unknown[], unknown, object>, owner: Owner): object {
  return {
    for(key: string) {
      const add = (first: (TapOrder & object) | Fn, second?: Fn) => {
        const [options, fn] = typeof first === "function" ? [{}, first] : [first, second as Fn];
        owner.mayTap(table.name);
        owner.scope.entry(`${table.name} ${key}`, () => {
          const offered = ((options as TapOrder).stage ?? 0) === 0;
          const holder = (options as TapOrder).yields ? holderOf(table, key, owner.scope) : undefined;
          if (holder !== undefined) {
            owner.diagnose(`${table.name} "${key}" belongs to plugin "${holder}"; it was not registered again`);
            return () => undefined;
          }
          if (offered) offer(table, key, options, owner.scope);
          const hook = table.for(key) as unknown as TapableHook;
          const guarded = guardKeyed(hook, fn, owner, offered);
          const forget = offered ? owner.scope.notes.contribute(table.contribution, key) : undefined;
          const detach = attach(hook, options, guarded, owner.scope);
          return () => {
            detach();
            forget?.();
            if (offered) table.offers.delete(key);
            // The next generation comes in the same breath: whoever holds the offer calls the same hook and reaches it.
            queueMicrotask(() => table.release(key));
            if (offered) table.changed?.(key);
          };
        });
      };
      return { tap: add, tapPromise: add };
    },
  };
}

/** Who offers `key` now, or will on first use, unless that is this plugin's own announcement. */
function holderOf(table: KeyedHook<unknown[], unknown, object>, key: string, scope: Scope): string | undefined {
  const announcer = table.announcer?.(key);
  return table.offers.get(key)?.owner ?? (announcer === scope.owner ? undefined : announcer);
}

/** Enter `key` into the table; a name belongs to one plugin. */
function offer(table: KeyedHook<unknown[], unknown, object>, key: string, options: object, scope: Scope): void {
  const holder = holderOf(table, key, scope);
  if (holder !== undefined)
    throw new Error(`${table.name} "${key}" belongs to plugin "${holder}"; "${scope.owner}" cannot take it`);
  table.offers.set(key, { key, owner: scope.owner, options, hook: table.for(key) });
  table.changed?.(key);
}

/** Tap the raw hook; returns the way back. */
function attach(hook: TapableHook, order: TapOrder, guarded: Guarded, scope: Scope): () => void {
  guarded.live.on = true;
  const options = { name: scope.owner, ...(order.stage !== undefined && { stage: order.stage }) };
  if (isAsync(hook)) hook.tapPromise(options, guarded.run);
  else hook.tap(options, guarded.run);
  return () => {
    guarded.live.on = false;
    untap(hook, guarded.run);
  };
}

/**
 * tapable has no way to remove a tap. A new list and a forgotten compilation do it; `_x` is cleared so
 * that the removed function can be collected. Private members, stable since tapable 2.0: see tap.test.ts.
 */
function untap(hook: TapableHook, fn: Fn): void {
  const raw = hook as TapableHook & { _resetCompilation(): void; _x: unknown };
  raw.taps = raw.taps.filter((tap) => tap.fn !== fn);
  raw._resetCompilation();
  raw._x = undefined;
}

/**
 * Compile what calls the taps of each hook in `table`. tapable does it at the first call after a change, which is when
 * somebody waits. Private members, stable since tapable 2.0: see tap.test.ts.
 */
export function compileHooks(table: object): void {
  for (const hook of Object.values(table)) {
    if (!(hook instanceof KeyedHook)) compile(hook as TapableHook);
    else for (const offer of hook.offers.values()) compile(offer.hook as unknown as TapableHook);
  }
}

function compile(hook: TapableHook): void {
  const raw = hook as TapableHook & Record<"call" | "_call" | "promise" | "_promise", Fn | undefined> & Compiler;
  const [name, type] = isAsync(hook) ? (["promise", "promise"] as const) : (["call", "sync"] as const);
  if (raw.taps?.length > 0 && raw[name] === raw[`_${name}`]) raw[name] = raw._createCall(type);
}

interface Compiler {
  _createCall(type: "sync" | "promise"): Fn;
}

interface Guarded {
  readonly run: Fn;
  /** A list compiled before the tap was removed may still reach it; then it abstains. */
  readonly live: { on: boolean };
}

function guardSync(hook: TapableHook, fn: Fn, { scope, faults }: Owner): Guarded {
  const { deny } = traitsOf(hook);
  const live = { on: false };
  const fail = (error: unknown) => {
    faults.report(scope.owner, `hook ${hook.name}`, error);
    return deny?.(error);
  };
  const run = (...args: unknown[]) => {
    if (!live.on) return undefined;
    scope.enter();
    try {
      const result = running.run(scope, fn, ...args);
      if (!isPromise(result)) return answer(result, hook);
      result.then(undefined, (error: unknown) => faults.report(scope.owner, `hook ${hook.name}`, error));
      return fail(new Error("a tap of a synchronous hook returned a promise"));
    } catch (error) {
      return fail(error);
    } finally {
      scope.leave();
    }
  };
  return { run, live };
}

function guardAsync(hook: TapableHook, fn: Fn, { scope, faults }: Owner): Guarded {
  const live = { on: false };
  const run = async (...args: unknown[]) => {
    if (!live.on) return undefined;
    const { deny, limitMs = HOOK_LIMIT_MS } = traitsOf(hook);
    scope.enter();
    try {
      const result = running.run(scope, fn, ...args);
      if (!isPromise(result)) return answer(result, hook);
      if (limitMs > 0 && (await within(result.then(nothing, nothing), limitMs))) {
        throw new Error(`no answer within ${limitMs} ms`);
      }
      return answer(await result, hook);
    } catch (error) {
      faults.report(scope.owner, `hook ${hook.name}`, error);
      return deny?.(error);
    } finally {
      scope.leave();
    }
  };
  return { run, live };
}

/**
 * What a tap said. `null` is nothing: it must not end a list, nor replace a value. A gate hears refusals only, so
 * that `true` for "let it pass" does not silence the gates behind it.
 */
function answer(result: unknown, hook: TapableHook): unknown {
  if (result === null) return undefined;
  const known = result === undefined || result === false || typeof result === "object" || typeof result === "string";
  if (traitsOf(hook).deny && !known) throw new Error(`a gate answered ${String(result)}, which is no verdict`);
  return result;
}

/** Taps under a key answer a caller: what they throw is the caller's, and only the unexpected is a fault. */
function guardKeyed(hook: TapableHook, fn: Fn, { scope, faults, diagnose }: Owner, offered: boolean): Guarded {
  const live = { on: false };
  const run = async (...args: unknown[]) => {
    if (!live.on) {
      // A guard kept the call until its handler was gone. An empty answer would pass for one of its own.
      if (offered) throw new GatewayError("UNAVAILABLE", `${hook.name} was replaced meanwhile`, { retryable: true });
      return undefined;
    }
    scope.enter();
    try {
      return await running.run(scope, fn, ...args);
    } catch (error) {
      // What a tool could not read is its own answer.
      const disk = hook.name?.startsWith("method:") ? diskProblem(error) : undefined;
      if (disk) diagnose(whereText(hook, error as NodeJS.ErrnoException));
      else if (!expected(error)) faults.report(scope.owner, hook.name ?? "", error);
      throw disk ?? error;
    } finally {
      scope.leave();
    }
  };
  return { run, live };
}

/** A refusal, or work that was called off. */
function expected(error: unknown): boolean {
  return error instanceof GatewayError || (error instanceof Error && error.name === "AbortError");
}

/** What the disk refuses, and what mends it. */
const DISK: Readonly<Record<string, string>> = {
  EROFS: "its file system is read-only; mount it writable",
  EACCES: "permission denied; let the gateway's user write there",
  EPERM: "not permitted; let the gateway's user write there",
  ENOSPC: "no space left; free some on that disk",
  EDQUOT: "the quota is used up; free some of it",
};

/** A disk that refuses is nobody's fault: the call fails, and no plugin is switched off for it. */
function diskProblem(error: unknown): GatewayError | undefined {
  const { code = "", path } = (error instanceof Error ? error : {}) as NodeJS.ErrnoException;
  const why = path === undefined ? undefined : DISK[code];
  if (why === undefined) return undefined;
  return new GatewayError("UNAVAILABLE", `the gateway cannot use its disk: ${why} (the log says where)`, {
    details: { code: "WRITE_FAILED" },
    retryable: true,
    cause: error,
  });
}

/** The folder: names of temporary files would make each refusal a new one. */
function whereText({ name }: TapableHook, { code, path = "" }: NodeJS.ErrnoException): string {
  return `${name}: ${code} in ${dirname(path)}`;
}

function isAsync(hook: TapableHook): boolean {
  return hook.call === undefined;
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | undefined)?.then === "function";
}

function nothing(): void {}
