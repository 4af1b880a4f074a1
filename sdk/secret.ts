import { createHash, timingSafeEqual } from "node:crypto";

/** The one comparison of secrets: both sides hashed, constant time, empty never equals (security.md S-08). */
export function secretEquals(given: unknown, expected: string | undefined): boolean {
  if (typeof given !== "string" || given === "" || expected === undefined || expected === "") return false;
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
