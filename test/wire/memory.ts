import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Bytes this process really holds: what garbage there was is collected first. */
export function heldBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
