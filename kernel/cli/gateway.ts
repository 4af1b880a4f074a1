import { CliError, defineCommand } from "openclaw/plugin-sdk";
import type { CliArgs, CliCommand } from "openclaw/plugin-sdk";
import type { StartFlags } from "../settings.ts";
import type { Surroundings } from "./context.ts";

/** `openclaw gateway`: run in the foreground until stopped (cli.md §2.1). */
export function gatewayCommand({ paths, env, version, bundled }: Surroundings): CliCommand {
  return defineCommand({
    anyConfig: true,
    options: {
      port: { type: "number", describe: "port; 0 picks a free one" },
      bind: { type: "string", describe: "where to listen", choices: ["loopback", "lan", "tailnet", "auto", "custom"] },
      "custom-bind": { type: "string", describe: "address to listen on, with --bind custom" },
      auth: { type: "string", describe: "kind of secret clients need", choices: ["token", "password", "none"] },
      force: { type: "boolean", describe: "stop whoever holds the port first" },
      "allow-unconfigured": { type: "boolean", describe: "start without gateway.mode=local" },
      "use-last-good": { type: "boolean", describe: "with an invalid configuration, start on the last good version" },
      "safe-mode": { type: "boolean", describe: "no channels and nothing but the stock plugins" },
      watch: { type: "boolean", describe: "reload plugins when their sources change" },
    },
    async run({ args, note }) {
      if (args["token"] !== undefined || args["password"] !== undefined) {
        note("a secret on the command line is visible to other users of this machine; prefer OPENCLAW_GATEWAY_TOKEN");
      }
      const [{ runGateways, startFailure }, { virtualModules }, { freePort }] = await Promise.all([
        import("../process.ts"),
        import("../virtual-modules.ts"),
        import("../force.ts"),
      ]);
      try {
        if (args["force"] === true) await freePort({ flags: startFlags(args), paths, env });
        const code = await runGateways({
          ...startFlags(args),
          paths,
          env,
          version,
          bundled,
          virtualModules,
          allowUnconfigured: args["allow-unconfigured"] === true,
          useLastGood: args["use-last-good"] === true || env["OPENCLAW_CONFIG_FALLBACK"] === "last-good",
          safeMode: args["safe-mode"] === true,
          watch: args["watch"] === true,
        });
        // A plugin that left something running must not keep a stopped gateway alive.
        process.exit(code);
      } catch (error) {
        const { code, text } = startFailure(error);
        throw new CliError(text, { exitCode: code, code: "START_FAILED", cause: error });
      }
    },
  });
}

function startFlags(args: CliArgs): StartFlags {
  const flag = <T>(name: string) => args[name] as T | undefined;
  const flags = {
    port: flag<number>("port"),
    bind: flag<StartFlags["bind"]>("bind"),
    customBind: flag<string>("custom-bind"),
    auth: flag<StartFlags["auth"]>("auth"),
    token: flag<string>("token"),
    password: flag<string>("password"),
    consoleLevel: args["verbose"] === true ? ("debug" as const) : undefined,
  };
  if (flags.port !== undefined && !(Number.isInteger(flags.port) && flags.port >= 0 && flags.port <= 65_535)) {
    throw new CliError(`--port ${String(args["port"])} is not a port; use 1 to 65535`, { exitCode: 2, code: "USAGE" });
  }
  return Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
}
