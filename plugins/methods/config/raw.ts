import { GatewayError } from "openclaw/plugin-sdk";
import JSON5 from "json5";

/** Throws what established clients show for a text that is not JSON5 (protocol.md §9.5). */
export function parseRaw(raw: string): unknown {
  try {
    return JSON5.parse<unknown>(raw);
  } catch (cause) {
    throw new GatewayError("INVALID_REQUEST", `SyntaxError: ${(cause as Error).message}`, { cause });
  }
}

export function parsePatch(raw: string): object {
  const value = parseRaw(raw);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new GatewayError("INVALID_REQUEST", "config.patch raw must be an object");
}
