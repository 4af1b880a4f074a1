import type { Sender } from "openclaw/plugin-sdk";

const NUMBER = /^\+[1-9]\d{4,15}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The id of a person: the phone number, else `uuid:<uuid>`. */
export function personId(number: string | null | undefined, uuid: string | undefined): string | undefined {
  if (number && NUMBER.test(number)) return number;
  const lower = uuid?.toLowerCase();
  return lower !== undefined && UUID.test(lower) ? `uuid:${lower}` : undefined;
}

/** The id that an entry of an allowlist stands for. */
export function normalizePerson(entry: string): string | undefined {
  const text = entry.trim().replace(/^signal:/i, "");
  const digits = text.replaceAll(/[\s().-]/g, "");
  if (NUMBER.test(digits)) return digits;
  return personId(undefined, text.replace(/^uuid:/i, ""));
}

/** Whoever has a number has an account id, too, which an allowlist may name. */
export function otherIds({ tag }: Sender): readonly string[] {
  return tag?.startsWith("uuid:") ? [tag] : [];
}
