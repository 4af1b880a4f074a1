import { dirname } from "node:path";
import { CliError, ConnectionError, errorText, GatewayError, terminalText } from "openclaw/plugin-sdk";
import type { ConfigIssue } from "openclaw/plugin-sdk";
import { issueText, UsageError } from "openclaw/plugin-sdk/config";
import { StartError } from "../bind.ts";

/** A call that no command understands: unknown words or flags, missing arguments. */
export function wrongUsage(message: string, command: string, near?: string): CliError {
  const text = near ? `${message}\nDid you mean ${near}?` : message;
  return new CliError(text, { exitCode: 2, code: "USAGE", hint: `openclaw ${command} --help`.replace("  ", " ") });
}

export function invalidConfig(issues: readonly ConfigIssue[]): CliError {
  return new CliError(["config is invalid:", ...issues.map((issue) => `  ${issueText(issue)}`)].join("\n"), {
    exitCode: 78,
    code: "CONFIG_INVALID",
    details: { issues },
    hint: "openclaw config validate",
  });
}

/** Lines for people or one JSON value, and the exit code (cli.md §1.3, §1.4). */
export function report(error: unknown, { json, verbose }: { json: boolean; verbose: boolean }): number {
  const { code, message, details, hint, exitCode } = asCliError(error);
  if (json) {
    const issues = details?.["issues"];
    const shape = { code, message, ...(issues !== undefined && { issues }), details, hint };
    process.stdout.write(`${JSON.stringify({ ok: false, error: shape }, null, 2)}\n`);
  } else {
    process.stderr.write(`${terminalText(message)}\n${hint ? `Hint: ${hint}\n` : ""}`);
  }
  if (verbose && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return exitCode;
}

function asCliError(error: unknown): CliError {
  if (error instanceof CliError) return error;
  if (error instanceof UsageError || error instanceof StartError) {
    const code = error instanceof StartError ? "START_FAILED" : "USAGE";
    return new CliError(error.message, { exitCode: error.exitCode, code });
  }
  if (error instanceof GatewayError) {
    const { code, message, details } = error;
    const exitCode = details?.["code"] === "TIMEOUT" ? 124 : 1;
    return new CliError(message, { code, exitCode, ...(details && { details }) });
  }
  if (error instanceof ConnectionError) return new CliError(error.message, { code: "GATEWAY_UNAVAILABLE" });
  return denied(error) ?? new CliError(errorText(error));
}

/** A file that the operating system keeps from us, with who would have to let us. */
function denied(error: unknown): CliError | undefined {
  const { path, code = "" } = (error instanceof Error ? error : {}) as NodeJS.ErrnoException;
  if (path === undefined || !["EACCES", "EPERM", "EROFS"].includes(code)) return undefined;
  const hint = `who it belongs to: ls -ld ${dirname(path)}`;
  return new CliError(`no permission to use ${path} (${code})`, { code: "NO_PERMISSION", hint, cause: error });
}
