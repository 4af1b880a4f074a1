import type { ConfigIssue } from "../services/config.ts";
import { nearest } from "./nearest.ts";
import type { Json } from "./source.ts";

/** What this needs of a JSON Schema. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

/**
 * Keys that are most likely slips of ones that some schema names. A section that several plugins read is open, so that
 * none refuses what another understands; a key that is nearly a known one is no such thing.
 */
export function slips(value: Json | undefined, path: string, schemas: readonly object[]): ConfigIssue[] {
  const here = schemas.flatMap((schema) => alternatives(schema as Schema));
  if (Array.isArray(value)) {
    const items = here.flatMap(({ items: one }) => one ?? []);
    return items.length === 0 ? [] : value.flatMap((item, index) => slips(item, `${path}.${index}`, items));
  }
  if (typeof value !== "object" || value === null) return [];
  const known = new Set(here.flatMap(({ properties = {} }) => Object.keys(properties)));
  const maps = here.flatMap(({ additionalProperties: any }) => (typeof any === "object" ? [any] : []));
  // Names that people choose are no slips, and what a closed schema does not name has been told already.
  const isFree = maps.length > 0 || here.some((one) => one.patternProperties || one.additionalProperties === false);
  return Object.entries(value).flatMap(([key, member]) => {
    const place = `${path}.${key}`;
    if (known.has(key) || isFree) {
      const named = here.flatMap(({ properties = {} }) => (Object.hasOwn(properties, key) ? [properties[key]!] : []));
      return slips(member, place, named.length > 0 ? named : maps);
    }
    const meant = nearest(key, known);
    if (meant === undefined) return [];
    return [{ path: place, message: `Unrecognized key: "${key}"`, hint: `did you mean "${meant}"?` }];
  });
}

/** The schema with everything it is put together from. */
function alternatives(schema: Schema): Schema[] {
  const { anyOf = [], oneOf = [], allOf = [] } = schema;
  return [schema, ...[...anyOf, ...oneOf, ...allOf].flatMap(alternatives)];
}
