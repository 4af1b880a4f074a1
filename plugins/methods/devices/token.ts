import { createHash, randomBytes } from "node:crypto";
import { secretEquals } from "openclaw/plugin-sdk";
import type { TokenRecord } from "./record.ts";

const CLEAR = /^[0-9a-f]{32}$/;

/** 32 lower-case hex characters (protocol.md §6). */
export function mintToken(): string {
  return randomBytes(16).toString("hex");
}

/** Could this be a token at all? */
export function isTokenLike(text: string): boolean {
  return CLEAR.test(text);
}

/** What is stored of a token: who reads the file cannot log in with it (state.md §6). */
export function tokenHash(clear: string): string {
  return createHash("sha256").update(clear).digest("hex");
}

/** A token as the established product stores it, if this is one. */
export function clearToken({ token }: TokenRecord): string | undefined {
  return CLEAR.test(token) ? token : undefined;
}

/** Is `given` this token, and is it still good? */
export function opens({ token, revokedAtMs }: TokenRecord, given: string): boolean {
  return revokedAtMs === undefined && secretEquals(tokenHash(given), token);
}

/** When the token that is good now was made. */
export function issuedAtMs({ createdAtMs, rotatedAtMs }: TokenRecord): number {
  return rotatedAtMs ?? createdAtMs;
}
