import { setTimeout as delay } from "node:timers/promises";
import { CliError, defineCommand, LEVELS, terminalText } from "openclaw/plugin-sdk";
import type { CliContext, Level } from "openclaw/plugin-sdk";
import type { Tail } from "../log-tail.ts";
import { lineJson, lineText, parseLine } from "./log-line.ts";
import type { LogRecord } from "./log-line.ts";
import { isAtLeast, logSource } from "./log-source.ts";
import type { LogSource } from "./log-source.ts";

/** Enough to find `--limit` lines of a rare level in. */
const MAX_LINES = 5_000;

/** `openclaw logs` (cli.md §3). With `--json` a stream: one object per line. */
export default defineCommand({
  anyConfig: true,
  options: {
    follow: { type: "boolean", alias: "f", describe: "go on with what is written from now" },
    limit: { type: "number", describe: "lines to begin with", default: 200 },
    plain: { type: "boolean", describe: "no colours" },
    interval: { type: "number", describe: "milliseconds between two looks", default: 1_000 },
    "max-bytes": { type: "number", describe: "bytes to read at most at once", default: 250_000 },
    level: { type: "string", describe: "only lines of this level and worse ones", choices: LEVELS },
    local: { type: "boolean", describe: "read the file of this machine without asking the gateway" },
  },
  async run(context) {
    const writer = createWriter(context);
    await using source = logSource(context, writer.notice);
    const maxBytes = context.args["max-bytes"] as number;
    const first = await source.read({ limit: MAX_LINES, maxBytes });
    writer.begin(first);
    if (context.args["follow"] === true) await follow(context, source, writer, first);
  },
});

async function follow({ args }: CliContext, source: LogSource, writer: Writer, first: Tail): Promise<never> {
  const maxBytes = args["max-bytes"] as number;
  let place: Pick<Tail, "id" | "cursor"> = first;
  for (;;) {
    const { id, cursor } = place;
    const tail = await source.read({ id, cursor, limit: MAX_LINES, maxBytes }).catch(writer.failed);
    if (tail) writer.goOn(tail);
    place = tail ?? place;
    if (!tail || tail.lines.length === 0) await delay(args["interval"] as number);
  }
}

type Writer = ReturnType<typeof createWriter>;

function createWriter({ args, json, note }: CliContext) {
  const least = args["level"] as Level | undefined;
  const limit = args["limit"] as number;
  const out = (line: string) => void process.stdout.write(`${json ? line : terminalText(line)}\n`);
  let file: string | undefined;
  let problem: string | undefined;

  const show = (record: LogRecord) =>
    out(json ? JSON.stringify(lineJson(record)) : lineText(record, args["plain"] === true));
  const wanted = ({ lines }: Tail) =>
    lines.map(parseLine).filter(({ level }) => least === undefined || (level !== undefined && isAtLeast(level, least)));
  const notice = (text: string) => (json ? out(JSON.stringify({ type: "notice", message: text })) : note(text));
  const meta = (tail: Tail) => {
    const { file: now, cursor, size } = tail;
    if (json && now !== file) out(JSON.stringify({ type: "meta", file: now, cursor, size }));
    file = now;
  };

  return {
    notice,
    begin(tail: Tail): void {
      meta(tail);
      if (limit > 0) wanted(tail).slice(-limit).forEach(show);
    },
    goOn(tail: Tail): void {
      problem = undefined;
      if (tail.reset) notice("the log was emptied or removed; lines may be missing here");
      meta(tail);
      wanted(tail).forEach(show);
    },
    /** Said once, until reading works again. */
    failed(error: Error): undefined {
      if (problem !== error.message)
        notice(error instanceof CliError ? error.message : `cannot read on: ${error.message}`);
      problem = error.message;
      return undefined;
    },
  };
}
