import { ChannelError, GatewayError } from "openclaw/plugin-sdk";
import type { ChannelAccount, ReplyAddress, ReplyPayload } from "openclaw/plugin-sdk";
import { keysOf } from "./account.ts";
import type { Client } from "./client.ts";
import { explained, failureOf } from "./failure.ts";
import { keyboardOf } from "./render.ts";

const SAME = /message is not modified/i;
const GONE = /message to delete not found/i;
const UNPARSED = /can't parse/i;

/** Shows "typing" for about five seconds; unlike a message it names the first topic too. */
export async function typing(client: Client, { to, threadId }: ReplyAddress): Promise<void> {
  const thread = threadId === undefined ? {} : { message_thread_id: Number(threadId) };
  await client.call((raw, signal) => raw.sendChatAction({ chat_id: to, action: "typing", ...thread }, signal));
}

/** Puts an emoji on a message; an empty one takes ours away. */
export async function react(
  client: Client,
  account: ChannelAccount,
  { to }: ReplyAddress,
  messageId: string,
  emoji: string,
): Promise<void> {
  assertAction(account, "reactions");
  if (keysOf(account).reactionLevel === "off") throw off("reactionLevel");
  // Which emoji there are is for Telegram to say.
  const reaction = emoji === "" ? [] : [{ type: "emoji", emoji } as never];
  await order(
    client.call((raw, signal) =>
      raw.setMessageReaction({ chat_id: to, message_id: Number(messageId), reaction }, signal),
    ),
  );
}

export async function edit(
  client: Client,
  account: ChannelAccount,
  { to }: ReplyAddress,
  messageId: string,
  { text, format, markdown, buttons }: ReplyPayload,
): Promise<void> {
  assertAction(account, "editMessage");
  const keyboard = keyboardOf(buttons);
  const fields = {
    chat_id: to,
    message_id: Number(messageId),
    ...(keyboard && { reply_markup: { inline_keyboard: keyboard as never } }),
  };
  const write = (body: { text: string; parse_mode?: "HTML" }) =>
    order(
      client.call((raw, signal) => raw.editMessageText({ ...fields, ...body }, signal)),
      SAME,
    );
  if (format !== "native") return write({ text });
  try {
    await write({ text, parse_mode: "HTML" });
  } catch (error) {
    if (!UNPARSED.test((error as Error).message)) throw error;
    await write({ text: markdown ?? text });
  }
}

export async function remove(
  client: Client,
  account: ChannelAccount,
  { to }: ReplyAddress,
  messageId: string,
): Promise<void> {
  assertAction(account, "deleteMessage");
  const asked = client.call((raw, signal) => raw.deleteMessage({ chat_id: to, message_id: Number(messageId) }, signal));
  await order(asked, GONE);
}

function assertAction(account: ChannelAccount, name: string): void {
  if (keysOf(account).actions?.[name] === false) throw off(`actions.${name}`);
}

function off(key: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", `channels.telegram.${key} is off`);
}

/** Carries it out; a refusal that says that it is so already is none. */
async function order(asked: Promise<unknown>, already?: RegExp): Promise<void> {
  try {
    await asked;
  } catch (error) {
    const failure = failureOf(error);
    if (already?.test(failure.message)) return;
    const { kind, retryAfterMs } = failure;
    throw new ChannelError(kind === "throttled" ? "throttled" : "transient", explained(failure), {
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  }
}
