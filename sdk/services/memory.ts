import { defineService } from "../service.ts";

/** A part of a note that fits a question. */
export interface MemoryHit {
  /** Relative to the workspace. */
  readonly path: string;
  /** Lines, from 1. */
  readonly startLine: number;
  readonly endLine: number;
  /** 0 to 1; higher is better. */
  readonly score: number;
  readonly snippet: string;
}

export interface MemoryApi {
  /** What the notes of an agent say about something, best first. Notes that changed meanwhile are looked at first. */
  search(
    agentId: string,
    query: string,
    options?: { readonly maxResults?: number; readonly minScore?: number },
  ): Promise<readonly MemoryHit[]>;
  /** Lines of a note. Throws for what is no note. */
  read(
    agentId: string,
    path: string,
    options?: { readonly from?: number; readonly lines?: number },
  ): Promise<{ readonly path: string; readonly text: string }>;
}

/** What an agent remembers. One plugin provides it: the slot `memory`. */
export const Memory = defineService<MemoryApi>("memory");
