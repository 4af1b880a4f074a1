import { Ajv } from "ajv";
import type { ErrorObject } from "ajv";

/** The established text for what is wrong with a value, or `undefined` when nothing is. */
export type Check = (value: unknown) => string | undefined;

const MAX_PARTS = 8;
/** `strictNumbers` refuses the infinity that JSON.parse makes of 1e999. */
const OPTIONS = {
  allErrors: true,
  strict: false,
  strictNumbers: true,
  meta: false,
  validateSchema: false,
  logger: false,
} as const;

/**
 * Compiles schemas. Each plugin generation has its own, because an Ajv instance keeps every schema it
 * ever compiled. The meta-schema is left out: it costs ten times a compilation.
 */
export function createValidator(): { compile(schema: object): Check } {
  let ajv: Ajv | undefined;
  return {
    compile(schema) {
      ajv ??= new Ajv(OPTIONS);
      const validate = ajv.compile(schema);
      return (value) => (validate(value) ? undefined : validationText(validate.errors));
    },
  };
}

/** protocol.md §2.2: one part per error in Ajv's order, without repeats. */
export function validationText(errors: readonly ErrorObject[] | null | undefined): string {
  if (!errors?.length) return "unknown validation error";
  const parts = new Set<string>();
  for (const error of errors) {
    parts.add(part(error));
    // A long list of wrong items has as many errors as items.
    if (parts.size === MAX_PARTS) break;
  }
  return [...parts].join("; ");
}

function part({ keyword, instancePath, params, message }: ErrorObject): string {
  if (keyword === "additionalProperties") {
    const name = (params as { additionalProperty: string }).additionalProperty;
    return `at ${instancePath || "root"}: unexpected property '${name}'`;
  }
  return instancePath ? `at ${instancePath}: ${message}` : `${message}`;
}

/** Checks by schema, each compiled when it is first asked for and forgotten with its schema. */
export function createChecks(): { of(schema: object): Check } {
  const checks = new WeakMap<object, Check>();
  return {
    of(schema) {
      let check = checks.get(schema);
      if (!check) {
        check = createValidator().compile(schema);
        checks.set(schema, check);
      }
      return check;
    },
  };
}
