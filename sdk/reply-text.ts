/** What an agent says when it says nothing (agent.md §15). */
const SILENT = "NO_REPLY";
const HEARTBEAT = "HEARTBEAT_OK";
const TOKENS = [SILENT, HEARTBEAT];

const REPLY_TAG = /\[\[\s*reply_to(?:_current|:\s*([^\]\n]{1,200}?))\s*\]\]/gi;
const VOICE_TAG = /\[\[\s*audio_as_voice\s*\]\]/gi;
const MEDIA_LINE = /^[ \t]*MEDIA:[ \t]*`?([^\s`][^\n`]*?)`?[ \t]*$\n?/gm;
/** The end of a text that may become a tag or a line of media. */
const UNFINISHED = /(?:\[|\[\[[^\]\n]{0,210}\]?|(?:^|\n)[ \t]*M(?:E(?:D(?:I(?:A(?::[^\n]{0,2000})?)?)?)?)?)$/;
const TAIL = 2_100;

/** What a model's text asks for beside being read. */
export interface ReadReply {
  /** As people see it; empty for a silent one. */
  readonly text: string;
  readonly mediaUrls: readonly string[];
  /** The message to quote: the one that is answered, or one by its id. */
  readonly quote?: "current" | { readonly id: string };
  readonly asVoice: boolean;
}

/** Takes silent tokens, tags and `MEDIA:` lines out of an answer (agent.md §15). */
export function readReply(whole: string): ReadReply {
  const spoken = withoutTokens(whole);
  if (spoken === "") return { text: "", mediaUrls: [], asVoice: false };
  const mediaUrls: string[] = [];
  let quote: ReadReply["quote"];
  let asVoice = false;
  let text = spoken;
  if (text.includes("MEDIA:"))
    text = text.replaceAll(MEDIA_LINE, (_, url: string) => {
      mediaUrls.push(url);
      return "";
    });
  if (text.includes("[["))
    text = text
      .replaceAll(REPLY_TAG, (_, id: string | undefined) => {
        quote ??= id === undefined ? "current" : { id };
        return "";
      })
      .replaceAll(VOICE_TAG, () => {
        asVoice = true;
        return "";
      });
  return { text: text === spoken ? text : text.trim(), mediaUrls, asVoice, ...(quote !== undefined && { quote }) };
}

/** The part of an answer that people see; nothing when the agent chose to be silent. */
export function visibleText(text: string): string {
  return readReply(text).text;
}

/** What may be shown of an answer that is still being written: nothing of what may yet become silence or a tag. */
export function visibleSoFar(text: string): string {
  const trimmed = text.trim();
  if (TOKENS.some((token) => token.startsWith(trimmed))) return "";
  // Only the end can be unfinished; long answers are looked at many times.
  const tail = text.slice(-TAIL);
  const open = UNFINISHED.exec(tail);
  return visibleText(open ? text.slice(0, text.length - tail.length + open.index) : text);
}

function withoutTokens(text: string): string {
  const trimmed = text.trim();
  if (hasEdge(trimmed, SILENT)) return "";
  return hasEdge(trimmed, HEARTBEAT) ? withoutEdges(trimmed, HEARTBEAT) : text;
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
