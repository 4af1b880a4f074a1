import type { HttpExchange, Settings } from "openclaw/plugin-sdk";
import {
  apiErrorOf,
  apiKeyOf,
  assertAnswered,
  badRequest,
  callerName,
  GivenFiles,
  IMAGE_RULES,
  newId,
  programRun,
  readJsonObject,
} from "openclaw/plugin-sdk/http-api";
import type { AttendedRun, AttendedRuns, ProgramParts, RunEnd, SessionChoice } from "openclaw/plugin-sdk/http-api";
import { TEXT_RULES } from "./given-text.ts";
import type { KnownResponses } from "./known-responses.ts";
import { callItem, endedResponse, messageItem } from "./response.ts";
import type { Label } from "./response.ts";
import { ResponseStream } from "./response-stream.ts";
import { readResponsesRequest } from "./responses-request.ts";
import type { InputParts, ResponsesRequest } from "./responses-request.ts";

export interface ResponsesParts extends ProgramParts {
  readonly settings: Settings;
  readonly runs: AttendedRuns;
  readonly known: KnownResponses;
}

const FILE_BUDGET = { maxCount: 32, maxUrls: 8, maxTotalBytes: 40_000_000 };

/** `POST /v1/responses`. */
export function createResponses(parts: ResponsesParts) {
  return async (exchange: HttpExchange): Promise<void> => {
    const { response, reply, signal, caller } = exchange;
    const key = apiKeyOf(caller, parts.settings);
    const asked = await readResponsesRequest(await readJsonObject(exchange), inputParts(parts.settings, signal));
    const { model, previousId, echo } = asked;
    const label: Label = { id: newId("resp"), createdAt: Math.floor(Date.now() / 1_000), model, previousId, echo };
    const continued = previousId === undefined ? undefined : await before(previousId, callerName(caller), parts);
    const run = await programRun(
      exchange,
      asked,
      {
        runId: label.id,
        namespace: "openresponses",
        key,
        nothingSaid: badRequest("input: has no message to answer", "input"),
        ...(continued && { continued }),
      },
      parts,
    );
    const { sessionKey } = run;
    const { agentId } = parts.sessions.parseKey(sessionKey);
    const remember = () => parts.known.remember({ id: label.id, sessionKey, agentId, caller: callerName(caller) });
    if (asked.stream) return streamed(run, new ResponseStream(response, label), asked, parts.runs, remember);
    const end = await parts.runs.run(run);
    if (signal.aborted) return;
    assertAnswered(end, asked.clientTools);
    await remember();
    reply(200, endedResponse(label, end, outputOf(end)));
  };
}

async function streamed(
  run: AttendedRun,
  stream: ResponseStream,
  { clientTools }: ResponsesRequest,
  runs: AttendedRuns,
  remember: () => Promise<void>,
): Promise<void> {
  let told = "";
  const said = (delta: string) => {
    told += delta;
    stream.said(delta);
  };
  try {
    const end = await runs.run({ ...run, said, accepted: () => stream.accepted() });
    if (run.signal.aborted) return;
    assertAnswered(end, clientTools);
    // Whoever reads the end may go on at once.
    await remember();
    stream.end(end, end.text.slice(told.length));
  } catch (error) {
    const known = apiErrorOf(error);
    if (!known || !stream.isOpen) throw error;
    stream.fail(known);
  } finally {
    stream.drop();
  }
}

/** The session of a response, for who has asked for it. */
async function before(id: string, caller: string, { known, sessions, agents }: ResponsesParts): Promise<SessionChoice> {
  const found = await known.find(id, caller);
  const isThere =
    found && agents.list().some((agent) => agent.id === found.agentId) && (await sessions.get(found.sessionKey));
  if (isThere) return { agentId: found.agentId, sessionKey: found.sessionKey, isEphemeral: false };
  throw badRequest(`Previous response with id '${id.slice(0, 100)}' not found.`, "previous_response_id");
}

function outputOf({ text, pending }: RunEnd): object[] {
  const isSilent = text === "" && pending.length > 0;
  return [...(isSilent ? [] : [messageItem(newId("msg"), "completed", text)]), ...pending.map(callItem)];
}

function inputParts(settings: Settings, signal: AbortSignal): InputParts {
  const at = "gateway.http.endpoints.responses";
  return {
    files: new GivenFiles(FILE_BUDGET, signal),
    images: { ...IMAGE_RULES, allowUrl: true, ...settings.get<object>(`${at}.images`) },
    texts: { ...TEXT_RULES, ...settings.get<object>(`${at}.files`) },
  };
}
