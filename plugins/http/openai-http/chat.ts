import type { HttpExchange, Settings } from "openclaw/plugin-sdk";
import {
  apiErrorOf,
  apiKeyOf,
  assertAnswered,
  badRequest,
  GivenFiles,
  IMAGE_RULES,
  newId,
  programRun,
  readJsonObject,
} from "openclaw/plugin-sdk/http-api";
import type { AttendedRun, AttendedRuns, FileRules, ProgramParts } from "openclaw/plugin-sdk/http-api";
import { ChatStream } from "./chat-stream.ts";
import { readChatRequest } from "./chat-request.ts";
import type { ChatRequest } from "./chat-request.ts";
import { completion } from "./completion.ts";
import type { Label } from "./completion.ts";

export interface ChatParts extends ProgramParts {
  readonly settings: Settings;
  readonly runs: AttendedRuns;
}

const IMAGE_BUDGET = { maxCount: 8, maxUrls: 8, maxTotalBytes: 20_000_000 };

/** `POST /v1/chat/completions`. */
export function createChat(parts: ChatParts) {
  return async (exchange: HttpExchange): Promise<void> => {
    const { response, reply, signal, caller } = exchange;
    const key = apiKeyOf(caller, parts.settings);
    const files = new GivenFiles(IMAGE_BUDGET, signal);
    const asked = await readChatRequest(await readJsonObject(exchange), { files, rules: imageRules(parts.settings) });
    const label: Label = { id: newId("chatcmpl"), created: Math.floor(Date.now() / 1_000), model: asked.model };
    const nothingSaid = badRequest("Missing user message in `messages`.", "messages");
    const run = await programRun(exchange, asked, { runId: label.id, namespace: "openai", key, nothingSaid }, parts);
    if (asked.stream) return streamed(run, new ChatStream(response, label, asked.includeUsage), asked, parts.runs);
    const end = await parts.runs.run(run);
    if (signal.aborted) return;
    assertAnswered(end, asked.clientTools);
    reply(200, completion(label, end));
  };
}

async function streamed(run: AttendedRun, stream: ChatStream, asked: ChatRequest, runs: AttendedRuns): Promise<void> {
  let told = "";
  const said = (delta: string) => {
    told += delta;
    stream.said(delta);
  };
  try {
    const end = await runs.run({ ...run, said, accepted: () => stream.accepted() });
    if (run.signal.aborted) return;
    assertAnswered(end, asked.clientTools);
    stream.end(end, end.text.slice(told.length));
  } catch (error) {
    const known = apiErrorOf(error);
    if (!known || !stream.isOpen) throw error;
    stream.fail(known);
  } finally {
    stream.drop();
  }
}

function imageRules(settings: Settings): Required<FileRules> {
  return { ...IMAGE_RULES, ...settings.get<FileRules>("gateway.http.endpoints.chatCompletions.images") };
}
