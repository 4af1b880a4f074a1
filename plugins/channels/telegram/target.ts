import type { Target } from "openclaw/plugin-sdk";

export const TARGET_HINT = "a chat id such as 41 or -1001234, @name, t.me/name, or <chat>:topic:<thread>";

const CHAT = /^(-?\d{1,20}|@[A-Za-z]\w{3,31})(?::(?:topic:)?(\d{1,20}))?$/;
const LINK = /^(?:https?:\/\/)?t(?:elegram)?\.me\//i;

/** A target as people write it. What is an id passes, however short it is. */
export function parseTarget(raw: string): Target {
  const bare = raw
    .trim()
    .replace(/^(?:telegram|tg):/i, "")
    .replace(/^group:/i, "");
  const given = LINK.test(bare) ? `@${bare.replace(LINK, "").replace(/[/?#].*$/, "")}` : bare;
  const [, chat, threadId] = CHAT.exec(given) ?? [];
  if (chat === undefined) return { ok: false, error: "it is neither a chat id nor an @name" };
  const kind =
    threadId !== undefined ? "thread" : /^\d/.test(chat) ? "user" : chat.startsWith("-") ? "group" : "channel";
  return { ok: true, to: chat, kind, ...(threadId !== undefined && { threadId }) };
}
