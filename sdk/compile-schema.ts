import { hash } from "node:crypto";
import { loadAjv, precompiled } from "./ajv.ts";

/** What is wrong with a value, in Ajv's terms. */
export interface SchemaError {
  readonly keyword: string;
  /** JSON pointer of the value. */
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly params: object;
  readonly message?: string;
  /** The schema object that holds the keyword. */
  readonly parentSchema?: object;
}

/** True for a value that fits; else `errors` holds what does not, until the next call. */
export interface SchemaCheck {
  (value: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}

/** `strictNumbers` refuses the infinity that JSON.parse makes of 1e999. The meta-schema costs ten times a compilation. */
export const AJV_OPTIONS = {
  allErrors: true,
  strict: false,
  strictNumbers: true,
  meta: false,
  validateSchema: false,
  logger: false,
  verbose: true,
} as const;

/** Compiled lately, by content: a configuration is checked with the same schemas at every reading and writing. */
const recent = new Map<string, SchemaCheck>();
const MAX_RECENT = 256;

/**
 * The check of a JSON Schema (draft 7). Each has an Ajv of its own, because an Ajv keeps every schema it ever compiled.
 * Throws when the schema cannot be used.
 */
export function compileSchema(schema: object): SchemaCheck {
  const own = withoutMeta(schema);
  const key = schemaKey(own);
  const ready = precompiled.get(key) ?? recent.get(key);
  if (ready) return ready;
  const Ajv = loadAjv();
  const check = new Ajv(AJV_OPTIONS).compile(own) as SchemaCheck;
  recent.set(key, check);
  for (const oldest of recent.keys()) {
    if (recent.size <= MAX_RECENT) break;
    recent.delete(oldest);
  }
  return check;
}

/** Name of a schema by its content. */
export function schemaKey(schema: object): string {
  return hash("sha1", JSON.stringify(schema));
}

/** A third-party schema may name a dialect that this Ajv does not carry; the keywords used are the same. */
function withoutMeta(schema: object): object {
  const { $schema: _dialect, $id: _id, ...rest } = schema as Record<string, unknown>;
  return rest;
}
