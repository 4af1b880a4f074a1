import assert from "node:assert/strict";

/** What is read of a JSON Schema. */
export type Schema = {
  readonly type?: string;
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly { readonly const: string }[];
  readonly patternProperties?: Record<string, Schema>;
  readonly maxProperties?: number;
};

export type Value = Record<string, unknown>;

/** A good value of every field. */
export function sample(schema: Schema): unknown {
  if (schema.anyOf) return schema.anyOf[0]?.const;
  if (schema.type === "object" && schema.patternProperties) return { a: true };
  if (schema.type === "object")
    return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, one]) => [name, sample(one)]));
  if (schema.type === "array") return [sample(schema.items ?? {})];
  if (schema.type === "integer") return schema.minimum ?? 0;
  return "x";
}

/** Values this field must not have. */
function badValues(schema: Schema): [string, unknown][] {
  const types: [string, unknown][] = [
    ["null", null],
    ["true", true],
    ["a number", 1.5],
    ["a list of lists", [[[]]]],
    ["an object of a kind", { "": { "": 1 } }],
    ...(schema.type === "string" ? [] : ([["text", "text"]] as [string, unknown][])),
  ];
  if (schema.anyOf) return [...types, ["another", "no such"], ["empty", ""]];
  if (schema.type === "string") {
    assert.ok(schema.maxLength, "strings have a maximum");
    return [
      ...types,
      ["too long", "x".repeat(schema.maxLength + 1)],
      ...(schema.minLength ? ([["empty", ""]] as [string, unknown][]) : []),
    ];
  }
  if (schema.type === "array") {
    assert.ok(schema.maxItems, "lists have a maximum");
    return [...types, ["too many", Array(schema.maxItems + 1).fill(sample(schema.items ?? {}))]];
  }
  if (schema.type === "integer") {
    assert.ok(schema.maximum, "numbers have a maximum");
    return [...types, ["too small", (schema.minimum ?? 0) - 1], ["too large", schema.maximum * 2]];
  }
  if (schema.patternProperties) {
    const many = Object.fromEntries(Array.from({ length: (schema.maxProperties ?? 0) + 1 }, (_, i) => [`k${i}`, true]));
    return [...types.filter(([name]) => name !== "true"), ["too many", many]];
  }
  return types;
}

/** Every way to spoil one field of `schema`, as a change to a good value and what was done. */
export function* spoils(schema: Schema, path: readonly string[] = []): Generator<[string, (value: Value) => void]> {
  const at = (value: Value): Value => path.reduce((inner, key) => inner[key] as Value, value);
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const where = `/${[...path, name].join("/")}`;
    if (schema.required?.includes(name)) yield [`${where} missing`, (value) => delete at(value)[name]];
    for (const [what, bad] of badValues(field)) yield [`${where} is ${what}`, (value) => (at(value)[name] = bad)];
    if (field.type === "array") {
      for (const [what, bad] of badValues(field.items ?? {}))
        yield [`${where}/0 is ${what}`, (value) => (at(value)[name] = [bad])];
    }
    if (field.properties) yield* spoils(field, [...path, name]);
  }
  for (const extra of ["extra", "__proto__", "constructor", "prototype"]) {
    // An own key, as JSON.parse makes it.
    const define = (value: Value) =>
      Object.defineProperty(at(value), extra, { value: 1, enumerable: true, configurable: true, writable: true });
    yield [`/${[...path, extra].join("/")} extra`, define];
  }
}
