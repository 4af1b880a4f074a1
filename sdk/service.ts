/**
 * A service that joins plugins: one provider, any number of users, and a table of hooks.
 * Users hold handles that find the provider at call time, so a provider can be replaced under them.
 */
export interface ServiceToken<Api extends object, Hooks extends object = object> {
  readonly name: string;
  /** Makes the raw hook table. The kernel calls it once per gateway, so taps outlive the provider's generation. */
  readonly createHooks: () => Hooks;
  /** Only for inference; never read. */
  readonly api?: Api;
}

/** Names a service and its hooks. `name` is what manifests list in `provides` and `requires`. */
export function defineService<Api extends object, Hooks extends object = object>(
  name: string,
  createHooks: () => Hooks = () => ({}) as Hooks,
): ServiceToken<Api, Hooks> {
  return { name, createHooks: () => Object.freeze(createHooks()) };
}

/** The raw hook table of a service token. */
export type HooksOf<T> = T extends ServiceToken<object, infer H> ? H : never;

/** Has the service of this handle a provider right now? */
export function isProvided(handle: object): boolean {
  try {
    // Any member asks for the provider.
    Reflect.get(handle, "");
    return true;
  } catch {
    // It says that there is none.
    return false;
  }
}
