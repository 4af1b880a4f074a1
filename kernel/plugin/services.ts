import { GatewayError } from "openclaw/plugin-sdk";
import type { ServiceToken } from "openclaw/plugin-sdk";
import { KERNEL } from "openclaw/plugin-sdk/plugins";
import { running } from "./faults.ts";
import type { Scope } from "./scope.ts";

interface Provider {
  readonly scope: Scope;
  readonly implementation: Readonly<Record<PropertyKey, unknown>>;
}

interface Slot {
  readonly hooks: object;
  handle: object | undefined;
  provider: Provider | undefined;
}

type Fn = (...args: unknown[]) => unknown;

/** Who provides which service. Hook tables live here, so taps outlive the provider that fires them. */
export class Services {
  readonly #slots = new Map<string, Slot>();
  /** Called with each hook table when it is made. */
  readonly #prepare: (hooks: object) => void;

  constructor(prepare: (hooks: object) => void) {
    this.#prepare = prepare;
  }

  hooks<A extends object, H extends object>(token: ServiceToken<A, H>): H {
    return this.#slot(token).hooks as H;
  }

  /** Finds the provider at each call, so that a provider can be replaced under its users. */
  handle<A extends object, H extends object>(token: ServiceToken<A, H>): A {
    const slot = this.#slot(token);
    slot.handle ??= new Proxy(Object.create(null) as object, {
      get: (_, member) => {
        // Asked by `await` and by printing, not by a user of the service.
        if (member === "then" || typeof member === "symbol") return undefined;
        if (!slot.provider) throw unavailable(token.name);
        const value = slot.provider.implementation[member];
        return typeof value === "function" ? counted(value as Fn, slot.provider) : value;
      },
    });
    return slot.handle as A;
  }

  provide<A extends object, H extends object>(token: ServiceToken<A, H>, implementation: A, scope: Scope): H {
    const slot = this.#slot(token);
    scope.entry(`service ${token.name}`, () => {
      if (slot.provider) {
        const { owner } = slot.provider.scope;
        throw new Error(`service "${token.name}" belongs to "${owner}"; "${scope.owner}" cannot take it`);
      }
      const provider = { scope, implementation: implementation as Provider["implementation"] };
      slot.provider = provider;
      return () => {
        if (slot.provider === provider) slot.provider = undefined;
      };
    });
    return slot.hooks as H;
  }

  provided(name: string): boolean {
    return this.#slots.get(name)?.provider !== undefined;
  }

  /** The hook tables of all services. */
  tables(): object[] {
    return Array.from(this.#slots.values(), ({ hooks }) => hooks);
  }

  #slot(token: ServiceToken<object, object>): Slot {
    let slot = this.#slots.get(token.name);
    if (!slot) {
      slot = { hooks: token.createHooks(), handle: undefined, provider: undefined };
      this.#slots.set(token.name, slot);
      this.#prepare(slot.hooks);
    }
    return slot;
  }
}

/** A call of a service keeps the generation that answers it open, and what it starts is that plugin's doing. */
function counted(fn: Fn, { scope, implementation }: Provider): Fn {
  const doer = scope.owner === KERNEL ? undefined : scope;
  return (...args) => {
    scope.enter();
    let result: unknown;
    try {
      result = running.run(doer, () => fn.apply(implementation, args));
    } catch (error) {
      scope.leave();
      throw error;
    }
    if (result instanceof Promise) return result.finally(() => scope.leave());
    scope.leave();
    return result;
  };
}

function unavailable(name: string): GatewayError {
  return new GatewayError("UNAVAILABLE", `service "${name}" has no provider; enable the plugin that provides it`, {
    details: { code: "SERVICE_MISSING", service: name },
    retryable: true,
  });
}
