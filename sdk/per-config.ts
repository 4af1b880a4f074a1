import type { Settings } from "./gateway.ts";

/**
 * `read`, asked again only after the configuration has changed: for what many requests want and only a reload
 * changes. `read` must depend on nothing else.
 */
export function perConfig<T>(settings: Settings, read: () => T): () => T {
  let config: unknown;
  let value: { readonly of: T } | undefined;
  return () => {
    const now = settings.get("");
    if (!value || now !== config) {
      value = { of: read() };
      config = now;
    }
    return value.of;
  };
}
