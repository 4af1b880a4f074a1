/** For plugins of model providers whose library speaks the AI SDK's language-model contract. */
export { streamWith } from "./stream.ts";
export { modelFetch } from "./fetch.ts";
export type { DialectOptions } from "./dialect.ts";
