import { createHash } from "node:crypto";
import type {
  APIButtonComponentWithCustomId,
  APIButtonComponentWithURL,
  RESTPostAPIChannelMessageJSONBody,
} from "discord.js";
import type { Button, OutboxEntry, Poll, ReplyPayload } from "openclaw/plugin-sdk";
import { isSnowflake } from "./snowflake.ts";

/** Files that one message of Discord holds. */
export const FILES_PER_MESSAGE = 10;
const SILENT = 1 << 12;
const ROWS = 5;
const BUTTONS_PER_ROW = 5;
const LABEL_CHARS = 80;
const ID_CHARS = 100;
const POLL = { question: 300, answer: 55, answers: 10, hours: 768 };

/** Marks the buttons that this plugin made: presses of others are not ours to answer. */
export const BUTTON_PREFIX = "oc:";

type Body = RESTPostAPIChannelMessageJSONBody;

/** Something that Discord has no form for, in the words of whoever is told. */
export class Unsendable extends Error {}

/** Nobody is called by what an agent wrote but people it names: never everyone, and no roles. */
export const ALLOWED_MENTIONS: NonNullable<Body["allowed_mentions"]> = {
  parse: ["users" as never],
  replied_user: false,
};

/** One message of an entry, `index` for what does not fit into one. Throws {@link Unsendable}. */
export function messageBody({ id, payload }: Pick<OutboxEntry, "id" | "payload">, index = 0): Body {
  const { text, replyToId, silent, poll, buttons } = payload;
  const isFirst = index === 0;
  return {
    nonce: nonceOf(id, index),
    enforce_nonce: true,
    allowed_mentions: ALLOWED_MENTIONS,
    ...(isFirst && text !== "" && { content: text }),
    // What an agent takes for an id must not cost its answer.
    ...(isFirst &&
      replyToId !== undefined &&
      isSnowflake(replyToId) && { message_reference: { message_id: replyToId, fail_if_not_exists: false } }),
    ...(silent && { flags: SILENT }),
    ...(isFirst && poll && { poll: pollOf(poll) }),
    ...(isFirst && buttons && hasButtons(buttons) && { components: rowsOf(buttons) }),
  };
}

/** Another text for a message that is there. */
export function editBody({ text, buttons }: ReplyPayload): Body {
  return {
    content: text,
    allowed_mentions: ALLOWED_MENTIONS,
    ...(buttons && { components: hasButtons(buttons) ? rowsOf(buttons) : [] }),
  };
}

/** The id of an entry in the 25 characters that Discord keeps apart; the same for each attempt. */
export function nonceOf(entryId: string, index = 0): string {
  return createHash("sha256").update(`${entryId} ${index}`).digest("base64url").slice(0, 24);
}

function pollOf({ question, options, maxSelections = 1, durationHours = 24 }: Poll): NonNullable<Body["poll"]> {
  if (question.length > POLL.question)
    throw new Unsendable(`a question of Discord has at most ${POLL.question} characters`);
  if (options.length > POLL.answers) throw new Unsendable(`a poll of Discord has at most ${POLL.answers} answers`);
  if (options.some((option) => option.length > POLL.answer))
    throw new Unsendable(`an answer in a poll of Discord has at most ${POLL.answer} characters`);
  if (durationHours > POLL.hours) throw new Unsendable(`a poll of Discord lasts at most ${POLL.hours} hours`);
  return {
    question: { text: question },
    answers: options.map((text) => ({ poll_media: { text } })),
    duration: durationHours,
    allow_multiselect: maxSelections > 1,
  };
}

function hasButtons(rows: NonNullable<ReplyPayload["buttons"]>): boolean {
  return rows.some((row) => row.length > 0);
}

/** Rows of at most five; what is more than fits is said to be too much, never left out. */
function rowsOf(rows: NonNullable<ReplyPayload["buttons"]>): NonNullable<Body["components"]> {
  const fitting = rows.flatMap((row) => pieces(row, BUTTONS_PER_ROW));
  if (fitting.length > ROWS)
    throw new Unsendable(`a message of Discord has at most ${ROWS} rows of ${BUTTONS_PER_ROW} buttons`);
  return fitting.map((row) => ({ type: 1, components: row.map((button) => buttonOf(button)) }));
}

function buttonOf({ text, value, url }: Button): APIButtonComponentWithCustomId | APIButtonComponentWithURL {
  const label = text.slice(0, LABEL_CHARS);
  // The types want members of an enumeration; these are their values: a link, and a plain button.
  if (url !== undefined) return { type: 2, style: 5 as never, label, url };
  const custom_id = `${BUTTON_PREFIX}${value ?? text}`;
  if (custom_id.length > ID_CHARS)
    throw new Unsendable(`the value of a button of Discord has at most ${ID_CHARS - BUTTON_PREFIX.length} characters`);
  return { type: 2, style: 2 as never, label, custom_id };
}

function pieces<T>(list: readonly T[], size: number): T[][] {
  const count = Math.ceil(list.length / size);
  return Array.from({ length: count }, (_, index) => list.slice(index * size, (index + 1) * size));
}

/** An emoji as the path of a reaction has it: itself, or `name:id` of one of a server. */
export function emojiPath(emoji: string): string {
  const custom = /^<?a?:?(\w+):(\d+)>?$/.exec(emoji.trim());
  // Dots alone would be a step in the path.
  return encodeURIComponent(custom ? `${custom[1]}:${custom[2]}` : emoji.trim()).replaceAll(".", "%2E");
}
