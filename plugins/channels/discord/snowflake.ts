import { GatewayError } from "openclaw/plugin-sdk";

const EPOCH_MS = 1_420_070_400_000n;
const ID = /^\d{15,20}$/;

/** Is this an id as Discord makes them? */
export function isSnowflake(text: string): boolean {
  return ID.test(text);
}

/** The id, which becomes part of a path of the REST API. Throws `INVALID_REQUEST` for anything else. */
export function checkedId(text: string, what: string): string {
  if (isSnowflake(text)) return text;
  const shown = JSON.stringify(text.slice(0, 40));
  throw new GatewayError(
    "INVALID_REQUEST",
    `${shown} is not the id of a ${what} of Discord: those have 17 to 20 digits`,
  );
}

/** The least id that something made at that time can have. */
export function snowflakeAt(ms: number): string {
  const since = BigInt(Math.max(0, Math.floor(ms))) - EPOCH_MS;
  return String(since > 0n ? since << 22n : 0n);
}

/** When the thing with this id was made. */
export function timeOf(id: string): number {
  return Number((BigInt(id) >> 22n) + EPOCH_MS);
}

/** Was the first made after the second? */
export function isLater(id: string, than: string): boolean {
  return BigInt(id) > BigInt(than);
}
