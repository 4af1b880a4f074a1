import { GatewayError } from "openclaw/plugin-sdk";
import type { ModelCandidate, TranscriptMessage } from "openclaw/plugin-sdk";
import { watchedStream } from "../turn/watched-stream.ts";

const CHARS_PER_TOKEN = 4;
/** One tool result in what is summarized. */
const RESULT_CHARS = 2_000;
const SYSTEM =
  "You write summaries of conversations between a person and an assistant, for the assistant itself, which will go on from your summary without seeing the conversation. Keep what was asked and decided, what was done with which result, names, paths, ids and numbers, what is open, and how the person wants things done. Leave out pleasantries. Write plain text under short headings. Do not answer the conversation.";

export interface SummaryRequest {
  readonly candidate: ModelCandidate;
  readonly messages: readonly TranscriptMessage[];
  /** Of what came before the messages. */
  readonly before: string | undefined;
  readonly instructions: string | undefined;
  readonly sessionKey: string;
  readonly window: number;
  /** How much of the window one piece may fill. */
  readonly share: number;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** A summary by the session's model, without tools. What is too long for one request is told in pieces. */
export async function summarize(request: SummaryRequest): Promise<string> {
  const { messages, window, share, before } = request;
  const room = Math.max(4_000, Math.floor(window * share * CHARS_PER_TOKEN));
  let summary = before;
  for (const piece of pieces(messages.map(line), room)) summary = await ask(piece, summary, request);
  if (summary === undefined || summary.trim() === "") {
    throw new GatewayError("UNAVAILABLE", `${request.candidate.reference} gave no summary of the conversation`);
  }
  return summary.trim();
}

async function ask(piece: string, summary: string | undefined, request: SummaryRequest): Promise<string> {
  const { candidate, instructions, sessionKey, limitMs, signal } = request;
  const text = [
    ...(summary === undefined ? [] : [`<summary-so-far>\n${summary}\n</summary-so-far>`]),
    `<conversation>\n${piece}\n</conversation>`,
    summary === undefined
      ? "Summarize this conversation."
      : "Write one new summary of what the summary so far says and of this conversation.",
    ...(instructions === undefined ? [] : [`Mind in particular: ${instructions}`]),
  ].join("\n\n");
  const question = {
    system: SYSTEM,
    messages: [{ role: "user" as const, content: [{ type: "text" as const, text }], timestamp: Date.now() }],
    tools: [],
    reasoning: "off",
    sessionKey,
  };
  let answer = "";
  for await (const part of watchedStream(candidate.stream, question, { signal, name: candidate.reference, limitMs })) {
    if (part.type === "text-delta") answer += part.text;
  }
  return answer;
}

function line(message: TranscriptMessage): string {
  const text = message.content
    .map((block) => {
      if (block.type === "text") return block.text;
      if (block.type === "toolCall") return `[calls ${block.name} ${JSON.stringify(block.arguments)}]`;
      return block.type === "image" ? "[image]" : "";
    })
    .filter((part) => part !== "")
    .join("\n");
  if (message.role === "toolResult") return `Result of ${message.toolName}: ${text.slice(0, RESULT_CHARS)}`;
  return `${message.role === "user" ? "Person" : "Assistant"}: ${text}`;
}

/** Lines in groups that are short enough; one that is longer by itself is cut. */
function pieces(lines: readonly string[], room: number): string[] {
  const done: string[] = [];
  let current = "";
  for (const one of lines) {
    const text = one.length > room ? `${one.slice(0, room)}…` : one;
    if (current !== "" && current.length + text.length > room) {
      done.push(current);
      current = "";
    }
    current += `${text}\n\n`;
  }
  return current === "" ? done : [...done, current];
}
