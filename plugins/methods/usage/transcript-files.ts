import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { TranscriptMessage } from "openclaw/plugin-sdk";

export interface TranscriptFile {
  readonly path: string;
  readonly mtimeMs: number;
  readonly size: number;
}

/**
 * Every transcript of every agent that was written to since, those of sessions that began anew too (state.md §4). Links
 * are other names of the same files and left out.
 */
export async function transcriptFiles(stateDir: string, sinceMs: number): Promise<TranscriptFile[]> {
  const agents = join(stateDir, "agents");
  const found: TranscriptFile[] = [];
  for (const agent of await entriesOf(agents)) {
    if (!agent.isDirectory()) continue;
    const folder = join(agents, agent.name, "sessions");
    for (const file of await entriesOf(folder)) {
      if (!file.isFile() || !file.name.endsWith(".jsonl")) continue;
      const path = join(folder, file.name);
      // Removed since it was listed: it has nothing to add up any more.
      const info = await stat(path).catch(() => undefined);
      if (info && info.mtimeMs >= sinceMs) found.push({ path, mtimeMs: info.mtimeMs, size: info.size });
    }
  }
  return found;
}

/** The messages of one file, line by line; a line that is none is passed over. */
export async function* messagesOf(path: string): AsyncGenerator<TranscriptMessage> {
  const lines = createInterface({ input: createReadStream(path, "utf8"), crlfDelay: Infinity });
  for await (const line of lines) {
    const message = messageIn(line);
    if (message) yield message;
  }
}

function messageIn(line: string): TranscriptMessage | undefined {
  // Most lines hold no usage; those need no parsing.
  if (!line.includes('"usage"')) return undefined;
  try {
    const { message, timestamp } = JSON.parse(line) as { message?: TranscriptMessage; timestamp?: string };
    if (message?.role !== "assistant") return undefined;
    const at = typeof message.timestamp === "number" ? message.timestamp : Date.parse(timestamp ?? "");
    return Number.isFinite(at) ? { ...message, timestamp: at } : undefined;
  } catch {
    // Cut off by a crash.
    return undefined;
  }
}

async function entriesOf(folder: string) {
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}
