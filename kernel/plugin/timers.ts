import type { Scope } from "./scope.ts";

/**
 * The timers of a generation, cleared when its scope closes. One that has fired or was cleared by the plugin is
 * forgotten once nobody holds it: a plugin may set one per message.
 */
export class Timers {
  readonly #scope: Scope;
  readonly #set = new Set<WeakRef<NodeJS.Timeout>>();
  readonly #collected = new FinalizationRegistry<WeakRef<NodeJS.Timeout>>((ref) => this.#set.delete(ref));
  #isOwned = false;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** Throws when the scope has closed. */
  add(start: () => NodeJS.Timeout): NodeJS.Timeout {
    if (!this.#isOwned || this.#scope.closed) this.#scope.own("timers", () => this.#clear());
    this.#isOwned = true;
    const timer = start();
    const ref = new WeakRef(timer);
    this.#set.add(ref);
    this.#collected.register(timer, ref);
    return timer;
  }

  #clear(): void {
    for (const ref of this.#set) clearTimeout(ref.deref());
    this.#set.clear();
  }
}
