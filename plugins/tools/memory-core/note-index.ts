import { rmSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { ensureDirectory, loadSqlite, tightenMode } from "openclaw/plugin-sdk";
import type { MemoryHit } from "openclaw/plugin-sdk";
import { noteText } from "./notes.ts";
import type { Note } from "./notes.ts";
import { piecesOf } from "./pieces.ts";
import { ftsQuery, spaced } from "./words.ts";

const FORMAT = 1;
const MAX_SNIPPET = 700;

interface Row {
  readonly path: string;
  readonly first: number;
  readonly last: number;
  readonly text: string;
  readonly rank: number;
}

/** The full-text index of one agent's notes: a cache, made anew when it cannot be used. */
export class NoteIndex {
  readonly #database: DatabaseSync;

  constructor(path: string) {
    this.#database = openIndex(path);
  }

  /** Take in what has changed since the last time. */
  async update(notes: readonly Note[]): Promise<void> {
    const known = new Map(
      this.#database
        .prepare("SELECT path, size, mtime FROM notes")
        .all()
        .map((row) => [row["path"] as string, row]),
    );
    for (const note of notes) {
      const before = known.get(note.path);
      known.delete(note.path);
      if (before?.["size"] === note.size && before["mtime"] === note.mtimeMs) continue;
      const text = await noteText(note.file).catch(() => "");
      this.#replace(note, text);
    }
    for (const path of known.keys()) this.#transact(() => this.#forget(path));
  }

  search(query: string, most: number): MemoryHit[] {
    const fts = ftsQuery(query);
    if (fts === undefined) return [];
    const rows = this.#database
      .prepare(
        "SELECT path, first, last, text, bm25(pieces, 0, 0, 0, 0, 1) AS rank FROM pieces WHERE pieces MATCH ? ORDER BY rank LIMIT ?",
      )
      .all(fts, most) as unknown as Row[];
    const [best] = rows;
    return rows.map(({ path, first, last, text, rank }) => ({
      path,
      startLine: first,
      endLine: last,
      score: scoreOf(rank, best?.rank ?? rank),
      snippet: text.length > MAX_SNIPPET ? `${text.slice(0, MAX_SNIPPET)} …` : text,
    }));
  }

  close(): void {
    this.#database.close();
  }

  #replace({ path, size, mtimeMs }: Note, text: string): void {
    this.#transact(() => {
      this.#forget(path);
      const insert = this.#database.prepare(
        "INSERT INTO pieces (path, first, last, text, words) VALUES (?, ?, ?, ?, ?)",
      );
      for (const piece of piecesOf(text)) insert.run(path, piece.first, piece.last, piece.text, spaced(piece.text));
      this.#database.prepare("INSERT INTO notes (path, size, mtime) VALUES (?, ?, ?)").run(path, size, mtimeMs);
    });
  }

  #forget(path: string): void {
    this.#database.prepare("DELETE FROM pieces WHERE path = ?").run(path);
    this.#database.prepare("DELETE FROM notes WHERE path = ?").run(path);
  }

  #transact(work: () => void): void {
    this.#database.exec("BEGIN");
    try {
      work();
      this.#database.exec("COMMIT");
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }
}

/** The best hit of a question says the most; the others are measured against it. */
function scoreOf(rank: number, best: number): number {
  if (best >= 0) return 0.5;
  return Math.round(Math.max(0.05, Math.min(1, rank / best)) * 100) / 100;
}

/** A file that is damaged, or of another format, is thrown away: everything in it can be read again. */
function openIndex(path: string): DatabaseSync {
  try {
    return prepared(path);
  } catch {
    // Nothing is lost: it is a cache.
    for (const suffix of ["", "-wal", "-shm", "-journal"]) rmSync(`${path}${suffix}`, { force: true });
    try {
      return prepared(path);
    } catch {
      // A disk that is full or read-only: the index lives as long as this process.
      return prepared(":memory:");
    }
  }
}

function prepared(path: string): DatabaseSync {
  const { DatabaseSync } = loadSqlite();
  if (path !== ":memory:") ensureDirectory(dirname(path));
  const database = new DatabaseSync(path, { timeout: 2_000 });
  try {
    if (path !== ":memory:") tightenMode(path, 0o600);
    const version = database.prepare("PRAGMA user_version").get()?.["user_version"];
    if (version !== 0 && version !== FORMAT) throw new Error("another format");
    database.exec("PRAGMA synchronous = OFF");
    database.exec("CREATE TABLE IF NOT EXISTS notes (path TEXT PRIMARY KEY, size INTEGER, mtime REAL)");
    database.exec(
      "CREATE VIRTUAL TABLE IF NOT EXISTS pieces USING fts5(path UNINDEXED, first UNINDEXED, last UNINDEXED, text UNINDEXED, words, tokenize = 'unicode61 remove_diacritics 2')",
    );
    database.exec(`PRAGMA user_version = ${FORMAT}`);
    database.prepare("SELECT count(*) FROM pieces").get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
