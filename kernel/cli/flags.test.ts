import assert from "node:assert/strict";
import { test } from "node:test";
import { CliError } from "openclaw/plugin-sdk";
import type { CommandEntry } from "./commands.ts";
import { GLOBAL, parseFlags, RPC, takesValue } from "./flags.ts";
import type { Options } from "./flags.ts";
import { findCommand } from "./words.ts";

const NAMES = [
  "gateway",
  "gateway call <method>",
  "gateway status",
  "config set <path> <value>",
  "docs [query]",
  "nodes run [command...]",
];
const OPTIONS: Options = {
  port: { type: "number", describe: "" },
  bind: { type: "string", describe: "", choices: ["lan", "loopback"] },
  force: { type: "boolean", describe: "", alias: "f" },
  section: { type: "array", describe: "" },
  "no-probe": { type: "boolean", describe: "" },
  limit: { type: "number", describe: "", default: 200 },
};

function parse(line: string): { name: string; args: Record<string, unknown> } {
  const entries: CommandEntry[] = NAMES.map((name) => ({
    name,
    summary: "",
    load: () => Promise.reject(new Error(name)),
  }));
  const { node, rest } = findCommand(entries, line.split(" ").filter(Boolean), takesValue);
  return { name: node.name, args: parseFlags(rest, { ...GLOBAL, ...RPC, ...OPTIONS }, node) };
}

const RIGHT: readonly [string, string, Record<string, unknown>][] = [
  ["gateway", "gateway", {}],
  ["gateway --port 1", "gateway", { port: 1 }],
  ["gateway status --port=1", "gateway status", { port: 1 }],
  ["--json gateway --token call call health", "gateway call", { json: true, token: "call", method: "health" }],
  ["--url status gateway status", "gateway status", { url: "status" }],
  ["gateway call status", "gateway call", { method: "status" }],
  ["gateway -f --no-probe", "gateway", { force: true, "no-probe": true }],
  ["gateway --no-force", "gateway", { force: false }],
  ["gateway --section a --section b", "gateway", { section: ["a", "b"] }],
  ["gateway --port 1 --port 2", "gateway", { port: 2 }],
  ["gateway --limit 5", "gateway", { limit: 5 }],
  ["gateway --token=", "gateway", { token: "" }],
  ["config set a.b -1", "config set", { path: "a.b", value: "-1" }],
  ["config set a.b 0x10", "config set", { path: "a.b", value: "0x10" }],
  ["config set a.b -- --force", "config set", { path: "a.b", value: "--force" }],
  ["config --json set a.b true", "config set", { json: true, path: "a.b", value: "true" }],
  ["docs", "docs", {}],
  ["nodes run", "nodes run", { command: [] }],
  ["nodes run --force ls -- -l", "nodes run", { force: true, command: ["ls", "-l"] }],
  ["docs gateway", "docs", { query: "gateway" }],
];
for (const [line, name, args] of RIGHT) {
  test(`openclaw ${line}`, () => {
    assert.deepEqual(parse(line), { name, args: { limit: 200, ...args } });
  });
}

const WRONG: readonly [string, RegExp][] = [
  ["gateway --port one", /^--port needs a number$/],
  ["gateway --limit -5", /^--limit needs a number of 0 or more$/],
  ["gateway --bind everywhere", /^--bind must be one of lan, loopback$/],
  ["gateway --bind lam", /Did you mean lan\?$/],
  ["gateway --section", /^--section needs a value$/],
  ["gateway --no-port", /^Unknown argument: --no-port$/],
  ["gateway --fort 1", /^Unknown argument: --fort\nDid you mean --port\?$/],
  ["gateway --hasOwnProperty 1", /^Unknown argument: --hasOwnProperty$/],
  ["gateway --port 1 status", /^Unknown command: gateway status$/],
  ["config set a", /^Missing argument: <value>$/],
  ["config set a b c", /^Unknown argument: c$/],
  ["docs a b", /^Unknown argument: b$/],
  ["confg set", /^Unknown command: confg\nDid you mean config\?$/],
];
for (const [line, message] of WRONG) {
  test(`openclaw ${line} is wrong usage`, () => {
    assert.throws(
      () => parse(line),
      (error) => error instanceof CliError && error.exitCode === 2 && message.test(error.message),
    );
  });
}
