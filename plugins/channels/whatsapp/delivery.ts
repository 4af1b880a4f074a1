import { errorText } from "openclaw/plugin-sdk";
import type { DeliveryOutcome, OutboxEntry } from "openclaw/plugin-sdk";
import type { BinaryNode, WAMessage, WASocket } from "@whiskeysockets/baileys";
import { piecesOf } from "./outgoing.ts";
import type { Piece } from "./outgoing.ts";

/** How long a file may take to its server. */
const UPLOAD_MS = 60_000;
/** How long the network may take to say that it has a message. */
const ACK_MS = 20_000;

/** What delivering needs of the library's socket. `ws` tells of each frame that carries an id. */
export interface SendingSocket extends Pick<WASocket, "sendMessage"> {
  readonly ws: Pick<WASocket["ws"], "on" | "off">;
}

export interface DeliveryParts {
  readonly socket: SendingSocket;
  /** Resolves when the connection is over. */
  readonly closed: Promise<unknown>;
  /** Called before each piece leaves: an echo of it is no message from somebody. */
  readonly sending: (messageId: string) => void;
  readonly sent: (messageId: string, message: WAMessage | undefined) => void;
}

/**
 * One attempt. `sent` means that the network has acknowledged every piece. The ids are the same at each attempt, so what
 * ended without an answer can be sent again and is shown once.
 */
export async function deliverEntry(entry: OutboxEntry, parts: DeliveryParts): Promise<DeliveryOutcome> {
  const pieces = piecesOf(entry);
  const { to } = entry.address;
  for (const piece of pieces) {
    const failure = await sendPiece(to, piece, parts);
    if (failure) return failure;
  }
  const last = pieces.at(-1);
  if (!last) return { outcome: "not_sent", retryable: false, reason: "there is nothing to send" };
  return { outcome: "sent", messageId: last.messageId, chatId: to, extra: { toJid: to } };
}

async function sendPiece(
  to: string,
  { messageId, content }: Piece,
  { socket, closed, sending, sent }: DeliveryParts,
): Promise<DeliveryOutcome | undefined> {
  sending(messageId);
  // asked for first: the answer may be faster than the promise of the write
  const answer = awaitAnswer(socket, messageId, closed);
  try {
    sent(messageId, await socket.sendMessage(to, content, { messageId, mediaUploadTimeoutMs: UPLOAD_MS }));
    const answered = await answer.promise;
    return typeof answered === "string" ? { outcome: "unknown", reason: answered } : refusalOf(answered);
  } catch (error) {
    return { outcome: "not_sent", retryable: !isHopeless(error), reason: `WhatsApp: ${errorText(error)}` };
  } finally {
    answer.forget();
  }
}

/** The network's word on a message, or why there is none. */
function awaitAnswer({ ws }: SendingSocket, messageId: string, closed: Promise<unknown>) {
  const { promise, resolve } = Promise.withResolvers<BinaryNode | string>();
  const event = `TAG:${messageId}`;
  const heard = (node: BinaryNode) => {
    if (node.tag === "ack" || node.tag === "receipt") resolve(node);
  };
  ws.on(event, heard);
  const timer = setTimeout(() => resolve(`WhatsApp did not confirm it within ${ACK_MS / 1_000} s`), ACK_MS);
  void closed.then(() => resolve("the connection ended before WhatsApp confirmed it"));
  return {
    promise,
    forget() {
      clearTimeout(timer);
      ws.off(event, heard);
    },
  };
}

/** An acknowledgement that is an error. The codes are WhatsApp's own. */
export function refusalOf({ attrs }: Pick<BinaryNode, "attrs">): DeliveryOutcome | undefined {
  const code = attrs["error"];
  if (code === undefined) return undefined;
  if (code === "463") {
    const reason = "WhatsApp does not let this account begin a chat with that number (463)";
    return { outcome: "not_sent", retryable: false, reason };
  }
  const isForGood = /^4\d\d$/.test(code) && !PASSING.has(code);
  return { outcome: "not_sent", retryable: !isForGood, reason: `WhatsApp refused the message (${code})` };
}

/** Too slow, too many, and a device that was unknown to us until now. */
const PASSING: ReadonlySet<string> = new Set(["408", "429", "479"]);

/** A file that is not there or an address that is none will not come right by itself. */
function isHopeless(error: unknown): boolean {
  const { code, output } = (error ?? {}) as {
    readonly code?: unknown;
    readonly output?: { readonly statusCode?: unknown };
  };
  return code === "ENOENT" || output?.statusCode === 400 || output?.statusCode === 404;
}
