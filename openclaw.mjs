#!/usr/bin/env node
// Starts the command line on a Node that can run it. Plain old syntax: any Node must be able to read this file.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NEEDED = [22, 22];
const here = dirname(fileURLToPath(import.meta.url));
const [major, minor] = process.versions.node.split(".").map(Number);

if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) {
  await run();
} else {
  const own = join(here, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
  if (existsSync(own) && !process.env.OPENCLAW_RELAUNCHED) {
    relaunch(own);
  } else {
    console.error("openclaw needs Node " + NEEDED.join(".") + " or newer; this is " + process.versions.node);
    process.exitCode = 78;
  }
}

async function run() {
  const args = process.argv.slice(2);
  if (args.length === 1 && (args[0] === "--version" || args[0] === "-V" || args[0] === "-v")) {
    console.log(JSON.parse(readFileSync(join(here, "package.json"), "utf8")).version);
    return;
  }
  const main = join(here, "dist", "main.js");
  if (!existsSync(main)) {
    console.error("openclaw is not built yet; run: npm run build");
    process.exit(78);
  }
  await import("./dist/main.js");
}

function relaunch(own) {
  const env = Object.assign({}, process.env, { OPENCLAW_RELAUNCHED: "1" });
  const child = spawn(own, [fileURLToPath(import.meta.url)].concat(process.argv.slice(2)), {
    stdio: "inherit",
    env: env,
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"])
    process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => {
    process.exitCode = code === null ? 128 + (signal === "SIGINT" ? 2 : 15) : code;
  });
}
