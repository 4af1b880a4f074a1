/** Reaching out to addresses that somebody else has chosen (security.md S-29). */
export { forbiddenAddress, forbiddenHost } from "./address.ts";
export { boundedBody } from "./bounded-body.ts";
export { endpointProblem } from "./endpoint.ts";
export type { Scheme } from "./endpoint.ts";
export { guardedFetch } from "./guarded-fetch.ts";
export type { GuardedFetchOptions, GuardedResponse } from "./guarded-fetch.ts";
export type { LookupAll } from "./resolve.ts";
