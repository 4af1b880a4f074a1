import { defineCommand, LEVELS, whenCalm } from "openclaw/plugin-sdk";
import type { CliArgs, CliCommand, CliContext } from "openclaw/plugin-sdk";
import type { StartFlags } from "../settings.ts";
import { allCommands } from "./commands.ts";
import { commandStore, createContext } from "./context.ts";
import type { Surroundings } from "./context.ts";
import { keepHeapSmall, letHeapGrow } from "./heap.ts";
import { wrongUsage } from "./report.ts";
import { commandWords } from "./words.ts";

/** `openclaw gateway`: run in the foreground until stopped (cli.md §2.1). */
export function gatewayCommand(around: Surroundings): CliCommand {
  return defineCommand({
    anyConfig: true,
    local: true,
    options: {
      port: { type: "number", describe: "port; 0 picks a free one" },
      bind: { type: "string", describe: "where to listen", choices: ["loopback", "lan", "tailnet", "auto", "custom"] },
      "custom-bind": { type: "string", describe: "address to listen on, with --bind custom" },
      auth: { type: "string", describe: "kind of secret clients need", choices: ["token", "password", "none"] },
      token: { type: "string", describe: "secret of the kind token" },
      password: { type: "string", describe: "secret of the kind password" },
      force: { type: "boolean", describe: "stop whoever holds the port first" },
      "allow-unconfigured": { type: "boolean", describe: "start without gateway.mode=local" },
      "use-last-good": { type: "boolean", describe: "with an invalid configuration, start on the last good version" },
      "safe-mode": { type: "boolean", describe: "stock plugins only and no channels; --no-safe-mode: never" },
      watch: { type: "boolean", describe: "reload plugins when their sources change" },
      dev: { type: "boolean", describe: "profile dev; what it needs to start is made" },
      json: { type: "boolean", describe: "log lines as JSON, one object each" },
      verbose: { type: "boolean", describe: "debug lines too" },
      "log-level": { type: "string", describe: "level of the log file", choices: LEVELS },
    },
    run: (context) => run(context, around),
  });
}

async function run({ args, note }: CliContext, around: Surroundings): Promise<number> {
  const { env, paths } = around;
  letHeapGrow();
  if (args["token"] !== undefined || args["password"] !== undefined) {
    note("a secret on the command line is visible to other users of this machine; prefer OPENCLAW_GATEWAY_TOKEN");
  }
  const flags = startFlags(args);
  if (args["dev"] === true) await setUp(around, note);
  if (args["force"] === true) {
    const { freePort } = await import("./force.ts");
    await freePort({ flags, paths, env, say: note });
  }
  const [{ runGateways }, { virtualModules }] = await Promise.all([
    import("../process.ts"),
    import("../virtual-modules.ts"),
  ]);
  // Seen by whoever looks for the holder of the port, and the arguments with their secrets are not.
  process.title = "openclaw-gateway";
  // A reader of the log that goes away must not take the gateway with it.
  for (const stream of [process.stdout, process.stderr])
    stream.removeAllListeners("error").on("error", () => undefined);
  // The start makes a lot that stays, and is waited for.
  whenCalm({ setTimeout }, keepHeapSmall);
  const code = await runGateways({
    ...flags,
    ...around,
    virtualModules,
    allowUnconfigured: args["allow-unconfigured"] === true || args["dev"] === true,
    useLastGood: args["use-last-good"] === true || env["OPENCLAW_CONFIG_FALLBACK"] === "last-good",
    safeMode: args["safe-mode"] as boolean | undefined,
    watch: args["watch"] === true,
  });
  // A plugin that left something running must not keep a stopped gateway alive.
  process.exit(code);
}

/** What the command `setup` of a plugin makes: the gateway itself needs no more than a configuration. */
async function setUp(around: Surroundings, note: CliContext["note"]): Promise<void> {
  const entry = allCommands(around, {}).find(({ name }) => commandWords(name).join(" ") === "setup");
  const command = await entry?.load(around);
  const context = createContext({}, around, commandStore(around));
  await command?.run({ ...context, print: (_value, text) => note(text ?? "") });
}

function startFlags(args: CliArgs): StartFlags {
  const flag = <T>(name: string) => args[name] as T | undefined;
  const port = flag<number>("port");
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535))
    throw wrongUsage(`--port ${port} is not a port; use 1 to 65535`, "gateway");
  const flags = {
    port,
    bind: flag<StartFlags["bind"]>("bind"),
    customBind: flag<string>("custom-bind"),
    auth: flag<StartFlags["auth"]>("auth"),
    token: flag<string>("token"),
    password: flag<string>("password"),
    level: flag<StartFlags["level"]>("log-level"),
    consoleLevel: flag("verbose") === true ? ("debug" as const) : undefined,
    consoleStyle: flag("json") === true ? ("json" as const) : undefined,
  };
  return Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
}
