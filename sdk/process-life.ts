import { readFileSync } from "node:fs";
import { isErrno } from "./errno.ts";

/**
 * When a process started, as a number that differs for the next process with the same id: clock ticks since boot.
 * Undefined where the system does not tell, which is everywhere but on Linux.
 */
export function startTimeOf(pid: number): number | undefined {
  return statOf(pid)?.startTime;
}

/** Whether the process that had this id and start time still runs. Says yes when in doubt. */
export function isProcessAlive(pid: number, startTime?: number): boolean {
  const stat = statOf(pid);
  if (stat) return !stat.hasEnded && (startTime === undefined || startTime === stat.startTime);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // any other error means that it is there and belongs to somebody else
    return !isErrno(error, "ESRCH");
  }
}

function statOf(pid: number): { hasEnded: boolean; startTime: number } | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    // no such process, or no such file system
    return undefined;
  }
  // proc_pid_stat(5): the name in parentheses is field 2 and may hold anything, the state is 3, the start time 22
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const startTime = Number(fields[22 - 3]);
  if (!Number.isSafeInteger(startTime)) return undefined;
  // a zombie has only its parent left to wait for
  return { hasEnded: fields[0] === "Z" || fields[0] === "X", startTime };
}
