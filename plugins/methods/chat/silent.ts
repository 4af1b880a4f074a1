/** What an agent says when it says nothing (agent.md §15). */
const SILENT = "NO_REPLY";
const HEARTBEAT = "HEARTBEAT_OK";
const TOKENS = [SILENT, HEARTBEAT];

/** The part of an answer that people see; nothing when the agent chose to be silent. */
export function visibleText(text: string): string {
  const trimmed = text.trim();
  if (hasEdge(trimmed, SILENT)) return "";
  return hasEdge(trimmed, HEARTBEAT) ? withoutEdges(trimmed, HEARTBEAT) : text;
}

/** What may be shown of an answer that is still being written: nothing while it may become a silent one. */
export function visibleSoFar(text: string): string {
  const trimmed = text.trim();
  if (TOKENS.some((token) => token.startsWith(trimmed))) return "";
  return visibleText(text);
}

function hasEdge(text: string, word: string): boolean {
  if (text === word) return true;
  const starts = text.startsWith(word) && !/^[\w]/.test(text.slice(word.length));
  const ends = text.endsWith(word) && !/[\w]$/.test(text.slice(0, -word.length));
  return starts || ends;
}

function withoutEdges(text: string, word: string): string {
  let rest = text;
  while (hasEdge(rest, word)) {
    rest = (rest.startsWith(word) ? rest.slice(word.length) : rest.slice(0, -word.length)).trim();
    if (rest === "") return "";
  }
  return rest;
}
