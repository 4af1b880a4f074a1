let nextMessage = 1;

export interface FakePerson {
  readonly id: number;
  readonly first_name: string;
  readonly username?: string;
  readonly is_bot?: boolean;
}

export interface FakeChat {
  readonly id: number;
  readonly type: "private" | "group" | "supergroup" | "channel";
  readonly title?: string;
  readonly is_forum?: boolean;
}

export const ANN: FakePerson = { id: 41, first_name: "Ann", username: "ann", is_bot: false };
export const BOB: FakePerson = { id: 42, first_name: "Bob", username: "bob", is_bot: false };
export const TEAM: FakeChat = { id: -1001, type: "supergroup", title: "Team" };

/** A message as Telegram sends it, with the entities of what it mentions. `more` overrides and adds fields. */
export function message(from: FakePerson, text: string | undefined, chat?: FakeChat, more: object = {}): FakeMessage {
  return {
    message_id: nextMessage++,
    date: Math.floor(Date.now() / 1_000),
    chat: chat ?? { id: from.id, type: "private", first_name: from.first_name },
    from,
    ...(text !== undefined && { text, ...entitiesOf(text) }),
    ...more,
  };
}

export interface FakeMessage {
  readonly message_id: number;
  readonly [field: string]: unknown;
}

export function privateText(from: FakePerson, text: string, more: object = {}): object {
  return { message: message(from, text, undefined, more) };
}

export function groupText(from: FakePerson, text: string, chat: FakeChat = TEAM, more: object = {}): object {
  return { message: message(from, text, chat, more) };
}

function entitiesOf(text: string): object {
  const mentions = [...text.matchAll(/(?<![\w/])@\w+/g)].map(({ 0: name, index }) => ({
    type: "mention",
    offset: index,
    length: name.length,
  }));
  const command = /^\/\w+(@\w+)?/.exec(text)?.[0];
  const commands = command === undefined ? [] : [{ type: "bot_command", offset: 0, length: command.length }];
  const entities = [...commands, ...mentions];
  return entities.length > 0 ? { entities } : {};
}
