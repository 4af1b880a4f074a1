import { tailOf } from "openclaw/plugin-sdk/exec";
import type { RunResult } from "./run-command.ts";

/** Both outputs together (agent.md §13.1). */
const MAX_OUTPUT = 200_000;
/** A gateway closes on a frame of more than 524 288 bytes, and the result is a text inside a text of it. */
const MAX_BYTES = 400_000;

/** `result` as it fits into an answer: the ends of its outputs, the errors before the rest. */
export function fitResult(result: RunResult): RunResult {
  let most = MAX_OUTPUT;
  for (;;) {
    const fitted = within(result, most);
    if (bytesOf(fitted) <= MAX_BYTES) return fitted;
    most = Math.floor(most / 2);
  }
}

function within(result: RunResult, most: number): RunResult {
  const { stdout, stderr } = result;
  if (stdout.length + stderr.length <= most) return result;
  const forErrors = Math.min(stderr.length, Math.max(Math.floor(most / 2), most - stdout.length));
  return { ...result, stdout: tailOf(stdout, most - forErrors), stderr: tailOf(stderr, forErrors) };
}

function bytesOf(result: RunResult): number {
  return Buffer.byteLength(JSON.stringify(JSON.stringify(result)));
}
