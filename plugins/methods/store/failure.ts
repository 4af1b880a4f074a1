import { GatewayError } from "openclaw/plugin-sdk";

/** Primary result codes of SQLite that people can do something about. */
const PROBLEMS: Readonly<Record<number, string>> = {
  5: "another program has locked it; close that program",
  8: "it is read-only; make it writable for the gateway's user",
  10: "the disk reported an error; check the disk and the space left on it",
  11: "it is damaged; it is moved aside, and what can be read of it is taken over",
  13: "the disk is full; free some space",
  14: "it cannot be opened; check that its directory belongs to the gateway's user",
  26: "it is not a database any more; it is moved aside, and a new one is started",
};

const CONSTRAINT_PRIMARY_KEY = 1555;
const DAMAGED: ReadonlySet<number> = new Set([11, 26]);

/** The error for whoever asked: names the file and what mends it. */
export function failure(action: "read" | "write" | "open", file: string, cause: unknown): GatewayError {
  if (cause instanceof GatewayError) return cause;
  const problem = PROBLEMS[primaryCode(cause)] ?? (cause instanceof Error ? cause.message : String(cause));
  return new GatewayError("UNAVAILABLE", `cannot ${action} ${file}: ${problem}`, {
    details: { code: "STORE_FAILED" },
    retryable: true,
    cause,
  });
}

/** The content of the file is broken, as opposed to the file being out of reach. */
export function isDamage(error: unknown): boolean {
  return DAMAGED.has(primaryCode(error));
}

/** There was no room for a write. */
export function isFull(error: unknown): boolean {
  return primaryCode(error) === 13;
}

/** An insert met a record of the same id. */
export function isIdTaken(error: unknown): boolean {
  return resultCode(error) === CONSTRAINT_PRIMARY_KEY;
}

/** The low byte of an extended result code is the primary one. */
function primaryCode(error: unknown): number {
  return resultCode(error) & 0xff;
}

function resultCode(error: unknown): number {
  const code: unknown = error instanceof Error && "errcode" in error ? error.errcode : undefined;
  return typeof code === "number" ? code : 0;
}
