import type { Envelope, Sender } from "openclaw/plugin-sdk";
import type { Reader } from "./parse.ts";
import type { WireChat, WireEntity, WireMessage, WireUser } from "./wire.ts";

/** An anonymous administrator and a channel write as a chat: its id is in no list of people. */
export function senderOf(user: WireUser | undefined, chat: WireChat | undefined, { bot }: Reader): Sender {
  if (chat?.id !== undefined) {
    const { id, title: name, username } = chat;
    return { id: String(id), ...(name !== undefined && { name }), ...(username !== undefined && { username }) };
  }
  const { id, username, first_name, last_name, is_bot } = user ?? {};
  const name = [first_name, last_name].filter((part) => part !== undefined && part !== "").join(" ");
  return {
    id: id === undefined ? "" : String(id),
    ...(name !== "" && { name }),
    ...(username !== undefined && { username }),
    ...(is_bot === true && { isBot: true }),
    ...(id === bot.id && { isSelf: true }),
  };
}

/** Is somebody addressed, and is it the bot? */
export function mentionsOf(message: WireMessage, bot: Reader["bot"]): NonNullable<Envelope["mentions"]> {
  const text = message.text ?? message.caption ?? "";
  const entities = (message.text === undefined ? message.caption_entities : message.entities) ?? [];
  const name = `@${bot.username.toLowerCase()}`;
  const said = ({ offset = 0, length = 0 }: WireEntity) => text.slice(offset, offset + length).toLowerCase();
  const isBot = entities.some((entity) => {
    if (entity.type === "mention") return said(entity) === name;
    if (entity.type === "text_mention") return entity.user?.id === bot.id;
    return entity.type === "bot_command" && said(entity).endsWith(name);
  });
  const any = entities.some(({ type }) => type === "mention" || type === "text_mention");
  return { bot: isBot, any, canDetect: true };
}
