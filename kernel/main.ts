import { existsSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { loadDotEnv, resolvePaths, UsageError } from "openclaw/plugin-sdk/config";
import { bundledPlugins, packageVersion } from "./package.ts";

/** Flags that may stand before or after the command words (cli.md §1.1). */
interface GlobalFlags {
  readonly dev: boolean;
  readonly profile: string | undefined;
  readonly rest: readonly string[];
}

try {
  const { dev, profile, rest } = globalFlags(process.argv.slice(2));
  const paths = resolvePaths({ dev, profile }, process.env);
  for (const warning of loadDotEnv(process.cwd(), paths.stateDir)) process.stderr.write(`${warning}\n`);
  // Compiled code is trusted as it lies there, so only in a folder that belongs to the user alone.
  if (existsSync(paths.stateDir)) enableCompileCache(join(paths.stateDir, "cache", "compile"));
  const { runCommandLine } = await import("./cli/run.ts");
  const around = { paths, env: process.env, version: packageVersion(), bundled: bundledPlugins() };
  process.exitCode = await runCommandLine(rest, around);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}

/** The reader of our output is gone: that is its right. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
});

function globalFlags(argv: readonly string[]): GlobalFlags {
  const rest: string[] = [];
  let dev = false;
  let profile: string | undefined;
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string;
    if (word === "--") return { dev, profile, rest: [...rest, ...argv.slice(i)] };
    if (word === "--dev") dev = true;
    else if (word === "--profile") profile = argv[++i];
    else if (word.startsWith("--profile=")) profile = word.slice("--profile=".length);
    else if (word === "--no-color") process.env["NO_COLOR"] = "1";
    else rest.push(word);
  }
  return { dev, profile, rest };
}
