import { readFileSync } from "node:fs";
import { a2uiText, checkA2ui, CliError } from "openclaw/plugin-sdk";
import { deviceCommand } from "./device-command.ts";

/** `openclaw nodes canvas a2ui push` (http.md §9). */
export default deviceCommand({
  command: "canvas.a2ui.pushJSONL",
  options: {
    jsonl: { type: "string", describe: "file with one A2UI 0.8 message a line; - is standard input" },
    text: { type: "string", describe: "show just this text" },
  },
  params({ jsonl, text }) {
    if ((jsonl === undefined) === (text === undefined)) throw usage("give --jsonl or --text");
    return { jsonl: text === undefined ? checked(jsonl as string) : a2uiText(text as string) };
  },
});

function checked(file: string): string {
  let lines: string;
  try {
    lines = readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    throw usage(`cannot read ${file}: ${(error as NodeJS.ErrnoException).code}`);
  }
  try {
    return checkA2ui(lines);
  } catch (error) {
    throw usage(`${file}: ${(error as Error).message}`);
  }
}

function usage(message: string): CliError {
  return new CliError(message, { exitCode: 2, code: "USAGE" });
}
