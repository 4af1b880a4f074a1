import { GatewayError } from "openclaw/plugin-sdk";
import type { ServiceToken } from "openclaw/plugin-sdk";
import type { Scope } from "./scope.ts";

interface Slot {
  readonly hooks: object;
  handle: object | undefined;
  provider: { readonly owner: string; readonly implementation: object } | undefined;
}

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
        const implementation = slot.provider?.implementation as Record<PropertyKey, unknown> | undefined;
        if (!implementation) throw unavailable(token.name);
        const value = implementation[member];
        return typeof value === "function" ? value.bind(implementation) : value;
      },
    });
    return slot.handle as A;
  }

  provide<A extends object, H extends object>(token: ServiceToken<A, H>, implementation: A, scope: Scope): H {
    const slot = this.#slot(token);
    scope.entry(`service ${token.name}`, () => {
      if (slot.provider) throw new Error(`service "${token.name}" is provided by "${slot.provider.owner}" already`);
      const provider = { owner: scope.owner, implementation };
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

function unavailable(name: string): GatewayError {
  return new GatewayError("UNAVAILABLE", `service "${name}" has no provider; enable the plugin that provides it`, {
    details: { code: "SERVICE_MISSING", service: name },
    retryable: true,
  });
}
