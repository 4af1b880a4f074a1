import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Frame } from "../raw-client.ts";

/** Recorded exchanges of established clients; they lie beside the repository, never in it. */
const FOLDER = join(import.meta.dirname, "..", "..", "..", "..", "shared", "fixtures", "wire");

interface Line {
  readonly dir: "c2s" | "s2c" | "open" | "close";
  readonly case?: string;
  readonly conn: number;
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
  /** The first close that was recorded: who began it, and how. */
  readonly close: { readonly by: "client" | "server"; readonly code: number; readonly reason: string };
}

export function capturesExist(): boolean {
  return existsSync(FOLDER);
}

/** The connections of one capture file, in the order in which they were numbered. */
export function readCapture(file: string): Recorded[] {
  const lines = readFileSync(join(FOLDER, `${file}.jsonl`), "utf8")
    .trim()
    .split("\n");
  const byConnection = Map.groupBy(
    lines.map((line) => JSON.parse(line) as Line),
    ({ conn }) => conn,
  );
  return [...byConnection.values()].map((part) => {
    const close = part.find(({ dir }) => dir === "close");
    return {
      name: part[0]?.case ?? file,
      headers: part.find(({ dir }) => dir === "open")?.headers ?? {},
      steps: part.flatMap((line): Step[] => {
        if (line.dir === "s2c") return [{ received: line.frame as Frame }];
        if (line.dir !== "c2s") return [];
        return [{ sent: line.raw ?? line.frame, isJson: line.raw === undefined }];
      }),
      close: { by: close?.by ?? "client", code: close?.code ?? 1005, reason: close?.reason ?? "" },
    };
  });
}
