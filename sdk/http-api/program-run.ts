import type { HttpCaller, HttpExchange } from "../http.ts";
import type { AgentsApi } from "../services/agents.ts";
import type { ModelsApi, Sampling } from "../services/models.ts";
import type { SessionsApi } from "../services/sessions.ts";
import { ApiError } from "./api-error.ts";
import type { ApiKey } from "./api-key.ts";
import type { AttendedRun, RunEnd } from "./attended-runs.ts";
import { askedTools } from "./client-tools.ts";
import type { ClientTools } from "./client-tools.ts";
import { askedOf } from "./conversation.ts";
import type { Said } from "./conversation.ts";
import { failureOfWork, isFiltered } from "./run-failure.ts";
import { chooseSession, continuedSession, headerOf } from "./session-choice.ts";
import type { SessionChoice } from "./session-choice.ts";

/** What a program asks, whichever API it came by. */
export interface ProgramRequest {
  readonly model: string;
  readonly said: readonly Said[];
  /** Instructions for this run. */
  readonly system: string;
  readonly user: string | undefined;
  readonly clientTools: ClientTools;
  readonly sampling: Sampling;
  readonly thinking: string | undefined;
}

export interface ProgramParts {
  readonly agents: AgentsApi;
  readonly sessions: SessionsApi;
  readonly models: ModelsApi;
}

export interface ProgramOptions {
  readonly runId: string;
  /** First part of session keys. */
  readonly namespace: string;
  readonly key: ApiKey | undefined;
  /** A session that the request goes on with: all that is said is new. */
  readonly continued?: SessionChoice;
  /** What is said when nobody says anything. */
  readonly nothingSaid: Error;
}

/** The run that a request asks for. Everything that can be wrong with it is told before anything runs. */
export async function programRun(
  { request: { headers }, caller, signal }: HttpExchange,
  { model, user, said, system, thinking, clientTools, sampling }: ProgramRequest,
  { runId, namespace, key, continued, nothingSaid }: ProgramOptions,
  { agents, sessions, models }: ProgramParts,
): Promise<AttendedRun> {
  const choice = continued
    ? continuedSession(continued, { headers, model, key }, agents, sessions)
    : chooseSession({ headers, model, user, namespace, key }, agents, sessions);
  const { agentId, sessionKey, isEphemeral } = choice;
  const isKnown = isEphemeral ? () => false : await knownCalls(sessionKey, sessions);
  const message = askedOf(said, { isWhole: isEphemeral || continued !== undefined, isKnown });
  if (!message) throw nothingSaid;
  const override = key?.model ?? headerOf(headers, "x-openclaw-model");
  if (override !== undefined) await models.choose(override, agentId);
  const { text, ...rest } = message;
  await sessions.assertMaySay(sessionKey, text);
  const request = { ...rest, ...askedTools(clientTools), sampling };
  return {
    runId,
    sessionKey,
    channel: "webchat",
    text,
    sender: { id: callerName(caller) },
    request: () => request,
    options: {
      ...(system !== "" && { extraSystemPrompt: system }),
      ...(thinking !== undefined && { thinking }),
      ...(override !== undefined && { model: override }),
      // A key is not its owner, and a device is one only where it may do everything.
      ...(!isOwner(caller) && { commandAuthorized: false }),
    },
    signal,
  };
}

/** Throws why a run gave no answer that its caller can use. */
export function assertAnswered({ work, pending }: RunEnd, { choice }: ClientTools): void {
  const failure = isFiltered(work) ? undefined : failureOfWork(work);
  if (failure) throw failure;
  if (choice === "auto" || choice === "none" || pending.length > 0) return;
  throw new ApiError(502, "the model called no tool, and tool_choice demands it");
}

/** Who asks, as one word. */
export function callerName(caller: HttpCaller | undefined): string {
  return caller === undefined || caller.kind === "shared" ? "gateway" : `${caller.kind}:${caller.id}`;
}

function isOwner(caller: HttpCaller | undefined): boolean {
  return caller?.kind === "shared" || caller?.scopes.includes("operator.admin") === true;
}

/** Which calls of the client's tools a session has. */
async function knownCalls(sessionKey: string, sessions: SessionsApi): Promise<(callId: string) => boolean> {
  const session = await sessions.get(sessionKey);
  if (!session) return () => false;
  const messages = await sessions.transcript(session).messages({ limit: 100 });
  const ids = new Set(
    messages.flatMap(({ role, content }) =>
      role === "assistant" ? content.flatMap((block) => (block.type === "toolCall" ? [block.id] : [])) : [],
    ),
  );
  return (callId) => ids.has(callId);
}
