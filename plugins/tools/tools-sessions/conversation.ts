import { GatewayError } from "openclaw/plugin-sdk";
import type { MessagingApi, PluginGateway, ReplyAddress, Session, SessionsApi } from "openclaw/plugin-sdk";

const MAX_ROUNDS = 5;
/** One answer; then the conversation is over. */
const ANSWER_MS = 600_000;
const END = "REPLY_SKIP";
const SILENT = "ANNOUNCE_SKIP";
const SHOWN = 2_000;

export interface ConversationParts {
  readonly gateway: PluginGateway;
  readonly messaging: MessagingApi;
  readonly sessions: SessionsApi;
}

/** What two sessions have said to each other so far. */
export interface Opening {
  readonly runId: string;
  /** Who began, and with what. */
  readonly from: { readonly key: string; readonly agentId: string };
  readonly to: Session;
  readonly message: string;
  readonly answer: string;
  /** Only owners had a say in it. */
  readonly isOwner: boolean;
  readonly relays: number;
}

/**
 * Lets two agents go on talking after the first answer (agent.md §16): each hears what the other said, until one of them
 * ends it or there were enough rounds. Then the one that was asked may tell its own chat. In memory: a restart ends it.
 */
export async function converse(opening: Opening, parts: ConversationParts): Promise<void> {
  const { from, to } = opening;
  const rounds = parts.gateway.settings.get<number>("session.agentToAgent.maxPingPongTurns") ?? MAX_ROUNDS;
  let last = opening.answer;
  for (let round = 1; round <= Math.min(MAX_ROUNDS, rounds); round++) {
    const [hears, says] = round % 2 === 1 ? [from, to] : [to, from];
    const told = `[Message from session ${says.key} of agent ${says.agentId}]\n${last}`;
    const hint = `You are talking with another session of this gateway (${says.key}). Your answer goes there and to nobody else. When nothing is left to say, answer with exactly ${END}.`;
    const answer = await answerOf(
      opening,
      { key: hears.key, from: says.agentId, step: `round-${round}`, text: told, hint },
      parts,
    );
    if (answer === undefined || isWord(answer, END)) break;
    last = answer;
  }
  await announce(opening, last, parts);
}

/** The agent that was asked may say something about it to the people of its own chat. */
async function announce(opening: Opening, last: string, parts: ConversationParts): Promise<void> {
  const { from, to, message, answer } = opening;
  const address = await addressOf(to.key, parts.sessions);
  if (!address) return;
  const text = [
    `[Your conversation with session ${from.key} of agent ${from.agentId} is over]`,
    `Asked: ${message.slice(0, SHOWN)}`,
    `You answered: ${answer.slice(0, SHOWN)}`,
    ...(last === answer ? [] : [`Said last: ${last.slice(0, SHOWN)}`]),
  ].join("\n");
  const hint = `What you answer now is sent to the chat of this session. When people there need not know of it, answer with exactly ${SILENT}.`;
  const said = await answerOf(opening, { key: to.key, from: from.agentId, step: "announce", text, hint }, parts);
  if (said === undefined || isWord(said, SILENT) || isWord(said, END)) return;
  await parts.messaging.deliver(address, { text: said }, `sessions_send:${opening.runId}:announced`);
}

interface Step {
  readonly key: string;
  readonly from: string;
  readonly step: string;
  readonly text: string;
  readonly hint: string;
}

/** What the session answers; nothing when it says nothing, may not, or takes too long. */
async function answerOf(
  { runId, isOwner, relays }: Opening,
  { key, from, step, text, hint }: Step,
  { gateway, messaging, sessions }: ConversationParts,
): Promise<string | undefined> {
  try {
    await sessions.assertMaySay(key, text);
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
  const { work } = await messaging.accept({
    channel: "webchat",
    messageId: `sessions_send:${runId}:${step}`,
    runId: `${runId}-${step}`,
    sessionKey: key,
    chatId: key,
    chatType: "direct",
    text,
    sender: { id: `agent:${from}` },
    options: { ownTurn: true, commandAuthorized: isOwner, isConversation: true, relays, extraSystemPrompt: hint },
  });
  const limit = AbortSignal.any([gateway.signal, AbortSignal.timeout(ANSWER_MS)]);
  const ended = await messaging.ended(work.id, limit).catch(() => undefined);
  if (ended?.result?.status !== "ok" || ended.result.meta["aborted"] === true) return undefined;
  const answer = ended.result.payloads
    .map((payload) => payload.text)
    .join("\n\n")
    .trim();
  return answer === "" ? undefined : answer;
}

/** Models like to put a full stop behind it. */
function isWord(answer: string, word: string): boolean {
  return answer.replaceAll(/[\s."'*`]+/g, "") === word || answer.trimEnd().endsWith(word) || answer.startsWith(word);
}

async function addressOf(key: string, sessions: SessionsApi): Promise<ReplyAddress | undefined> {
  const entry = (await sessions.get(key))?.entry;
  if (entry?.lastChannel === undefined || entry.lastTo === undefined) return undefined;
  const { lastChannel: channel, lastTo: to, lastAccountId: accountId = "default", lastThreadId: threadId } = entry;
  return { channel, accountId, to, ...(typeof threadId === "string" && { threadId }) };
}
