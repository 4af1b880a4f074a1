import type { PendingToolCall, RunRequest } from "../services/agents.ts";
import type { ContentBlock, TranscriptMessage } from "../services/sessions.ts";
import { badRequest } from "./api-error.ts";

/** One message of a request, whichever API it came by. */
export type Said =
  | { readonly role: "user"; readonly text: string; readonly images: readonly ContentBlock[] }
  | { readonly role: "assistant"; readonly text: string; readonly calls: readonly PendingToolCall[] }
  | { readonly role: "tool"; readonly callId: string; readonly content: readonly ContentBlock[] };

export interface Asked extends Pick<RunRequest, "before" | "continues" | "images"> {
  /** Of the message that is answered; empty when that is the result of a tool. */
  readonly text: string;
}

const NO_USAGE = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: 0 };

/**
 * What is new in a conversation, and what stands before it. The last message of the user, or the last result of a tool, is
 * the one that is answered. In a session that goes on, everything up to the last answer is there already; `isKnown` says
 * whether a call of a tool stands in it. With `isWhole` all of it is new. `undefined`: nobody has said anything.
 */
export function askedOf(
  all: readonly Said[],
  { isWhole, isKnown }: { readonly isWhole: boolean; readonly isKnown: (callId: string) => boolean },
): Asked | undefined {
  const last = all.findLastIndex(({ role }) => role !== "assistant");
  const current = all[last];
  if (!current || current.role === "assistant") return undefined;
  const upTo = all.slice(0, last + 1);
  const answered = upTo.findLastIndex(({ role }) => role === "assistant");
  const tail = isWhole ? upTo : upTo.slice(answered + 1);
  const missing = tail.find((said) => said.role === "tool" && !isKnown(said.callId) && !callOf(tail, said.callId));
  // A session that has lost the call: the client tells it.
  const told = missing && upTo[answered] ? [upTo[answered], ...tail] : tail;
  assertCalled(told, isKnown);
  const calls = new Map(
    upTo.flatMap((said) => (said.role === "assistant" ? said.calls.map((one) => [one.id, one.name] as const) : [])),
  );
  const messages = told.map((said) => messageOf(said, calls));
  if (current.role === "tool") return { text: "", before: messages, continues: true };
  return { text: current.text, images: current.images, before: messages.slice(0, -1) };
}

function assertCalled(told: readonly Said[], isKnown: (callId: string) => boolean): void {
  for (const said of told) {
    if (said.role !== "tool" || isKnown(said.callId) || callOf(told, said.callId)) continue;
    throw badRequest(
      `messages: there is a result of the call "${said.callId.slice(0, 100)}" and no such call`,
      "messages",
    );
  }
}

function callOf(all: readonly Said[], callId: string): PendingToolCall | undefined {
  return all.flatMap((said) => (said.role === "assistant" ? said.calls : [])).find(({ id }) => id === callId);
}

function messageOf(said: Said, names: ReadonlyMap<string, string>): TranscriptMessage {
  const timestamp = Date.now();
  switch (said.role) {
    case "user":
      return { role: "user", content: [textBlock(said.text), ...said.images], timestamp };
    case "tool":
      return {
        role: "toolResult",
        toolCallId: said.callId,
        toolName: names.get(said.callId) ?? "tool",
        content: said.content,
        isError: false,
        timestamp,
      };
    case "assistant":
      return {
        role: "assistant",
        content: [
          ...(said.text === "" ? [] : [textBlock(said.text)]),
          ...said.calls.map((call) => ({ type: "toolCall" as const, kind: "tool_use" as const, ...call })),
        ],
        // Whoever answered then, the client says so.
        api: "client",
        provider: "client",
        model: "client",
        usage: NO_USAGE,
        stopReason: said.calls.length > 0 ? "toolUse" : "stop",
        timestamp,
      };
  }
}

function textBlock(text: string): ContentBlock {
  return { type: "text", text };
}
