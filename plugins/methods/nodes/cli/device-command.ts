import { CliError, defineCommand } from "openclaw/plugin-sdk";
import type { CliArgs, CliCommand, CliOption, CliContext } from "openclaw/plugin-sdk";
import { INVOKE_OPTIONS, invokeNode } from "./invoke-node.ts";
import { NODE_OPTION } from "./node-option.ts";
import { pickNode } from "./pick-node.ts";

export interface DeviceCommand {
  /** What the node is asked, such as `camera.snap`. */
  readonly command: string;
  readonly options?: Readonly<Record<string, CliOption>>;
  /** Milliseconds that the node may take, unless `--invoke-timeout` says otherwise. */
  readonly timeoutMs?: number;
  params(args: CliArgs): Readonly<Record<string, unknown>>;
  /** Print what came back; by default as it is. */
  readonly show?: (payload: unknown, context: CliContext) => Promise<void> | void;
}

/** A command line that has one node do one thing with its hardware or screen. */
export function deviceCommand({ command, options, timeoutMs, params, show }: DeviceCommand): CliCommand {
  return defineCommand({
    options: { ...NODE_OPTION, ...options, ...INVOKE_OPTIONS },
    async run(context) {
      const { args, connect, print } = context;
      // Wrong flags are told before anybody is asked.
      const asked = params(args);
      const client = await connect();
      try {
        const { nodeId } = await pickNode(client, args["node"]);
        const { payload } = await invokeNode(client, nodeId, command, asked, {
          args,
          ...(timeoutMs !== undefined && { timeoutMs }),
        });
        if (show) await show(payload, context);
        else print(payload ?? null, payload === undefined ? "done" : JSON.stringify(payload, null, 2));
      } finally {
        await client.close();
      }
    },
  });
}

/** The flags that were given, by the names the node knows them by. */
export function given(args: CliArgs, names: Readonly<Record<string, string>>): Record<string, unknown> {
  const pairs = Object.entries(names).flatMap(([flag, name]) => (args[flag] === undefined ? [] : [[name, args[flag]]]));
  return Object.fromEntries(pairs) as Record<string, unknown>;
}

/** `10s`, `500ms`, `2m` or plain milliseconds. */
export function durationMs(value: unknown, flag: string): number | undefined {
  if (value === undefined) return undefined;
  const [, amount, unit = "ms"] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(String(value)) ?? [];
  const factor = { ms: 1, s: 1_000, m: 60_000 }[unit as "ms" | "s" | "m"];
  if (amount !== undefined && Number(amount) > 0) return Math.round(Number(amount) * factor);
  throw new CliError(`--${flag} needs a duration such as 10s`, { exitCode: 2, code: "USAGE" });
}
