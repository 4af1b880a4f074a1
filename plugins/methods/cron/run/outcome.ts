import type { RunStatus } from "../job/job.ts";

/** What one run came to. */
export interface Outcome {
  readonly status: RunStatus;
  readonly error?: string;
  readonly summary?: string;
  readonly sessionId?: string;
  readonly sessionKey?: string;
  readonly delivered?: boolean;
  readonly note?: string;
  /** It could not begin and is still due, or is left to the next start: nothing is known of its end. */
  readonly isOpen?: true;
}

/** What a run works with. */
export interface RunContext {
  /** Epoch milliseconds of its beginning; with the job's id it names the run, also after a crash. */
  readonly runAtMs: number;
  /** Aborts when the run takes too long, or its job is removed. */
  readonly signal: AbortSignal;
  /** The message whose turn this is, for whoever comes after a crash. */
  readonly remember: (workId: string) => void;
}

const MAX_SUMMARY = 2_000;

export function summaryOf(text: string): { summary?: string } {
  const trimmed = text.trim();
  return trimmed === "" ? {} : { summary: trimmed.slice(0, MAX_SUMMARY) };
}

export function failed(error: string): Outcome {
  return { status: "error", error: error.slice(0, MAX_SUMMARY) };
}

/** Notes of one run in one line. */
export function notes(...all: readonly (string | undefined)[]): { note?: string } {
  const said = all.filter((one) => one !== undefined && one !== "");
  return said.length > 0 ? { note: said.join("; ") } : {};
}
