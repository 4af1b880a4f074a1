const AGENT_ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;
const MAX_LENGTH = 64;

/** The id that an agent's name stands for (sessions.md §1.1). Harmless in a path, and the same when asked again. */
export function agentIdOf(name: string): string {
  if (AGENT_ID.test(name)) return name;
  const id = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, "-")
    .replace(/^[-_]+/, "")
    .replace(/-+$/, "")
    .slice(0, MAX_LENGTH);
  return id === "" ? "main" : id;
}
