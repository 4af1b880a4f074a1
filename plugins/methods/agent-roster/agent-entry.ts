import type { Settings } from "openclaw/plugin-sdk";
import type { Identity } from "openclaw/plugin-sdk/workspace";

/** One of `agents.list`, as far as this plugin reads it (sessions.md §8). */
export interface AgentEntry {
  readonly id: string;
  readonly default?: boolean;
  readonly name?: string;
  readonly workspace?: string;
  readonly agentDir?: string;
  readonly model?: string | { readonly primary?: string };
  readonly identity?: Omit<Identity, "vibe">;
}

export interface Binding {
  readonly agentId: string;
  readonly match?: { readonly channel?: string; readonly accountId?: string; readonly peer?: { readonly id?: string } };
}

const MAX_ID = 64;

/** The agents of a configuration; without a list there is one, `main`. */
export function agentEntries(settings: Pick<Settings, "get">): readonly AgentEntry[] {
  const listed = settings.get<readonly AgentEntry[]>("agents.list") ?? [];
  return listed.length > 0 ? listed : [{ id: "main" }];
}

export function defaultEntry(entries: readonly AgentEntry[]): AgentEntry | undefined {
  return entries.find((entry) => entry.default === true) ?? entries[0];
}

/** The id that a name stands for (sessions.md §1.1). */
export function agentIdOf(name: string): string {
  const id = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, "-")
    .replace(/^[-_]+/, "")
    .slice(0, MAX_ID)
    .replace(/-+$/, "");
  return id === "" ? "main" : id;
}

/** A model as people name it. */
export function modelName(model: AgentEntry["model"]): string | undefined {
  return typeof model === "object" ? model.primary : model;
}
