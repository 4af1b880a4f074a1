import { setTimeout as delay } from "node:timers/promises";
import type { Reply, SeenRequest } from "../../fakes/openai-server.ts";

const WORD_MS = 60;
const SLOW_WORDS = 200;

/** Answers as the model of the captures did: by what was said last, not by what it had failed at before. */
export async function asRecorded(reply: Reply, request: SeenRequest, wordMs = WORD_MS): Promise<void> {
  const last = request.body.messages.at(-1);
  const text = last?.role === "user" ? lastLine(last.content) : "";
  if (text.includes("FAIL500")) return reply.fail(500, "fake upstream failure");
  if (text.includes("USE_TOOL")) {
    reply.toolCall("call_fake_1", "exec", '{"command":"echo hello-from-tool"}');
    return reply.end("tool_calls");
  }
  if (!text.includes("SLOW")) {
    for (const word of ["Hello", " from", " the", " fake", " model", "."]) {
      reply.text(word);
      await delay(wordMs);
    }
    return reply.end();
  }
  let isClosed = false;
  void request.closed.then(() => (isClosed = true));
  for (let number = 0; number < SLOW_WORDS && !isClosed; number++) {
    reply.text(`${number === 0 ? "" : " "}word${number}`);
    await delay(wordMs);
  }
}

function lastLine(content: unknown): string {
  const parts = Array.isArray(content)
    ? (content as readonly { readonly text?: string }[])
    : [{ text: String(content) }];
  return parts.at(-1)?.text?.trim().split("\n").at(-1) ?? "";
}
