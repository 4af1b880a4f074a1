import JSON5 from "json5";
import { CliError } from "openclaw/plugin-sdk";
import type { CliArgs } from "openclaw/plugin-sdk";

/** The value that `set` and `plan` were given: JSON5, else the text itself. With `--json` it must be JSON5. */
export function parseValue(args: CliArgs): unknown {
  const text = args["value"] as string;
  try {
    return JSON5.parse<unknown>(text);
  } catch (cause) {
    if (args["json"] !== true) return text;
    const message = `value is not JSON5: ${(cause as Error).message}`;
    throw new CliError(message, { exitCode: 2, code: "USAGE", hint: "quote a text twice: '\"text\"'", cause });
  }
}

export function notFound(path: string): CliError {
  return new CliError(`Config path not found: ${path}`, { code: "NOT_FOUND" });
}
