import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Frame } from "../raw-client.ts";

/** Recorded exchanges of established clients; they lie beside the repository, never in it. */
const FOLDER = join(import.meta.dirname, "..", "..", "..", "..", "shared", "fixtures", "wire");

interface Line {
  readonly dir: "c2s" | "s2c" | "open" | "close";
  readonly case?: string;
  readonly conn: number;
  /** Milliseconds since the first line of its case. */
  readonly t: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Anything that was valid JSON; frames of the server always are frames. */
  readonly frame?: unknown;
  readonly raw?: string;
  readonly by?: "client" | "server";
  readonly code?: number;
  readonly reason?: string;
}

export type Step =
  | { readonly sent: unknown; readonly isJson: boolean; readonly received?: undefined }
  | { readonly received: Frame };

/** One recorded connection. */
export interface Recorded {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What happened between open and close, in order. */
  readonly steps: readonly Step[];
  /** When it opened, when each step was taken and when it closed: milliseconds of one clock, and the line. */
  readonly moments: readonly { readonly at: number; readonly line: number }[];
  /** The first close that was recorded: who began it, and how. */
  readonly close: { readonly by: "client" | "server"; readonly code: number; readonly reason: string };
}

export function capturesExist(): boolean {
  return existsSync(FOLDER);
}

/** Names of all capture files. */
export function captureNames(): string[] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".jsonl"));
  return files.map((name) => name.slice(0, -".jsonl".length)).toSorted();
}

/** The connections of one capture file, in the order in which they were numbered. */
export function readCapture(file: string): Recorded[] {
  const lines = readFileSync(join(FOLDER, `${file}.jsonl`), "utf8")
    .trim()
    .split("\n");
  const numbered = lines.map((text, line) => ({ ...(JSON.parse(text) as Line), line }));
  const starts = startOfCases(numbered);
  return [...Map.groupBy(numbered, ({ conn }) => conn).values()].map((part) => {
    const close = part.find(({ dir }) => dir === "close");
    const taken = part.filter((line) => line.dir !== "close" || line === close);
    return {
      name: part[0]?.case ?? file,
      headers: part.find(({ dir }) => dir === "open")?.headers ?? {},
      steps: part.flatMap((line): Step[] => {
        if (line.dir === "s2c") return [{ received: line.frame as Frame }];
        if (line.dir !== "c2s") return [];
        return [{ sent: line.raw ?? line.frame, isJson: line.raw === undefined }];
      }),
      moments: taken.map((line) => ({ at: (starts.get(line.case) ?? 0) + line.t, line: line.line })),
      close: { by: close?.by ?? "client", code: close?.code ?? 1005, reason: close?.reason ?? "" },
    };
  });
}

/** Clocks that are told by the challenges differ by no more. */
const CLOCK_ERROR_MS = 5;

/**
 * When each case began, told by the challenges, which carry the time of day, and more exactly by what several cases
 * saw: a numbered event came to all of them at once.
 */
function startOfCases(lines: readonly Line[]): Map<string | undefined, number> {
  const starts = new Map<string | undefined, number>();
  for (const { case: name, frame, t } of lines) {
    const { event, payload } = (frame ?? {}) as { event?: string; payload?: { ts: number } };
    if (event === "connect.challenge" && payload) starts.set(name, Math.max(starts.get(name) ?? 0, payload.ts - t));
  }
  const seen = new Map<number, number>();
  const aligned = new Set<string | undefined>();
  for (const { case: name, frame, t, dir } of lines) {
    const { seq } = (frame ?? {}) as { seq?: number };
    if (dir !== "s2c" || seq === undefined) continue;
    const first = seen.get(seq);
    const start = starts.get(name) ?? 0;
    if (first === undefined) seen.set(seq, start + t);
    else if (!aligned.has(name) && Math.abs(first - t - start) <= CLOCK_ERROR_MS) {
      starts.set(name, first - t);
      aligned.add(name);
    }
  }
  return starts;
}
