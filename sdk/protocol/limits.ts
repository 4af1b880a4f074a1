/** Limits and timers of protocol 3 (protocol.md §13). Sizes in bytes, times in milliseconds. */
export const PROTOCOL_VERSION = 3;
export const MAX_PAYLOAD_BYTES = 524_288;
export const MAX_BUFFERED_BYTES = 1_572_864;
export const TICK_INTERVAL_MS = 30_000;
export const HANDSHAKE_TIMEOUT_MS = 10_000;
export const DEVICE_SKEW_MS = 600_000;
export const IDEMPOTENCY_TTL_MS = 300_000;
export const IDEMPOTENCY_ENTRIES = 1_000;
/** What clients take in one message; a longer one closes them. */
export const CLIENT_RECEIVE_BYTES = 26_214_400;
export const CLOSE_REASON_BYTES = 120;
/** Before `connect` has succeeded (security.md S-04). */
export const MAX_FIRST_FRAME_BYTES = 65_536;
export const MAX_JSON_DEPTH = 32;
