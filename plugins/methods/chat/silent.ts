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

function hasEdge(text: string, token: string): boolean {
  if (text === token) return true;
  const starts = text.startsWith(token) && !/^[\w]/.test(text.slice(token.length));
  const ends = text.endsWith(token) && !/[\w]$/.test(text.slice(0, -token.length));
  return starts || ends;
}

function withoutEdges(text: string, token: string): string {
  let rest = text;
  while (hasEdge(rest, token)) {
    rest = (rest.startsWith(token) ? rest.slice(token.length) : rest.slice(0, -token.length)).trim();
    if (rest === "") return "";
  }
  return rest;
}
