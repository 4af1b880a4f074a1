interface Schema {
  readonly type?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly const?: unknown;
  readonly [key: string]: unknown;
}

/**
 * The schema without what some providers refuse: a union at the root becomes one object with the members of all, a union
 * of constants an `enum` (agent.md §12.1). What it no longer says is still checked before the tool runs.
 */
export function plainSchema(schema: object): object {
  const { anyOf, ...rest } = inner(schema as Schema);
  if (!anyOf) return rest;
  const required = anyOf.map((member) => new Set(member.required));
  return {
    ...rest,
    type: "object",
    properties: joined([rest, ...anyOf]),
    required: [...(required[0] ?? [])].filter((name) => required.every((names) => names.has(name))),
  };
}

/** A property that several members have takes the values of all of them. */
function joined(members: readonly Schema[]): Record<string, Schema> {
  const properties: Record<string, Schema> = {};
  for (const [name, one] of members.flatMap((member) => Object.entries(member.properties ?? {}))) {
    const known = properties[name];
    properties[name] =
      known?.enum && one.enum ? { ...known, enum: [...new Set([...known.enum, ...one.enum])] } : (known ?? one);
  }
  return properties;
}

/** With `anyOf` for both kinds of union, and `enum` for constants. */
function inner({ anyOf, oneOf, properties, items, const: only, ...rest }: Schema): Schema {
  const members = (anyOf ?? oneOf)?.map(inner);
  const [first] = members ?? [];
  if (members && members.every((member) => member.enum && member.type === first?.type))
    return { ...rest, type: first?.type, enum: members.flatMap((member) => member.enum ?? []) };
  return {
    ...rest,
    ...(members && { anyOf: members }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, inner(one)])),
    }),
    ...(items && { items: inner(items) }),
    ...(only !== undefined && { type: rest.type ?? typeof only, enum: [only] }),
  };
}
