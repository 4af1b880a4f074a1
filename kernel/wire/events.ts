import { KERNEL_EVENTS, MAX_BUFFERED_BYTES } from "openclaw/plugin-sdk";
import type { Client, Emit, EmitOptions, EventOptions, KernelHooks } from "openclaw/plugin-sdk";
import { grants } from "../auth/access.ts";
import type { Scope } from "../plugin/scope.ts";
import { eventFrame } from "./frames.ts";

/** A connection as the broadcast needs it. */
export interface Receiver {
  readonly client: Client;
  readonly bufferedBytes: number;
  sendFrame(frame: Buffer): void;
  closeSlow(): void;
  close(code: number, reason: string): void;
}

/** Which events exist, who may see them, and the one counter that numbers every broadcast. */
export class EventTable {
  readonly #hooks: Readonly<KernelHooks>;
  readonly #declared = new Map<string, { readonly owner: string; readonly options: EventOptions }>();
  readonly receivers: Map<string, Receiver> = new Map();
  #seq = 0;

  constructor(hooks: Readonly<KernelHooks>) {
    this.#hooks = hooks;
    for (const [name, options] of Object.entries(KERNEL_EVENTS)) this.#declared.set(name, { owner: "kernel", options });
  }

  get names(): string[] {
    return [...this.#declared.keys()];
  }

  /** Declare an event for as long as `scope` is open. The function returned broadcasts it. */
  declare<P>(name: string, options: EventOptions, scope: Scope): Emit<P> {
    scope.entry(`event ${name}`, () => {
      const taken = this.#declared.get(name);
      if (taken) throw new Error(`event "${name}" belongs to "${taken.owner}"; "${scope.owner}" cannot take it`);
      this.#declared.set(name, { owner: scope.owner, options });
      return () => void this.#declared.delete(name);
    });
    return (payload, emitOptions) => this.#emit(name, options, payload, emitOptions);
  }

  /** Close one connection. False when it is gone already. */
  disconnect(connId: string, code: number, reason: string): boolean {
    const receiver = this.receivers.get(connId);
    receiver?.close(code, reason);
    return receiver !== undefined;
  }

  /** Broadcast one of the kernel's own events. */
  broadcast(name: keyof typeof KERNEL_EVENTS, payload: unknown): void {
    this.#emit(name, KERNEL_EVENTS[name], payload);
  }

  /**
   * Serialise once and hand the same bytes to everybody. Nothing here waits for a socket: a client that
   * reads too slowly loses droppable events, and its connection at the first event that must not be lost.
   */
  #emit(
    name: string,
    options: EventOptions,
    payload: unknown,
    { stateVersion, to, droppable = options.droppable }: EmitOptions = {},
  ): void {
    const seq = to ? undefined : ++this.#seq;
    const targets = to ? [...to].map((id) => this.receivers.get(id)) : this.receivers.values();
    const filtered = this.#hooks.event.taps.length > 0;
    let frame: Buffer | undefined;
    for (const receiver of targets) {
      if (!receiver || !maySee(receiver.client, options)) continue;
      if (filtered && this.#hooks.event.call({ event: name, payload }, receiver.client) === false) continue;
      if (receiver.bufferedBytes > MAX_BUFFERED_BYTES) {
        if (!droppable) receiver.closeSlow();
        continue;
      }
      frame ??= eventFrame(name, payload, seq, stateVersion);
      receiver.sendFrame(frame);
    }
  }
}

/** protocol.md §10: admin always, nodes never, write implies read. */
function maySee({ role, scopes }: Client, { scope }: EventOptions): boolean {
  if (scope === undefined) return true;
  return role !== "node" && grants(scopes, scope);
}
