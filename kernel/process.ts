import { LockedError, LogWriter } from "openclaw/plugin-sdk";
import { GatewayRun } from "./gateway.ts";
import type { GatewayOptions } from "./gateway.ts";
import { logOptions } from "./settings.ts";

const RESTART_EXPECTED_MS = 1_500;
/** For a stop that comes before there is a gateway. */
const START_LIMIT_MS = 25_000;
/** Package managers repeat a signal that the terminal has already sent to the whole group. */
const SAME_SIGNAL_MS = 250;

/** The end of a process: what was asked for, and how. */
type End = { readonly kind: "stop" | "restart"; readonly reason: string };

/**
 * Run gateways in this process until one is told to stop; a restart begins the next one. Resolves with
 * the exit code (cli.md §1.4). Signals: operations.md §4.1.
 */
export async function runGateways(options: GatewayOptions): Promise<number> {
  let end: (how: End) => void = () => undefined;
  let run: GatewayRun | undefined;
  let stoppedAt: number | undefined;
  let late: NodeJS.Timeout | undefined;
  /** One limit for a stop and for the restart that it finds under way. */
  const limitStop = () => {
    const ms = run?.stopLimitMs ?? START_LIMIT_MS;
    late ??= setTimeout(() => {
      run?.log.write("fatal", "gateway", `the stop took more than ${ms} ms; ending without it`);
      process.exit(1);
    }, ms);
  };
  const stop = () => {
    // A second signal does not wait for anybody.
    if (stoppedAt !== undefined && performance.now() - stoppedAt > SAME_SIGNAL_MS) process.exit(1);
    stoppedAt ??= performance.now();
    limitStop();
    end({ kind: "stop", reason: "gateway stopping" });
  };
  const restart = async () => {
    const problem = run?.restartAllowed()
      ? await run.restartProblem()
      : "not authorized; set commands.restart to true to allow it";
    if (problem === undefined) return end({ kind: "restart", reason: "gateway restarting" });
    run?.log.write("warn", "gateway", `SIGUSR1 restart ignored (${problem})`);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  const restartSignal = () => void restart();
  process.on("SIGUSR1", restartSignal);
  try {
    for (;;) {
      const ended = new Promise<End>((resolve) => (end = resolve));
      run = await start({
        ...options,
        onRestart: (reason) => end({ kind: "restart", reason }),
        onStop: (reason) => end({ kind: "stop", reason }),
      });
      const how = await ended;
      limitStop();
      await run.stop(
        how.kind === "stop" ? "gateway stopping" : "gateway restarting",
        how.kind === "stop" ? undefined : RESTART_EXPECTED_MS,
      );
      clearTimeout(late);
      late = undefined;
      if (how.kind === "stop" || stoppedAt !== undefined) return Number(process.exitCode ?? 0);
    }
  } finally {
    process.off("SIGTERM", stop);
    process.off("SIGINT", stop);
    process.off("SIGUSR1", restartSignal);
  }
}

/** People look for a start that failed in the log; one that met a living gateway leaves that one's log alone. */
async function start(options: GatewayOptions): Promise<GatewayRun> {
  try {
    return await GatewayRun.start(options);
  } catch (error) {
    const { message, cause } = error as Error;
    if (!(cause instanceof LockedError)) {
      const log = new LogWriter({ ...logOptions(options, options.env, {}, options.paths), consoleLevel: "silent" });
      log.write("fatal", "gateway", `start failed: ${message}`);
    }
    throw error;
  }
}
