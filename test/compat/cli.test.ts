import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { CliContext, Logger } from "openclaw/plugin-sdk";
import { establishedCommands } from "openclaw/plugin-sdk/compat";
import type { CommandLinePlugin, EstablishedCommand } from "openclaw/plugin-sdk/compat";
import register, { seen } from "./fixtures/cli/index.ts";
import { fixture, startWith, stateOf } from "./support.ts";

const lines: string[] = [];
const say = (message: string) => void lines.push(message);
const LOG: Logger = { debug: say, info: say, warn: say, error: say };

const PLUGIN: CommandLinePlugin = {
  manifest: { id: "cli" },
  source: join(fixture("cli"), "index.ts"),
  get: <T>(path: string) => (path === "" ? { lamp: 7 } : undefined) as T | undefined,
  stateDir: "/state",
  version: "2026.11.0",
  log: LOG,
};

async function commands(): Promise<Map<string, EstablishedCommand>> {
  seen.length = 0;
  const found = await establishedCommands({ exported: register }, PLUGIN);
  return new Map(found.map((command) => [command.name, command]));
}

/** Runs a command with values as our parser gives them. */
function run(command: EstablishedCommand | undefined, args: Record<string, unknown>): Promise<number | void> {
  assert.ok(command);
  return command.command.run({ args } as unknown as CliContext);
}

test("commands come out as words, arguments and options of our command line", async () => {
  const found = await commands();

  assert.deepEqual(
    [...found.keys()],
    ["notes add <text> [tags]", "notes remove <id>", "n add <text> [tags]", "n remove <id>", "lamp"],
  );
  const { summary, command } = found.get("notes add <text> [tags]") ?? {};
  assert.equal(summary, "add a note");
  assert.deepEqual(command?.options, {
    priority: { type: "string", describe: "how urgent", alias: "p" },
    "dry-run": { type: "boolean", describe: "only say what would happen" },
    "no-stamp": { type: "boolean", describe: "leave the time out" },
    limit: { type: "string", describe: "a number" },
    tag: { type: "array", describe: "several" },
  });
});

test("an action gets its arguments, its options with their defaults, and the command", async () => {
  const found = await commands();

  await run(found.get("notes add <text> [tags]"), {
    text: "milk",
    tags: "shop",
    "dry-run": true,
    limit: "3",
    tag: ["a", "b"],
  });
  await run(found.get("notes add <text> [tags]"), { text: "bread", "no-stamp": true });

  assert.deepEqual(seen, [
    {
      text: "milk",
      tags: ["shop"],
      options: { priority: "1", dryRun: true, stamp: true, limit: 3, tag: ["a", "b"] },
      name: "add",
      args: ["milk", "shop"],
    },
    {
      text: "bread",
      tags: undefined,
      options: { priority: "1", stamp: false, limit: 10 },
      name: "add",
      args: ["bread"],
    },
  ]);
});

test("a required option that is missing is wrong usage", async () => {
  const found = await commands();

  await assert.rejects(run(found.get("notes remove <id>"), { id: "7" }), {
    message: "required option '--reason <text>' not specified",
    exitCode: 2,
  });
  await run(found.get("notes remove <id>"), { id: "7", reason: "old" });
  assert.deepEqual(seen, [{ id: "7", options: { reason: "old" } }]);
});

test("commands see the configuration; nothing else of the plugin runs", async () => {
  const found = await commands();

  await run(found.get("lamp"), {});

  assert.deepEqual(seen, [{ config: { lamp: 7 }, workspaceDir: "/state/workspace" }]);
  assert.ok(lines.includes("on"));
});

test("a module without register adds no commands", async () => {
  assert.deepEqual(await establishedCommands({ exported: {} }, PLUGIN), []);
});

test("a service used on the command line says where it runs", async () => {
  const exported = (api: { runtime: { channel: { session: { resolveStorePath(): string } } } }) => {
    api.runtime.channel.session.resolveStorePath();
  };

  await assert.rejects(establishedCommands({ exported }, PLUGIN), /service "sessions" runs in the gateway, not here/);
});

test("in the gateway the words are listed and no registrar runs", async () => {
  await using gateway = await startWith([fixture("cli")]);

  assert.deepEqual(stateOf(gateway, "cli").contributes["cli"], ["notes", "lamp"]);
});
