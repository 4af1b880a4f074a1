import { Ajv } from "ajv";
import type { SchemaCheck } from "./compile-schema.ts";

/**
 * Checks of the schemas that every start needs, by {@link schemaKey}. Empty when the sources run unbuilt; the release
 * build puts compiled code in the place of this file (.scripts/precompile.mjs).
 */
export const precompiled: Pick<ReadonlyMap<string, SchemaCheck>, "get"> = new Map();

export function loadAjv(): typeof Ajv {
  return Ajv;
}
