import { lstat, readdir, realpath } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { GatewayError, readTextFile } from "openclaw/plugin-sdk";

export interface Note {
  /** Relative to the workspace, with `/`. */
  readonly path: string;
  readonly file: string;
  readonly size: number;
  readonly mtimeMs: number;
}

const MAX_NOTES = 2_000;
const MAX_BYTES = 1_000_000;
const MAX_DEPTH = 6;
const ROOTS = ["MEMORY.md", "memory.md"];

/** The notes of a workspace: `MEMORY.md`, and Markdown below `memory/`. Links are left out. */
export async function findNotes(workspace: string): Promise<Note[]> {
  const notes: Note[] = [];
  const add = async (file: string) => {
    const facts = await lstat(file).catch(() => undefined);
    if (!facts?.isFile() || facts.size > MAX_BYTES || notes.length >= MAX_NOTES) return;
    const path = relative(workspace, file).split(sep).join("/");
    notes.push({ path, file, size: facts.size, mtimeMs: facts.mtimeMs });
  };
  const walk = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith(".")) continue;
      if (entry.isDirectory() && depth < MAX_DEPTH) await walk(join(folder, entry.name), depth + 1);
      else if (entry.isFile() && entry.name.endsWith(".md")) await add(join(folder, entry.name));
    }
  };
  // A disk without regard to case has both names for one file.
  const top = await readdir(workspace).catch(() => []);
  for (const name of top.filter((one) => ROOTS.includes(one))) await add(join(workspace, name));
  const memory = join(workspace, "memory");
  if ((await lstat(memory).catch(() => undefined))?.isDirectory()) await walk(memory, 0);
  return notes;
}

/** Is the real path `file` one of the notes of this workspace? */
export async function assertNote(workspace: string, file: string, given: string): Promise<void> {
  const root = await realpath(workspace);
  const path = relative(root, file).split(sep);
  const isNote = path.length === 1 ? ROOTS.includes(basename(file)) : path[0] === "memory" && file.endsWith(".md");
  if (!isNote) throw new GatewayError("INVALID_REQUEST", `${given} is no note; notes are MEMORY.md and memory/*.md`);
}

/** The text of a note. Longer ones than are indexed are cut. */
export async function noteText(file: string): Promise<string> {
  const text = await readTextFile(file, MAX_BYTES);
  if (text === undefined) throw new GatewayError("INVALID_REQUEST", `there is no file ${basename(file)} to be read`);
  return text;
}
