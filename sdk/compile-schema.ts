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

/**
 * The check of a JSON Schema (draft 7). Each has an Ajv of its own, because an Ajv keeps every schema it ever compiled.
 * Throws when the schema cannot be used.
 */
export function compileSchema(schema: object): SchemaCheck {
  const own = withoutMeta(schema);
  const ready = precompiled.get(schemaKey(own));
  if (ready) return ready;
  const Ajv = loadAjv();
  return new Ajv(AJV_OPTIONS).compile(own);
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
