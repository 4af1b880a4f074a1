import { join } from "node:path";
import { CliError, LEVELS } from "openclaw/plugin-sdk";
import type { CliContext, GatewayClient, Level } from "openclaw/plugin-sdk";
import { newestLog } from "../log-files.ts";
import { tailLog } from "../log-tail.ts";
import type { Tail, TailParams } from "../log-tail.ts";
import { parseLine } from "./log-line.ts";

const TAIL_BYTES = 250_000;

export interface LogSource extends AsyncDisposable {
  read(params: TailParams): Promise<Tail>;
}

/**
 * The log through the gateway, and from the file of this machine's gateway while that is down; a place in one is a
 * place in the other. `notice` is told whenever the way changes.
 */
export function logSource(context: CliContext, notice: (text: string) => void): LogSource {
  const isLocal = context.target().id === "local";
  const fileOnly = context.args["local"] === true;
  let client: GatewayClient | undefined;
  let way: "gateway" | "file" | undefined;

  async function throughGateway(params: TailParams): Promise<Tail> {
    client ??= await context.connect();
    return client.request<Tail>("logs.tail", params);
  }

  async function drop(): Promise<void> {
    const lost = client;
    client = undefined;
    await lost?.close();
  }

  return {
    async read(params) {
      if (fileOnly) return fromFile(context, params);
      try {
        const tail = await throughGateway(params);
        if (way === "file") notice("the gateway is back");
        way = "gateway";
        return tail;
      } catch (error) {
        await drop();
        if (!isLocal) throw error;
        const { details, message } = error as CliError;
        if (way !== "file")
          notice(`reading the file, the gateway does not answer: ${String(details?.["reason"] ?? message)}`);
        way = "file";
        return fromFile(context, params);
      }
    },
    [Symbol.asyncDispose]: drop,
  };
}

/** Where the gateway of this state directory logs; the day stands for any. */
function logPattern({ stateDir, home, config }: CliContext): string {
  const named = config.get<string>("logging.file")?.replace(/^~(?=\/)/, home);
  return named ?? join(stateDir, "logs", "openclaw-YYYY-MM-DD.log");
}

/** The newest log of this state directory, if there is one. */
export function localLog(context: CliContext): Promise<string | undefined> {
  return newestLog(logPattern(context));
}

async function fromFile(context: CliContext, params: TailParams): Promise<Tail> {
  const file = await localLog(context);
  if (file) return tailLog(file, params);
  throw new CliError(`no log is there yet: ${context.tilde(logPattern(context))}`, { code: "NOT_FOUND" });
}

/** The newest lines as they stand, without a gateway. */
export async function recentLines(context: CliContext, limit: number): Promise<readonly string[]> {
  try {
    return (await fromFile(context, { limit, maxBytes: TAIL_BYTES })).lines;
  } catch {
    // Nothing has been logged, or nobody may read it: a report without it is still a report.
    return [];
  }
}

/** What went wrong last. */
export async function lastError(context: CliContext): Promise<string | undefined> {
  const lines = await recentLines(context, 5_000);
  const records = lines.map(parseLine);
  return records.findLast(({ level }) => level !== undefined && isAtLeast(level, "error"))?.message;
}

export function isAtLeast(level: Level, least: Level): boolean {
  return LEVELS.indexOf(level) <= LEVELS.indexOf(least);
}
