#!/usr/bin/env node
// Starts the command line on a Node that can run it. Plain old syntax: any Node must be able to read this file.
const NEEDED = [22, 22];
const args = process.argv.slice(2);
const [major, minor] = process.versions.node.split(".").map(Number);
// An import would load more than there is to do; those before 22.3 have no other way.
const builtin = process.getBuiltinModule || (await importing(["node:fs", "node:path", "node:url"]));
const { existsSync, readFileSync } = builtin("node:fs");
const { dirname, join } = builtin("node:path");
const here = dirname(builtin("node:url").fileURLToPath(import.meta.url));

if (args.length === 1 && ["--version", "-V", "-v"].includes(args[0])) {
  console.log(JSON.parse(readFileSync(join(here, "package.json"), "utf8")).version);
} else if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  // Its own in a clone; beside it where it was installed into a folder together with the package "node".
  const file = join("node", "bin", process.platform === "win32" ? "node.exe" : "node");
  const own = join(here, "node_modules", file);
  await relaunch(existsSync(own) ? own : join(here, "..", file));
} else if (existsSync(join(here, "dist", "main.js"))) {
  // For this process alone: what it starts may be an older Node again.
  delete process.env.OPENCLAW_RELAUNCHED;
  await import("./dist/main.js");
} else {
  refuse("openclaw is not built yet; run: npm run build");
}

/** Run the same command on the project's own Node, and end as it ends. */
async function relaunch(own) {
  const needed = "openclaw needs Node " + NEEDED.join(".") + " or newer; this is " + process.versions.node;
  if (process.env.OPENCLAW_RELAUNCHED || !existsSync(own))
    return refuse(needed + " (in this folder alone: npm install node@24)");
  const { spawn } = await import("node:child_process");
  const { constants } = await import("node:os");
  const child = spawn(own, [builtin("node:url").fileURLToPath(import.meta.url)].concat(args), {
    stdio: "inherit",
    env: Object.assign({}, process.env, { OPENCLAW_RELAUNCHED: "1" }),
  });
  // Signals are for the command; this process only waits for its end.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"])
    process.on(signal, () => child.kill(signal));
  child.on("error", (error) => refuse(needed + " (" + own + ": " + error.message + ")"));
  child.on("exit", (code, signal) => {
    process.exitCode = code === null ? 128 + constants.signals[signal] : code;
  });
}

async function importing(names) {
  const modules = await Promise.all(names.map((name) => import(name)));
  return (name) => modules[names.indexOf(name)];
}

function refuse(reason) {
  console.error(reason);
  process.exitCode = 78;
}
