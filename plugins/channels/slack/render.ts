import type { Button, OutboxEntry, ReplyPayload } from "openclaw/plugin-sdk";
import { escapedText } from "./mrkdwn.ts";

/** Marks the buttons that this plugin made: presses of others are not ours to answer. */
export const BUTTON_PREFIX = "oc:";
/** The event type of the metadata that tells a message of an entry from others. */
export const MARK = "openclaw_delivery";
const SECTION_CHARS = 3_000;
const LABEL_CHARS = 75;
const VALUE_CHARS = 2_000;
const URL_CHARS = 3_000;
const BUTTONS_PER_ROW = 25;
const BLOCKS = 50;

/** Something that Slack has no form for, in the words of whoever is told. */
export class Unsendable extends Error {}

/** One message for `chat.postMessage`, without its address. Throws {@link Unsendable}. */
export function messageBody({ id, payload }: Pick<OutboxEntry, "id" | "payload">): object {
  return { ...contentOf(payload), metadata: { event_type: MARK, event_payload: { id } } };
}

/** Text and buttons. Where there are buttons, the text stands in blocks too: Slack shows those instead of it. */
export function contentOf({ text, format, buttons }: ReplyPayload): {
  readonly text: string;
  readonly mrkdwn?: false;
  readonly blocks?: readonly object[];
} {
  const isPlain = format === "plain";
  const shown = isPlain ? escapedText(text) : text;
  const rows = (buttons ?? []).filter((row) => row.length > 0);
  if (rows.length === 0) return { text: shown, ...(isPlain && { mrkdwn: false }) };
  const blocks = [...sections(shown, isPlain), ...rows.map((row, index) => actions(row, index))];
  if (blocks.length > BLOCKS) throw new Unsendable(`a message of Slack has at most ${BLOCKS} rows`);
  return {
    text:
      shown === ""
        ? rows
            .flat()
            .map((button) => button.text)
            .join(", ")
        : shown,
    blocks,
  };
}

function sections(text: string, isPlain: boolean): object[] {
  const parts: string[] = [];
  for (let rest = text; rest !== "";) {
    const end = rest.length <= SECTION_CHARS ? rest.length : breakIn(rest.slice(0, SECTION_CHARS));
    parts.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return parts
    .filter((part) => part.trim() !== "")
    .map((part) => ({
      type: "section",
      text: isPlain ? { type: "plain_text", text: part, emoji: false } : { type: "mrkdwn", text: part },
    }));
}

function breakIn(text: string): number {
  const at = Math.max(text.lastIndexOf("\n"), text.lastIndexOf(" "));
  if (at > 0) return at + 1;
  // Never through the middle of a character of two halves.
  return /[\uD800-\uDBFF]$/.test(text) ? text.length - 1 : text.length;
}

function actions(row: readonly Button[], index: number): object {
  if (row.length > BUTTONS_PER_ROW) throw new Unsendable(`a row of Slack has at most ${BUTTONS_PER_ROW} buttons`);
  return {
    type: "actions",
    elements: row.map((button, place) => buttonOf(button, `${BUTTON_PREFIX}${index}:${place}`)),
  };
}

function buttonOf({ text, value = text, url }: Button, action_id: string): object {
  if (value.length > VALUE_CHARS)
    throw new Unsendable(`the value of a button of Slack has at most ${VALUE_CHARS} characters`);
  if (url !== undefined && url.length > URL_CHARS)
    throw new Unsendable(`the address of a button of Slack has at most ${URL_CHARS} characters`);
  const label = { type: "plain_text", text: text.slice(0, LABEL_CHARS), emoji: true };
  return { type: "button", action_id, text: label, ...(url === undefined ? { value } : { url }) };
}

/** The name of an emoji as Slack has it. */
export function emojiName(emoji: string): string {
  const bare = emoji.trim().replaceAll("\uFE0F", "");
  if (Object.hasOwn(NAMES, bare)) return NAMES[bare] as string;
  return bare.replace(/^:(.+):$/, "$1").toLowerCase();
}

/** Those that agents and the configuration are likely to use; every other is written by its name. */
const NAMES: Readonly<Record<string, string>> = {
  "👀": "eyes",
  "👍": "+1",
  "👎": "-1",
  "❤": "heart",
  "😂": "joy",
  "😄": "smile",
  "😊": "blush",
  "😅": "sweat_smile",
  "😢": "cry",
  "😮": "open_mouth",
  "🤔": "thinking_face",
  "🙏": "pray",
  "👏": "clap",
  "🙌": "raised_hands",
  "👋": "wave",
  "👌": "ok_hand",
  "💪": "muscle",
  "🔥": "fire",
  "🎉": "tada",
  "🚀": "rocket",
  "💯": "100",
  "✅": "white_check_mark",
  "☑": "ballot_box_with_check",
  "✔": "heavy_check_mark",
  "❌": "x",
  "⚠": "warning",
  "❓": "question",
  "❗": "exclamation",
  "⏳": "hourglass_flowing_sand",
  "⌛": "hourglass",
  "🤖": "robot_face",
  "🦞": "lobster",
  "🐛": "bug",
  "💡": "bulb",
  "📌": "pushpin",
  "📎": "paperclip",
  "📝": "memo",
  "🔍": "mag",
  "🛠": "hammer_and_wrench",
  "⭐": "star",
  "✨": "sparkles",
  "🚧": "construction",
  "🆗": "ok",
};
