import { createHash } from "node:crypto";

/** Nine letters and digits, which is all that Mistral takes; the same id always becomes the same one. */
export function shortCallId(id: string): string {
  return /^[A-Za-z0-9]{9}$/.test(id) ? id : createHash("sha256").update(id).digest("hex").slice(0, 9);
}
