interface Schema {
  readonly type?: unknown;
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
  const plain = inner(schema as Schema);
  const { anyOf, oneOf, ...rest } = plain;
  const members = anyOf ?? oneOf;
  if (!members) return plain;
  const required = members.map((member) => new Set(member.required));
  return {
    ...rest,
    type: "object",
    properties: Object.assign({}, rest.properties, ...members.map(({ properties }) => properties)) as object,
    required: [...(required[0] ?? [])].filter((name) => required.every((names) => names.has(name))),
  };
}

function inner(schema: Schema): Schema {
  const { anyOf, oneOf, properties, items, const: only, ...rest } = schema;
  const members = (anyOf ?? oneOf)?.map(inner);
  const constants = members?.every((member) => typeof member["enum"]?.valueOf() === "object" && member.type);
  if (members && constants) {
    const values = members.flatMap((member) => member["enum"] as unknown[]);
    return { ...rest, type: members[0]?.type, enum: values };
  }
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
