import { GatewayError } from "openclaw/plugin-sdk";

/** The time of a message, which is its id within a channel: seconds, and six digits that tell apart what shares one. */
export function isTimestamp(text: string): boolean {
  return /^\d{9,11}\.\d{6}$/.test(text);
}

/** Throws `INVALID_REQUEST` for what is no id of a message. */
export function checkedTimestamp(text: string): string {
  if (isTimestamp(text)) return text;
  const shown = JSON.stringify(text.slice(0, 40));
  throw new GatewayError(
    "INVALID_REQUEST",
    `${shown} is not the id of a message of Slack: those look like 1700000000.123456`,
  );
}

export function timestampAt(ms: number): string {
  return (Math.max(0, ms) / 1_000).toFixed(6);
}

/** Was the first made after the second? As numbers they would be rounded. */
export function isLater(ts: string, than: string): boolean {
  const [a, b] = [ts, than].map((one) => one.padStart(18, "0"));
  return String(a) > String(b);
}
