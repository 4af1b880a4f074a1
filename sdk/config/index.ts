/** Reading and writing `openclaw.json` without a gateway: for the host, the command line and tools. */
export { loadDotEnv } from "./dotenv.ts";
export { issueText } from "./issue.ts";
export { nearest } from "./nearest.ts";
export { parsePath, valueAt } from "./path.ts";
export type { Keys } from "./path.ts";
export { diff, fingerprint, planReload, withhold } from "./plan.ts";
export { duplicateKeys, locate, locateKey, removeValue, setValue } from "./json5-text.ts";
export { PLACEHOLDER } from "./redact.ts";
export { readSource } from "./source.ts";
export type { Json, Source, SourceFile } from "./source.ts";
export { ConfigError } from "./config-error.ts";
export { ConfigWriteError } from "./write-error.ts";
export { ConfigStore } from "./store.ts";
export type { Loaded, StoreOptions } from "./store.ts";
export { at, validateConfig } from "./validate.ts";
export type { SchemaPart, Validation } from "./validate.ts";
export { absolute, boolFromEnv, portFromEnv, resolvePaths, tilde, UsageError } from "../paths.ts";
export type { Env, Paths } from "../paths.ts";
