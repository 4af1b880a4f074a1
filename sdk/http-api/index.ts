/** For plugins that serve an established HTTP API: errors, bodies, event streams, keys, and runs that somebody waits for. */
export { answerError, ApiError, apiErrorOf, badRequest } from "./api-error.ts";
export type { ApiErrorOptions } from "./api-error.ts";
export { EventStream } from "./event-stream.ts";
export { readJsonObject } from "./json-body.ts";
export { Repeats } from "./repeats.ts";
