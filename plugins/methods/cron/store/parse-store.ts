import { isFields } from "../job/fields.ts";
import type { Fields } from "../job/fields.ts";

const VERSION = 1;

export interface StoreContent {
  readonly records: readonly unknown[];
  /** What else stands in the file. */
  readonly extra: Fields;
}

/** A file that a newer gateway has made: nothing is wrong with it, and nothing of it is touched. */
export class FutureStore extends Error {}

/** `{version, jobs: […]}` or a bare list, in JSON or JSON5. Throws for anything else, and for a version of the future. */
export async function parseStore(text: string): Promise<StoreContent> {
  const value = await parsed(text);
  if (Array.isArray(value)) return { records: value, extra: {} };
  if (!isFields(value)) throw new Error("it holds neither an object nor a list");
  const { version, jobs, ...extra } = value;
  if (typeof version === "number" && version > VERSION)
    throw new FutureStore(`it is of version ${version}, made by a newer gateway; this one knows ${VERSION}`);
  if (!Array.isArray(jobs)) throw new Error('it has no list "jobs"');
  return { records: jobs, extra };
}

async function parsed(text: string): Promise<unknown> {
  try {
    return JSON.parse(text);
  } catch {
    // People write comments. The reader for them is loaded for those who do.
    const { default: JSON5 } = await import("json5");
    return JSON5.parse(text);
  }
}
