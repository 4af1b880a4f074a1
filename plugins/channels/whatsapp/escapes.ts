import type { EventEmitter } from "node:events";

/**
 * Catches what the library's own listeners reject with: they are asynchronous, and nobody waits for them. To be called once
 * the library has added them. `failed` hears of each, with the event it was for.
 */
export function containEscapes(emitter: EventEmitter, failed: (event: string, error: unknown) => void): void {
  for (const event of emitter.eventNames()) {
    for (const listener of emitter.rawListeners(event)) {
      emitter.off(event, listener as (...args: unknown[]) => void);
      emitter.on(event, (...args: unknown[]) => {
        try {
          const result: unknown = listener.apply(emitter, args);
          if (result instanceof Promise) result.catch((error: unknown) => failed(String(event), error));
        } catch (error) {
          failed(String(event), error);
        }
      });
    }
  }
}
