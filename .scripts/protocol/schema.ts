/** A JSON Schema as TypeBox makes it, as far as the generators look into it. */
export interface Schema {
  readonly type?: string;
  readonly const?: string | number | boolean;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
}

export interface Definition {
  /** Such as `ChatSendParams`. */
  readonly name: string;
  readonly schema: Schema;
  /** For people. */
  readonly about: string;
}

/** `chat.send` and `Params` make `ChatSendParams`. */
export function typeName(wireName: string, suffix: string): string {
  const words = wireName.split(/[^A-Za-z0-9]+/).map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
  return `${words.join("")}${suffix}`;
}

/** The values of a union of constants of one kind. */
export function constants(schema: Schema): readonly (string | number | boolean)[] | undefined {
  const values = schema.anyOf?.map((one) => one.const) ?? [schema.const];
  return values.every((value) => value !== undefined) ? values : undefined;
}

/** What a map holds, when the schema is one. */
export function mapValue({ type, properties, patternProperties, additionalProperties }: Schema): Schema | undefined {
  if (type !== "object" || (properties && Object.keys(properties).length > 0)) return undefined;
  const [first] = Object.values(patternProperties ?? {});
  return first ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
}

/** The other members of a union that has `null` in it. */
export function nullable(schema: Schema): Schema | undefined {
  if (!schema.anyOf?.some(({ type }) => type === "null")) return undefined;
  const rest = schema.anyOf.filter(({ type }) => type !== "null");
  return rest.length === 1 ? (rest[0] as Schema) : { anyOf: rest };
}
