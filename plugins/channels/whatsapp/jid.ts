import type { Target } from "openclaw/plugin-sdk";

/** Servers of WhatsApp's addresses. */
export const PHONE_SERVER = "s.whatsapp.net";
export const LID_SERVER = "lid";
export const GROUP_SERVER = "g.us";

export interface Jid {
  readonly user: string;
  readonly device?: number;
  readonly server: string;
}

/** `1555:3@s.whatsapp.net` in its parts, or nothing for what is no address. */
export function parseJid(text: string | null | undefined): Jid | undefined {
  const [, user, device, server] = /^([\w.-]+?)(?::(\d{1,5}))?@([a-z.]+)$/.exec(text ?? "") ?? [];
  if (user === undefined || server === undefined) return undefined;
  const known = server === "c.us" ? PHONE_SERVER : server;
  // an agent may follow the user: 1555_1:3@…
  const bare = known === PHONE_SERVER || known === LID_SERVER ? user.replace(/_\d+$/, "") : user;
  return { user: bare, ...(device !== undefined && { device: Number(device) }), server: known };
}

/** The address without its device, or nothing for what is none. */
export function bareJid(text: string | null | undefined): string | undefined {
  const jid = parseJid(text);
  return jid && `${jid.user}@${jid.server}`;
}

export function isPhoneJid(text: string | null | undefined): boolean {
  const jid = parseJid(text);
  return jid?.server === PHONE_SERVER && /^\d+$/.test(jid.user);
}

export function isLidJid(text: string | null | undefined): boolean {
  return parseJid(text)?.server === LID_SERVER;
}

export function isGroupJid(text: string | null | undefined): boolean {
  return parseJid(text)?.server === GROUP_SERVER;
}

/** Is it the same account, whatever the device? */
export function isSameUser(a: string | null | undefined, b: string | null | undefined): boolean {
  const one = bareJid(a);
  return one !== undefined && one === bareJid(b);
}

/** `+1555…` of a phone's address, or nothing for one that hides the number. */
export function e164Of(text: string | null | undefined): string | undefined {
  return isPhoneJid(text) ? `+${parseJid(text)?.user}` : undefined;
}

/** The form in which numbers are compared. Spaces, dashes, brackets, a prefix and a device are taken off. */
export function normalizeNumber(entry: string): string | undefined {
  const text = entry
    .trim()
    .replace(/^whatsapp:/i, "")
    .replace(/@(s\.whatsapp\.net|c\.us)$/, "")
    .replace(/:\d{1,5}$/, "")
    .replaceAll(/[\s().-]/g, "");
  const [, digits] = /^(?:\+|00)?(\d{5,15})$/.exec(text) ?? [];
  return digits === undefined ? undefined : `+${digits}`;
}

export const TARGET_HINT = "a number such as +15551234567 or a group such as 120363012345678901@g.us";

/** What a caller wrote as an address. A prefix `whatsapp:` has been taken off before. */
export function parseTarget(raw: string): Target {
  const jid = parseJid(raw);
  if (jid?.server === GROUP_SERVER && /^\d+(-\d+)?$/.test(jid.user)) {
    return { ok: true, to: `${jid.user}@${GROUP_SERVER}`, kind: "group" };
  }
  if (jid?.server === LID_SERVER && /^\d+$/.test(jid.user))
    return { ok: true, to: `${jid.user}@${LID_SERVER}`, kind: "user" };
  const number = normalizeNumber(raw);
  if (number !== undefined) return { ok: true, to: `${number.slice(1)}@${PHONE_SERVER}`, kind: "user" };
  return { ok: false, error: "it is neither a phone number nor a group of WhatsApp" };
}
