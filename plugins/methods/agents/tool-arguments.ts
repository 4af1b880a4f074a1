/** A property of a schema, as far as it decides what a text may stand for. */
interface Property {
  readonly type?: string | readonly string[];
}

/**
 * The arguments with texts made into the numbers and booleans that the schema wants there: models quote too much. Only
 * at the top, and only what is one exactly.
 */
export function coerced(given: Readonly<Record<string, unknown>>, schema: object): Record<string, unknown> {
  const { properties = {} } = schema as { properties?: Readonly<Record<string, Property>> };
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      typeof value === "string" && Object.hasOwn(properties, name) ? fitting(value, properties[name]?.type) : value,
    ]),
  );
}

function fitting(text: string, type: Property["type"]): unknown {
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  if ((type === "integer" || type === "number") && /^-?\d+(\.\d+)?$/.test(text.trim())) return Number(text);
  return text;
}
