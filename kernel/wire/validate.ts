import { Ajv } from "ajv";
import type { ErrorObject } from "ajv";

/** The established text for what is wrong with a value, or `undefined` when nothing is. */
export type Check = (value: unknown) => string | undefined;

const MAX_PARTS = 8;

/**
 * Compiles schemas. Each plugin generation has its own, because an Ajv instance keeps every schema it
 * ever compiled. The meta-schema is left out: it costs ten times a compilation.
 */
export function createValidator(): { compile(schema: object): Check } {
  let ajv: Ajv | undefined;
  return {
    compile(schema) {
      ajv ??= new Ajv({ allErrors: true, strict: false, meta: false, validateSchema: false, logger: false });
      const validate = ajv.compile(schema);
      return (value) => (validate(value) ? undefined : validationText(validate.errors));
    },
  };
}

/** protocol.md §2.2: one part per error in Ajv's order, without repeats. */
export function validationText(errors: readonly ErrorObject[] | null | undefined): string {
  if (!errors?.length) return "unknown validation error";
  const parts = new Set(errors.map(part));
  return [...parts].slice(0, MAX_PARTS).join("; ");
}

function part({ keyword, instancePath, params, message }: ErrorObject): string {
  if (keyword === "additionalProperties") {
    const name = (params as { additionalProperty: string }).additionalProperty;
    return `at ${instancePath || "root"}: unexpected property '${name}'`;
  }
  return instancePath ? `at ${instancePath}: ${message}` : `${message}`;
}
