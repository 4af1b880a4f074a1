import type { Emit, PluginGateway, SessionChange } from "openclaw/plugin-sdk";
import { ChangedShape } from "./shape.ts";

/** At most four in a second (sessions.md §5). */
const EVERY_MS = 250;
const MAX_KEYS = 200;

export interface ChangedEvent {
  readonly keys: readonly string[];
  readonly reason: SessionChange;
}

/** Tells clients which sessions have changed, several at a time. */
export class ChangeEvents {
  readonly #gateway: PluginGateway;
  readonly #emit: Emit<ChangedEvent>;
  readonly #waiting = new Map<SessionChange, Set<string>>();
  #isWaiting = false;

  constructor(gateway: PluginGateway) {
    this.#gateway = gateway;
    this.#emit = gateway.event<ChangedEvent>("sessions.changed", {
      scope: "operator.read",
      droppable: true,
      payload: ChangedShape,
    });
  }

  note(key: string, reason: SessionChange): void {
    const keys = this.#waiting.get(reason) ?? new Set();
    this.#waiting.set(reason, keys);
    // Whoever is told of so many looks at all of them anyway.
    if (keys.size < MAX_KEYS) keys.add(key);
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#gateway.setTimeout(() => this.#tell(), EVERY_MS);
  }

  #tell(): void {
    this.#isWaiting = false;
    for (const [reason, keys] of this.#waiting) this.#emit({ keys: [...keys], reason });
    this.#waiting.clear();
  }
}
