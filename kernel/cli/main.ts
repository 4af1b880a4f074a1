import { existsSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { loadDotEnv, resolvePaths, UsageError } from "openclaw/plugin-sdk/config";
import { bundledPlugins, packageVersion } from "../package.ts";

/** Flags that decide where everything is, so they are read before the command is known (cli.md §1.1). */
interface GlobalFlags {
  readonly dev: boolean;
  readonly profile: string | undefined;
  /** The command line without a `--dev` before its first word: after it, the command may read more into it. */
  readonly rest: readonly string[];
}

// The reader of our output is gone: that is its right.
process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => process.exit(code === "EPIPE" ? 0 : 1));
process.stderr.on("error", () => undefined);

const argv = process.argv.slice(2);
try {
  const { dev, profile, rest } = globalFlags(argv);
  const paths = resolvePaths({ dev, profile }, process.env);
  for (const warning of loadDotEnv(process.cwd(), paths.stateDir)) process.stderr.write(`${warning}\n`);
  // Compiled code is trusted as it lies there, so only in a folder that belongs to the user alone.
  if (existsSync(paths.stateDir)) enableCompileCache(join(paths.stateDir, "cache", "compile"));
  const { runCommandLine } = await import("./run.ts");
  const around = { paths, env: process.env, version: packageVersion(), bundled: bundledPlugins() };
  process.exitCode = await runCommandLine(rest, around);
} catch (error) {
  const { report } = await import("./report.ts");
  process.exitCode = report(error, { json: argv.includes("--json"), verbose: argv.includes("--verbose") });
}

function globalFlags(words: readonly string[]): GlobalFlags {
  const rest: string[] = [];
  let dev = false;
  let profile: string | undefined;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (word === "--") return { dev, profile, rest: [...rest, ...words.slice(i)] };
    if (word === "--dev") dev = true;
    if (word === "--profile") profile = words[++i] ?? missing(word);
    else if (word.startsWith("--profile=")) profile = word.slice("--profile=".length);
    else if (word === "--no-color") process.env["NO_COLOR"] = "1";
    else if (word !== "--dev" || rest.some((other) => !other.startsWith("-"))) rest.push(word);
  }
  return { dev, profile, rest };
}

function missing(flag: string): never {
  throw new UsageError(`${flag} needs a value`, 2);
}
