import { compileSchema } from "./compile-schema.ts";
import type { SchemaCheck, SchemaError } from "./compile-schema.ts";

/** The established text for what is wrong with a value, or `undefined` when nothing is. */
export type Check = (value: unknown) => string | undefined;

const MAX_PARTS = 8;

/** A check that is compiled when it is first asked: most schemas are never used in a run. */
export function createCheck(schema: object): Check {
  let validate: SchemaCheck | undefined;
  return (value) => {
    validate ??= compileSchema(schema);
    return validate(value) ? undefined : validationText(validate.errors);
  };
}

/** protocol.md §2.2: one part per error in Ajv's order, without repeats. */
export function validationText(errors: readonly SchemaError[] | null | undefined): string {
  if (!errors?.length) return "unknown validation error";
  const parts = new Set<string>();
  for (const error of errors) {
    parts.add(part(error));
    // A long list of wrong items has as many errors as items.
    if (parts.size === MAX_PARTS) break;
  }
  return [...parts].join("; ");
}

function part({ keyword, instancePath, params, message }: SchemaError): string {
  if (keyword === "additionalProperties") {
    const name = (params as { additionalProperty: string }).additionalProperty;
    return `at ${instancePath || "root"}: unexpected property '${name}'`;
  }
  return instancePath ? `at ${instancePath}: ${message}` : `${message}`;
}

/** Checks by schema, each forgotten with its schema. */
export function createChecks(): { of(schema: object): Check } {
  const checks = new WeakMap<object, Check>();
  return {
    of(schema) {
      let check = checks.get(schema);
      if (!check) {
        check = createCheck(schema);
        checks.set(schema, check);
      }
      return check;
    },
  };
}
