import { randomUUID } from "node:crypto";
import { errorText, GatewayError, jsonResult, NonEmptyString, Type } from "openclaw/plugin-sdk";
import type { Static, ToolContext, ToolResult } from "openclaw/plugin-sdk";
import { converse } from "./conversation.ts";
import type { ConversationParts, Opening } from "./conversation.ts";
import { relaysOf, sendsEnded } from "./relays.ts";
import type { Reach } from "./reach.ts";

export const SendParameters = Type.Object({
  sessionKey: Type.Optional(NonEmptyString),
  label: Type.Optional(NonEmptyString),
  agentId: Type.Optional(NonEmptyString),
  message: Type.String({ minLength: 1, maxLength: 100_000 }),
  timeoutSeconds: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 600, description: "wait so long for the answer; default 30, 0 does not wait" }),
  ),
});

const WAIT_SECONDS = 30;

/** The tool `sessions_send`: a turn in another session, with the answer when it comes in time. */
export async function send(
  call: ToolContext,
  { message, timeoutSeconds = WAIT_SECONDS, ...selector }: Static<typeof SendParameters>,
  { reach, ...parts }: ConversationParts & { readonly reach: Reach },
): Promise<ToolResult> {
  const { sessions, messaging } = parts;
  const target = await reach.find(selector);
  const runId = randomUUID();
  const about = { runId, sessionKey: target.key };
  const over = sendsEnded(call);
  if (over !== undefined) return forbidden({ ...about, error: over });
  if (target.key === call.sessionKey)
    return forbidden({ ...about, error: "a session cannot send to itself; just answer" });
  try {
    await sessions.assertMaySay(target.key, message);
  } catch (error) {
    if (error instanceof GatewayError) return forbidden({ ...about, error: error.message });
    throw error;
  }
  const { work } = await messaging.accept({
    channel: "webchat",
    messageId: `sessions_send:${runId}`,
    runId,
    sessionKey: target.key,
    chatId: target.key,
    chatType: "direct",
    // What was relayed keeps its origin (security.md S-42).
    text: `[Message from session ${call.sessionKey} of agent ${call.agentId}]\n${message}`,
    sender: { id: `agent:${call.agentId}` },
    options: {
      // The other turn may do what this one may, and no more.
      commandAuthorized: call.isOwner,
      isConversation: true,
      relays: relaysOf(call) + 1,
      extraSystemPrompt: `Another session of this gateway (${call.sessionKey}) is talking to you. Your answer goes back to it.`,
    },
  });
  void goOn(call, { runId, to: target, message }, work.id, parts);
  if (timeoutSeconds === 0) return jsonResult({ ...about, status: "accepted" });
  const limit = AbortSignal.timeout(timeoutSeconds * 1_000);
  const ended = await messaging.ended(work.id, AbortSignal.any([limit, call.signal])).catch((error: unknown) => {
    call.signal.throwIfAborted();
    if (limit.aborted) return undefined;
    throw error;
  });
  if (!ended?.result) {
    const error = `no answer within ${timeoutSeconds} s; the other session goes on, see sessions_history`;
    return jsonResult({ ...about, status: "timeout", error });
  }
  const { status, payloads, error } = ended.result;
  if (status === "error")
    return {
      ...jsonResult({ ...about, status, error: error?.message ?? ended.reason ?? "the turn failed" }),
      isError: true,
    };
  return jsonResult({ ...about, status, reply: payloads.map(({ text }) => text).join("\n\n") });
}

/** After the answer, whenever it comes, both may go on. One that is talking already begins no other conversation. */
async function goOn(
  call: ToolContext,
  { runId, to, message }: Pick<Opening, "runId" | "to" | "message">,
  workId: string,
  parts: ConversationParts,
): Promise<void> {
  const { gateway, messaging } = parts;
  if (call.envelope?.options?.["isConversation"] === true) return;
  try {
    const { result } = await messaging.ended(workId, gateway.signal);
    const answer = result?.status === "ok" ? result.payloads.map(({ text }) => text).join("\n\n") : "";
    if (answer.trim() === "") return;
    const from = { key: call.sessionKey, agentId: call.agentId };
    await converse({ runId, from, to, message, answer, isOwner: call.isOwner, relays: relaysOf(call) + 1 }, parts);
  } catch (error) {
    if (!gateway.signal.aborted) gateway.log.warn(`sessions_send ${runId}: ${errorText(error)}`, { err: error });
  }
}

function forbidden(facts: object): ToolResult {
  return { ...jsonResult({ ...facts, status: "forbidden" }), isError: true };
}
