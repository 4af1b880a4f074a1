import type { ReplyPayload, ToolResultMessage } from "openclaw/plugin-sdk";
import { textOf } from "./growing-answer.ts";
import type { LoopEnd } from "./loop.ts";
import { payloadsOf } from "./payloads.ts";
import { subjectOf } from "./tool-calls.ts";
import type { ToolCall } from "./tool-calls.ts";

type Said = Pick<LoopEnd, "answer" | "before">;

const MAX_LINES = 50;
/** Of one result, with the level `full`. */
const RESULT_CHARS = 500;
const FAILURE_CHARS = 300;

/**
 * What the model said on its way to the answer, as a message each where all of it is told. Elsewhere only the last of it,
 * and only when the answer itself is empty: some models say everything before their last tool call. Nothing when the
 * answer is a silent one.
 */
export function toldBefore({ answer, before }: Said, isAllTold: boolean): readonly ReplyPayload[] {
  const last = textOf(answer.content);
  const isSilent = last.trim() !== "" && payloadsOf(answer, false).length === 0;
  if (isSilent) return [];
  const texts = before.flatMap((message) => (message.role === "assistant" ? payloadsOf(message, false) : []));
  const fresh = texts.filter(
    ({ text }, index) => text !== last && texts.findIndex((one) => one.text === text) === index,
  );
  if (isAllTold) return fresh;
  return last.trim() === "" ? fresh.slice(-1) : [];
}

/** A failed tool, when nothing at all is said of it. */
export function toolFailure({ answer, before }: Said): readonly ReplyPayload[] {
  const saidAnything = [...before, answer].some(
    (message) => message.role === "assistant" && textOf(message.content).trim() !== "",
  );
  const results = before.filter((message) => message.role === "toolResult");
  const last = results.at(-1);
  const hasWritten = results.some(({ toolName, isError }) => toolName === "message" && !isError);
  if (saidAnything || hasWritten || last?.isError !== true) return [];
  return [{ text: `The tool ${last.toolName} failed: ${firstLine(last, FAILURE_CHARS)}`, format: "plain" }];
}

/** With `verbose` on, a line for each tool that ran; with `full` the beginning of what it gave too. */
export function toolSummary({ before }: Said, verbose: string): readonly ReplyPayload[] {
  if (verbose !== "on" && verbose !== "full") return [];
  const calls = new Map<string, ToolCall>();
  for (const message of before) {
    if (message.role !== "assistant") continue;
    for (const block of message.content) if (block.type === "toolCall") calls.set(block.id, block);
  }
  const results = before.filter((message) => message.role === "toolResult");
  if (results.length === 0) return [];
  const lines = results.slice(0, MAX_LINES).map((result) => {
    const call = calls.get(result.toolCallId);
    const subject = call && subjectOf(call);
    const line = `${result.toolName}${subject === undefined ? "" : `: ${subject}`}${result.isError ? " (failed)" : ""}`;
    return verbose === "full" ? `${line}\n${firstChars(result, RESULT_CHARS)}` : line;
  });
  if (results.length > MAX_LINES) lines.push(`… and ${results.length - MAX_LINES} more`);
  return [{ text: `Tools:\n${lines.map((line) => `- ${line}`).join("\n")}`, format: "plain" }];
}

function firstLine(result: ToolResultMessage, most: number): string {
  return firstChars(result, most).split("\n", 1)[0] ?? "";
}

function firstChars({ content }: ToolResultMessage, most: number): string {
  const text = content.map((block) => (block.type === "text" ? block.text : `[${block.type}]`)).join("\n");
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
