import { ConfigError } from "./config-error.ts";

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: "no space left; free some space on that disk",
  EDQUOT: "no space left; free some space on that disk",
  EROFS: "file system is read-only; mount it writable",
  EACCES: "permission denied; make it writable for this user",
  EPERM: "permission denied; make it writable for this user",
};

/** The edit is right and the disk does not take it. */
export class ConfigWriteError extends ConfigError {
  constructor(path: string, cause: unknown) {
    const { code, message } = cause as NodeJS.ErrnoException;
    super(`cannot write ${path}: ${REMEDIES[code ?? ""] ?? code ?? message}`);
    this.name = "ConfigWriteError";
    this.cause = cause;
  }
}
