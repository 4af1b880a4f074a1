import { execFile } from "node:child_process";
import { basename, dirname } from "node:path";
import { execEnvironment } from "openclaw/plugin-sdk/exec";
import type { Plan, Way } from "./plan.ts";
import { promptOf } from "./providers.ts";

const MAX_OUTPUT = 1_000_000;

/** What a program prints of a file: `{{MediaPath}}` and others in its arguments stand for what they name. No shell. */
export function listen(plan: Plan, way: Way, signal: AbortSignal): Promise<string> {
  const { path } = plan;
  const words: Readonly<Record<string, string>> = {
    MediaPath: path,
    MediaDir: dirname(path),
    MediaName: basename(path),
    Prompt: promptOf(plan, way),
    MaxChars: String(way.maxChars ?? ""),
    Language: way.language ?? "",
  };
  const fill = (text: string) => text.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) => words[name] ?? whole);
  const command = way.command ?? "";
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  execFile(
    command,
    (way.args ?? ["{{MediaPath}}"]).map(fill),
    {
      signal,
      env: execEnvironment(process.env),
      maxBuffer: MAX_OUTPUT,
      killSignal: "SIGKILL",
      windowsHide: true,
    },
    (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      const why = stderr.trim().split("\n").at(-1) ?? "";
      reject(new Error(`${command}: ${why === "" ? error.message : why.slice(0, 300)}`, { cause: error }));
    },
  );
  return promise;
}
