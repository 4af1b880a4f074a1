/** The parts of the library's sharding strategy that are reached into. A test goes through each of them. */
interface Strategy {
  readonly shards: ReadonlyMap<number, object>;
  spawn(ids: number[]): Promise<void>;
}

interface Shard {
  connection: Socket | null;
  internalConnect(): Promise<unknown>;
  onMessage(...args: readonly unknown[]): Promise<unknown>;
  onClose(...args: readonly unknown[]): Promise<unknown>;
  heartbeat(...args: readonly unknown[]): Promise<unknown>;
  destroy(...args: readonly unknown[]): Promise<unknown>;
}

interface Socket {
  onmessage: unknown;
  onclose: unknown;
  onerror: unknown;
  terminate?(): void;
}

export interface ShardWatch {
  /** The account has ended: nothing may connect any more. */
  readonly isOver: () => boolean;
  /** A promise of the library that nobody waits for was rejected. `isLost`: without it there is no connection. */
  readonly escaped: (error: unknown, isLost: boolean) => void;
}

/**
 * The library starts these without waiting for their end: what they throw would be an unhandled rejection of the
 * process. It also connects anew half a second after it was destroyed, if it was about to.
 */
const LOOSE = { internalConnect: true, onClose: true, destroy: true, onMessage: false, heartbeat: false } as const;

/** The strategy, with every shard that it makes contained. */
export function contained<S extends object>(given: S, watch: ShardWatch): S {
  const strategy = given as S & Strategy;
  const spawn = strategy.spawn.bind(strategy);
  strategy.spawn = async (ids) => {
    await spawn(ids);
    for (const shard of strategy.shards.values()) contain(shard as Shard, watch);
  };
  return strategy;
}

/** Sockets that are open or about to be, for {@link cut}. Asked before the library forgets them. */
export function socketsOf(strategy: object | undefined): () => void {
  const shards = [...((strategy as Strategy | undefined)?.shards.values() ?? [])] as Shard[];
  return () => {
    for (const { connection } of shards) if (connection) cut(connection);
  };
}

function contain(shard: Shard, { isOver, escaped }: ShardWatch): void {
  for (const [name, isLost] of Object.entries(LOOSE) as [keyof typeof LOOSE, boolean][]) {
    const original = shard[name].bind(shard) as (...args: readonly unknown[]) => Promise<unknown>;
    shard[name] = async (...args: readonly unknown[]) => {
      if (isOver() && name !== "destroy") return undefined;
      try {
        return await original(...args);
      } catch (error) {
        if (!isOver()) escaped(error, isLost);
        return undefined;
      }
    };
  }
}

function cut(socket: Socket): void {
  socket.onmessage = null;
  socket.onclose = null;
  // A socket that is cut while it connects says so as an error, which must have a listener.
  socket.onerror = () => undefined;
  socket.terminate?.();
}
