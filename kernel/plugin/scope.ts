import { running } from "./faults.ts";
import { Notes } from "./notes.ts";

export interface CloseLimits {
  /** Milliseconds to wait for running calls. */
  readonly drainMs: number;
  /** Milliseconds for each disposer. */
  readonly disposeMs: number;
}

type Disposer = () => void | Promise<void>;
type Retract = () => void;

interface Entry {
  readonly label: string;
  readonly publish: () => Retract;
  retract: Retract | undefined;
}

/**
 * Everything one generation of a plugin holds: ways in (taps, methods, routes), running calls and
 * resources. Ways in are held back until `publish`, so that a generation becomes visible in one step.
 */
export class Scope {
  readonly owner: string;
  readonly notes: Notes = new Notes();
  readonly #entries: Entry[] = [];
  readonly #resources: { readonly label: string; readonly dispose: Disposer }[] = [];
  readonly #abort = new AbortController();
  #phase: "staged" | "live" | "closing" | "closed" = "staged";
  #running = 0;
  #idle: (() => void) | undefined;
  #closing: Promise<string[]> | undefined;

  /** Values that outlive this generation, by name. */
  readonly kept: Map<string, unknown>;

  constructor(owner: string, kept: Map<string, unknown> = new Map()) {
    this.owner = owner;
    this.kept = kept;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Nothing of the plugin's may run any more. */
  get closed(): boolean {
    return this.#phase === "closed";
  }

  /** A way in. Visible at once when the scope is live, else with `publish`. */
  entry(label: string, publish: () => Retract): void {
    this.#assertOpen(label);
    this.#entries.push({ label, publish, retract: this.#phase === "live" ? publish() : undefined });
  }

  /** A thing held (timer, socket, watcher). Calls that still run may add some. Disposed last, newest first. */
  own(label: string, dispose: Disposer): () => void {
    if (this.closed) throw this.#late(label);
    const resource = { label, dispose };
    this.#resources.push(resource);
    return () => {
      const index = this.#resources.indexOf(resource);
      if (index >= 0) this.#resources.splice(index, 1);
    };
  }

  /** Make every way in visible, synchronously. If one fails, none is, and the error is thrown. */
  publish(): void {
    this.#assertOpen("its entries");
    try {
      for (const entry of this.#entries) entry.retract ??= entry.publish();
      this.#phase = "live";
    } catch (error) {
      this.retract();
      throw error;
    }
  }

  /** Take every way in back, synchronously. `publish` can undo it until `close`. */
  retract(): void {
    for (const entry of this.#entries.toReversed()) {
      entry.retract?.();
      entry.retract = undefined;
    }
    if (this.#phase === "live") this.#phase = "staged";
  }

  enter(): void {
    this.#running++;
  }

  leave(): void {
    if (--this.#running === 0) this.#idle?.();
  }

  /** Retract, drain, abort, dispose. Resolves with what went wrong; never rejects. Twice is harmless. */
  close(limits: CloseLimits): Promise<string[]> {
    return (this.#closing ??= this.#close(limits));
  }

  async #close({ drainMs, disposeMs }: CloseLimits): Promise<string[]> {
    this.retract();
    // Whatever the plugin has left running holds its scope, and must not hold all of its code with it.
    this.#entries.length = 0;
    this.#phase = "closing";
    const problems: string[] = [];
    if (this.#running > 0) {
      const idle = new Promise<void>((resolve) => (this.#idle = resolve));
      const left = await within(idle, drainMs);
      if (left) problems.push(`${this.#running} calls still running after ${drainMs} ms`);
    }
    this.#phase = "closed";
    // In the plugin's name: what its listeners and disposers throw later must not be taken for the gateway's own.
    running.run(this, () => this.#abort.abort());
    for (const { label, dispose } of this.#resources.splice(0).reverse()) {
      try {
        const late = await within(
          running.run(this, async () => dispose()),
          disposeMs,
        );
        if (late) problems.push(`${label} did not close within ${disposeMs} ms`);
      } catch (error) {
        problems.push(`${label} failed to close: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return problems;
  }

  #assertOpen(label: string): void {
    if (this.#phase === "closing" || this.closed) throw this.#late(label);
  }

  #late(label: string): Error {
    return new Error(`plugin "${this.owner}" is closed; cannot add ${label}`);
  }
}

/** Resolves true when `ms` passed first. */
export async function within(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<true>((resolve) => (timer = setTimeout(() => resolve(true), ms)));
  try {
    return (await Promise.race([promise.then(() => false as const), late])) as boolean;
  } finally {
    clearTimeout(timer);
  }
}
