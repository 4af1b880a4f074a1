import { createHook } from "node:async_hooks";
import { eventually } from "../eventually.ts";

const SETTLE_MS = 5_000;

/** What keeps this process busy, as far as others can leave it behind. */
const KINDS = ["Timeout", "TCPSocketWrap", "TCPServerWrap", "ProcessWrap", "TLSWrap", "UDPWrap"];

export interface Watch {
  /** Resolves with what was begun since and goes on, once nothing does or time is up. */
  left(): Promise<string[]>;
}

/** Look at what is open now, and at every interval that begins. Means something only while nobody else runs. */
export function watchLeaks(): Watch {
  const before = open();
  const intervals = new Map<number, string>();
  const hook = createHook({
    init(id, type, _trigger, resource) {
      if (type !== "Timeout") return;
      // Set only for an interval; that is all that tells it from a timeout.
      const { _repeat: everyMs } = resource as { readonly _repeat?: number | null };
      if (typeof everyMs === "number") intervals.set(id, whereFrom());
    },
    destroy: (id) => void intervals.delete(id),
  }).enable();
  const left = () => [
    ...[...open()].flatMap(([kind, count]) => {
      const more = count - (before.get(kind) ?? 0);
      return more > 0 ? [`${more} × ${kind}`] : [];
    }),
    ...[...intervals.values()].map((where) => `an interval begun ${where}`),
  ];
  return {
    async left() {
      try {
        await eventually("nothing is left", () => left().length === 0, SETTLE_MS);
        return [];
      } catch {
        return left();
      } finally {
        hook.disable();
      }
    },
  };
}

function open(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (KINDS.includes(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/** The line that began it, outside of Node and of this file. */
function whereFrom(): string {
  const line = new Error().stack
    ?.split("\n")
    .slice(1)
    .find((one) => !one.includes("node:") && !one.includes("leaks"));
  return line?.trim() ?? "somewhere";
}
