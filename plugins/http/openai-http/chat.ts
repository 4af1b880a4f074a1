import type { AgentsApi, HttpCaller, HttpExchange, ModelsApi, SessionsApi, Settings } from "openclaw/plugin-sdk";
import {
  apiErrorOf,
  ApiError,
  apiKeyOf,
  askedOf,
  askedTools,
  badRequest,
  chooseSession,
  failureOfWork,
  GivenFiles,
  headerOf,
  IMAGE_RULES,
  isFiltered,
  newId,
  readJsonObject,
} from "openclaw/plugin-sdk/http-api";
import type { ApiKey, AttendedRun, AttendedRuns, FileRules, RunEnd, SessionChoice } from "openclaw/plugin-sdk/http-api";
import { ChatStream } from "./chat-stream.ts";
import { readChatRequest } from "./chat-request.ts";
import type { ChatRequest } from "./chat-request.ts";
import { completion } from "./completion.ts";
import type { Label } from "./completion.ts";

export interface ChatParts {
  readonly settings: Settings;
  readonly agents: AgentsApi;
  readonly sessions: SessionsApi;
  readonly models: ModelsApi;
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
    const run = await runOf(exchange, asked, key, label.id, parts);
    if (asked.stream) return streamed(run, new ChatStream(response, label, asked.includeUsage), asked, parts.runs);
    const end = await parts.runs.run(run);
    if (signal.aborted) return;
    assertAnswered(end, asked);
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
    assertAnswered(end, asked);
    stream.end(end, end.text.slice(told.length));
  } catch (error) {
    const known = apiErrorOf(error);
    if (!known || !stream.isOpen) throw error;
    stream.fail(known);
  } finally {
    stream.drop();
  }
}

/** Everything that can be wrong with a request is told before anything runs. */
async function runOf(
  { request: { headers }, caller, signal }: HttpExchange,
  asked: ChatRequest,
  key: ApiKey | undefined,
  runId: string,
  { agents, sessions, models }: ChatParts,
): Promise<AttendedRun> {
  const { model, user, said, system, thinking, clientTools, sampling } = asked;
  const choice = chooseSession({ headers, model, user, namespace: "openai", key }, agents, sessions);
  const message = askedOf(said, { isEphemeral: choice.isEphemeral, isKnown: await knownCalls(choice, sessions) });
  if (!message) throw badRequest("Missing user message in `messages`.", "messages");
  const override = key?.model ?? headerOf(headers, "x-openclaw-model");
  if (override !== undefined) await models.choose(override, choice.agentId);
  const { text, ...rest } = message;
  await sessions.assertMaySay(choice.sessionKey, text);
  const request = { ...rest, ...askedTools(clientTools), sampling };
  return {
    runId,
    sessionKey: choice.sessionKey,
    channel: "webchat",
    text,
    sender: { id: senderOf(caller) },
    request: () => request,
    options: {
      ...(system !== "" && { extraSystemPrompt: system }),
      ...(thinking !== undefined && { thinking }),
      ...(override !== undefined && { model: override }),
      // A key is not its owner.
      ...(caller?.kind === "key" && { commandAuthorized: false }),
    },
    signal,
  };
}

/** Which calls of the client's tools the session that goes on has. */
async function knownCalls({ sessionKey, isEphemeral }: SessionChoice, sessions: SessionsApi) {
  const session = isEphemeral ? undefined : await sessions.get(sessionKey);
  if (!session) return () => false;
  const messages = await sessions.transcript(session).messages({ limit: 100 });
  const ids = new Set(
    messages.flatMap(({ role, content }) =>
      role === "assistant" ? content.flatMap((block) => (block.type === "toolCall" ? [block.id] : [])) : [],
    ),
  );
  return (callId: string) => ids.has(callId);
}

function assertAnswered(end: RunEnd, { clientTools: { choice } }: ChatRequest): void {
  const failure = isFiltered(end.work) ? undefined : failureOfWork(end.work);
  if (failure) throw failure;
  if (choice === "auto" || choice === "none" || end.pending.length > 0) return;
  throw new ApiError(502, "the model called no tool, and tool_choice demands it");
}

function imageRules(settings: Settings): Required<FileRules> {
  return { ...IMAGE_RULES, ...settings.get<FileRules>("gateway.http.endpoints.chatCompletions.images") };
}

function senderOf(caller: HttpCaller | undefined): string {
  return caller?.kind === "device" || caller?.kind === "key" ? `${caller.kind}:${caller.id}` : "openai-http";
}
