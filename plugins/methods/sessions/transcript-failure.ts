import { GatewayError } from "openclaw/plugin-sdk";

/** What people can do about the errors of a file system. */
const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "no space left; free some space on that disk",
  EACCES: "not allowed; give the file and its folder to the gateway's user",
  EPERM: "not allowed; give the file and its folder to the gateway's user",
  EROFS: "the file system is read-only; mount it writable",
  ELOOP: "it is a link; put the file itself there",
};

/** The error for whoever asked: names the file and what mends it. */
export function transcriptFailure(action: "read" | "write", path: string, cause: unknown): GatewayError {
  if (cause instanceof GatewayError) return cause;
  return new GatewayError("UNAVAILABLE", `cannot ${action} transcript ${path}: ${reasonOf(cause)}`, {
    details: { code: action === "read" ? "TRANSCRIPT_READ" : "TRANSCRIPT_WRITE" },
    cause,
  });
}

function reasonOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return REASONS[(cause as NodeJS.ErrnoException).code ?? ""] ?? text;
}

export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}
