import { AsyncSeriesBailHook } from "tapable";

/** Where a tap stands among the others of one hook: lower stages first, then order of arrival. */
export interface TapOrder {
  readonly stage?: number;
  /** An offer under a key that belongs to another stays away with a diagnostic, instead of failing its plugin. */
  readonly yields?: boolean;
}

/** A hook that runs its taps synchronously. A tap that returns a promise is a fault of its plugin. */
export interface SyncPoint<A extends readonly unknown[], R> {
  tap(fn: (...args: A) => R): void;
  tap(order: TapOrder, fn: (...args: A) => R): void;
}

/** A hook that awaits its taps. `tap` and `tapPromise` are the same; both take either kind of function. */
export interface AsyncPoint<A extends readonly unknown[], R, O = unknown> {
  tap(fn: (...args: A) => R | Promise<R>): void;
  tap(options: O & TapOrder, fn: (...args: A) => R | Promise<R>): void;
  tapPromise(fn: (...args: A) => R | Promise<R>): void;
  tapPromise(options: O & TapOrder, fn: (...args: A) => R | Promise<R>): void;
}

/** One async hook per key. The tap at stage 0 is the *offer* under that key, its options describe it. */
export interface KeyedPoint<A extends readonly unknown[], R, O> {
  for(key: string): AsyncPoint<A, R, O>;
}

/** Any tapable hook, as far as the owned facade needs to know it. */
export interface RawHook {
  readonly name: string | undefined;
  taps: { readonly fn: Function }[];
}

/** What a plugin sees of hook `H`: the taps, never the calls. */
export type PointOf<H> =
  H extends KeyedHook<infer A, infer R, infer O>
    ? KeyedPoint<A, R, O>
    : H extends { tapPromise: unknown; promise(...args: infer A): Promise<infer R> }
      ? AsyncPoint<A, R | void>
      : H extends { call(...args: infer A): infer R }
        ? SyncPoint<A, R | void>
        : never;

/** A plugin's view of a whole hook table. */
export type PointsOf<T> = { readonly [K in keyof T]: PointOf<T[K]> };

/** What stands under one key of a {@link KeyedHook}. */
export interface Offer<A extends unknown[], R, O> {
  readonly key: string;
  /** Id of the plugin that made it. */
  readonly owner: string;
  readonly options: O;
  readonly hook: AsyncSeriesBailHook<A, R | void>;
}

/**
 * One tapable hook per key, and the table of what is offered under each key. The same table answers
 * "what is there" and dispatches, so the two cannot disagree.
 */
export class KeyedHook<A extends unknown[], R, O extends object = object> {
  readonly name: string;
  /** Key of `contributes` in a manifest that announces offers of this table. */
  readonly contribution: string;
  readonly offers: Map<string, Offer<A, R, O>> = new Map();
  readonly #args: string[];
  readonly #hooks = new Map<string, AsyncSeriesBailHook<A, R | void>>();
  /** Activates the plugin that announces `key` in its manifest. Set by the host. */
  activate: ((key: string) => Promise<void>) | undefined;
  /** Id of the plugin that announces `key`, active or not. Set by the host. */
  announcer: ((key: string) => string | undefined) | undefined;
  /** Keys that manifests announce, active or not. Set by the host. */
  announced: (() => readonly string[]) | undefined;
  /** Called after an offer came or went. Set by whoever keeps something derived from the table. */
  changed: ((key: string) => void) | undefined;

  constructor(args: string[], name: string, contribution: string) {
    this.#args = args;
    this.name = name;
    this.contribution = contribution;
  }

  /** The hook of `key`, made when missing. Only taps may use it: unknown keys from outside must not grow the table. */
  for(key: string): AsyncSeriesBailHook<A, R | void> {
    let hook = this.#hooks.get(key);
    if (!hook) {
      // The tuple of names cannot be typed for a generic A; its length is checked by the constructor's caller.
      hook = new AsyncSeriesBailHook<A, R | void>(this.#args as never, `${this.name}:${key}`);
      this.#hooks.set(key, hook);
    }
    return hook;
  }

  /** Forget the hook of `key` once nothing is tapped there. */
  release(key: string): void {
    if (this.#hooks.get(key)?.taps.length === 0) this.#hooks.delete(key);
  }

  /** Every offer, after activating the plugins that only announce one. Who fails to start offers nothing. */
  async all(): Promise<readonly Offer<A, R, O>[]> {
    const asleep = (this.announced?.() ?? []).filter((key) => !this.offers.has(key));
    await Promise.allSettled(asleep.map((key) => this.activate?.(key)));
    return [...this.offers.values()];
  }

  /** The offer under `key`, after activating a plugin that only announces it. */
  async resolve(key: string): Promise<Offer<A, R, O> | undefined> {
    if (!this.offers.has(key)) await this.activate?.(key);
    return this.offers.get(key);
  }
}

interface Traits {
  deny?: (error: unknown) => unknown;
  limitMs?: number;
}

const traits = new WeakMap<object, Traits>();

/** Mark `hook` as a gate: a tap that throws gives `deny(error)` instead of abstaining. */
export function gate<H extends object>(hook: H, deny: (error: unknown) => unknown): H {
  traits.set(hook, { ...traits.get(hook), deny });
  return hook;
}

/** Milliseconds each awaited tap of `hook` may take; 0 = no limit. Without it, 5 000. */
export function limit<H extends object>(hook: H, limitMs: number): H {
  traits.set(hook, { ...traits.get(hook), limitMs });
  return hook;
}

export function traitsOf(hook: object): Readonly<Traits> {
  return traits.get(hook) ?? {};
}
