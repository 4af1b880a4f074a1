import type { Catalog } from "./catalog.ts";
import { constants, mapValue, typeName } from "./schema.ts";
import type { Definition, Schema } from "./schema.ts";

/** Types for clients: one per definition, and two tables from the names on the wire to them. */
export function typescript({ methods, events }: Catalog, all: readonly Definition[]): string {
  const types = all.map(({ name, about, schema }) => `/** ${about} */\nexport type ${name} = ${typeOf(schema, 0)};`);
  const ofMethods = methods.map(({ name, params, result }) => {
    const [ask, answer] = [
      params ? typeName(name, "Params") : "unknown",
      result ? typeName(name, "Result") : "unknown",
    ];
    return `  readonly ${JSON.stringify(name)}: { readonly params: ${ask}; readonly result: ${answer} };`;
  });
  const ofEvents = events.map(
    ({ name, payload }) => `  readonly ${JSON.stringify(name)}: ${payload ? typeName(name, "Event") : "unknown"};`,
  );
  return [
    "// Made by npm run protocol:gen from what the stock plugins register. Do not edit.",
    ...types,
    `/** What a client can call. */\nexport interface Methods {\n${ofMethods.join("\n")}\n}`,
    `/** What a client can hear. */\nexport interface Events {\n${ofEvents.join("\n")}\n}`,
    "",
  ].join("\n\n");
}

function typeOf(schema: Schema, depth: number): string {
  const values = constants(schema);
  if (values) return values.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.anyOf) return schema.anyOf.map((one) => typeOf(one, depth)).join(" | ");
  const value = mapValue(schema);
  if (value) return `{ readonly [name: string]: ${typeOf(value, depth)} }`;
  switch (schema.type) {
    case "array":
      return `readonly (${typeOf(schema.items ?? {}, depth)})[]`;
    case "object":
      return objectOf(schema, depth);
    case "string":
    case "boolean":
    case "null":
      return schema.type;
    case "integer":
    case "number":
      return "number";
    default:
      return "unknown";
  }
}

function objectOf({ properties = {}, required = [], additionalProperties }: Schema, depth: number): string {
  const indent = "  ".repeat(depth + 1);
  const members = Object.entries(properties).map(
    ([name, member]) =>
      `${indent}readonly ${JSON.stringify(name)}${required.includes(name) ? "" : "?"}: ${typeOf(member, depth + 1)};`,
  );
  if (additionalProperties !== false) members.push(`${indent}readonly [name: string]: unknown;`);
  if (members.length === 0) return "{ readonly [name: string]: never }";
  return `{\n${members.join("\n")}\n${"  ".repeat(depth)}}`;
}
