import { constants, existsSync, readdirSync } from "node:fs";
import { copyFile, mkdir, open, readdir, readFile, rename, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { errorText } from "openclaw/plugin-sdk";
import type { Logger, Session, SessionEntry, SessionKey } from "openclaw/plugin-sdk";
import { agentIdOf } from "./agent-id.ts";
import { parseEntry } from "./entry.ts";
import { linesFromStart } from "./lines.ts";
import { readSessionFile } from "./session-file.ts";
import type { SessionIndex } from "./session-index.ts";
import { timeStamp } from "./transcript-archive.ts";
import { isMissing } from "./transcript-failure.ts";

export interface ImportParts {
  readonly index: SessionIndex;
  readonly stateDir: string;
  readonly log: Logger;
  readonly defaultAgentId: () => string;
  /** Agents of the configuration. */
  readonly agentIds: () => readonly string[];
  /** Where the index file of an agent is. */
  readonly file: (agentId: string) => string;
  /** The key in any spelling, where a bare one is of this agent. */
  readonly keyOf: (text: string, agentId: string) => SessionKey | undefined;
}

/**
 * Takes over what an established program left: the index file of each agent, once, when there are no sessions here yet.
 * A broken file is kept beside, and rows that it lost are made again from the transcripts.
 */
export async function importSessions(parts: ImportParts): Promise<number> {
  const { index, stateDir, log } = parts;
  // Nearly every start: nothing to take over, and clients are waiting.
  if ((await index.count()) > 0 || !isAnythingThere(parts)) return 0;
  await moveOldPlaces(parts);
  const found = new Map<string, Session>();
  for (const agentId of new Set([...parts.agentIds(), ...(await agentsIn(join(stateDir, "agents")))])) {
    // What cannot be read of one agent must not keep the others from being read.
    const sessions = await sessionsOf(agentId, parts).catch((error: unknown): Session[] => {
      log.error(`cannot read ${parts.file(agentId)}: ${errorText(error)}`, { err: error });
      return [];
    });
    for (const session of sessions) {
      const other = found.get(session.key);
      // Two spellings of one key: the newer row counts.
      if (!other || other.entry.updatedAt <= session.entry.updatedAt) found.set(session.key, session);
    }
  }
  await index.add([...found.values()]);
  if (found.size > 0) log.info(`took over ${found.size} sessions from sessions.json`);
  return found.size;
}

function isAnythingThere({ stateDir, agentIds, file }: ImportParts): boolean {
  const agents = join(stateDir, "agents");
  const names = existsSync(agents) ? readdirSync(agents) : [];
  const places = [
    join(stateDir, "sessions.json"),
    join(stateDir, "sessions"),
    ...new Set([...agentIds(), ...names.filter((name) => agentIdOf(name) === name)].map(file)),
  ];
  return places.some((path) => existsSync(path));
}

async function sessionsOf(agentId: string, parts: ImportParts): Promise<Session[]> {
  const path = parts.file(agentId);
  const text = await readIfThere(path);
  if (text === undefined) return [];
  const { rows, faults } = readSessionFile(text);
  const all = new Map<string, SessionEntry>(rows);
  if (faults.length > 0) {
    const aside = `${path}.corrupt-${timeStamp()}`;
    await copyFile(path, aside, constants.COPYFILE_EXCL);
    const backup = readSessionFile((await readIfThere(`${path}.bak`)) ?? "").rows;
    for (const [key, entry] of [...backup, ...(await rowsFromTranscripts(join(path, "..")))]) {
      if (!all.has(key) && !hasSession(all, entry.sessionId)) all.set(key, entry);
    }
    parts.log.error(
      `${path} is damaged (${faults.slice(0, 5).join("; ")}); ${all.size} sessions were read, the file is kept as ${basename(aside)}`,
    );
  }
  return [...all].flatMap(([text_, entry]) => {
    const key = parts.keyOf(text_, agentId);
    if (key) return [{ key: key.canonical, agentId: key.agentId, entry }];
    parts.log.warn(`left out of ${path}: ${JSON.stringify(text_.slice(0, 80))} is no session key`);
    return [];
  });
}

function hasSession(rows: ReadonlyMap<string, SessionEntry>, sessionId: string): boolean {
  for (const entry of rows.values()) if (entry.sessionId === sessionId) return true;
  return false;
}

/** What the first lines of transcripts say of their sessions. */
async function rowsFromTranscripts(directory: string): Promise<Map<string, SessionEntry>> {
  const rows = new Map<string, SessionEntry>();
  for (const name of await namesIn(directory)) {
    if (!name.endsWith(".jsonl") || name === "main.jsonl") continue;
    const path = join(directory, name);
    const header = await firstEntry(path).catch(() => undefined);
    const { sessionKey, id } = (header ?? {}) as { sessionKey?: unknown; id?: unknown };
    if (header?.type !== "session" || typeof sessionKey !== "string" || typeof id !== "string") continue;
    const updatedAt = Math.floor((await stat(path)).mtimeMs);
    const other = rows.get(sessionKey);
    if (!other || other.updatedAt < updatedAt) rows.set(sessionKey, { sessionId: id, updatedAt });
  }
  return rows;
}

async function firstEntry(path: string) {
  const file = await open(path, "r");
  try {
    for await (const { bytes } of linesFromStart(file)) return parseEntry(bytes);
    return undefined;
  } finally {
    await file.close();
  }
}

/** Before there were agents, sessions lay in the state directory itself (sessions.md §2). */
async function moveOldPlaces({ stateDir, defaultAgentId, file, log }: ImportParts): Promise<void> {
  const target = file(defaultAgentId());
  const directory = join(target, "..");
  for (const [from, to] of [
    [join(stateDir, "sessions", "sessions.json"), target],
    [join(stateDir, "sessions.json"), target],
  ] as const) {
    if ((await readIfThere(from)) === undefined) continue;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const isTaken = (await readIfThere(to)) !== undefined;
    if (!isTaken) await copyFile(from, to, constants.COPYFILE_EXCL);
    await rename(from, `${from}.migrated`);
    log.info(`${from} ${isTaken ? "is older than what is there and was put aside" : "was taken over"}`);
  }
  const old = join(stateDir, "sessions");
  const names = (await namesIn(old)).filter((name) => name.endsWith(".jsonl"));
  if (names.length === 0) return;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (const name of names) {
    await copyFile(join(old, name), join(directory, name), constants.COPYFILE_EXCL).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    });
  }
  await rename(old, `${old}.migrated`);
}

/** Folders of agents. A link stands for one of the others. */
async function agentsIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  return entries.filter((entry) => entry.isDirectory() && agentIdOf(entry.name) === entry.name).map(({ name }) => name);
}

async function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
}
