/** One way in which what came differs from what was recorded. */
export interface Difference {
  /** Where, as `payload.snapshot.health`. */
  readonly path: string;
  readonly kind: "missing" | "extra" | "type" | "value";
  readonly text: string;
}

/** Values that are compared to the letter wherever they stand: clients decide by them. */
const LITERAL = new Set(["type", "event", "ok", "code", "message", "protocol", "expectedProtocol", "maxPayload"]);

/**
 * How `actual` differs in shape from `recorded`: field names and types everywhere, values where clients
 * look at them. Members of a list are alike or not as a set: order and number are the state of that day.
 */
export function differences(recorded: unknown, actual: unknown, path = ""): Difference[] {
  const name = path.split(".").at(-1) ?? "";
  if (Array.isArray(recorded) && Array.isArray(actual)) return listDifferences(recorded, actual, path);
  if (isObject(recorded) && isObject(actual)) return objectDifferences(recorded, actual, path);
  // An average may come out even.
  const isEven = kindOf(recorded) === "a number" && kindOf(actual) === "an integer";
  if (kindOf(recorded) !== kindOf(actual) && !isEven) {
    return [{ path, kind: "type", text: `${path} is ${kindOf(actual)}, was ${kindOf(recorded)}` }];
  }
  const isPlaceholder = typeof recorded === "string" && /<[^<>]+>/.test(recorded);
  if (LITERAL.has(name) && !isPlaceholder && recorded !== actual) {
    return [{ path, kind: "value", text: `${path} is ${JSON.stringify(actual)}, was ${JSON.stringify(recorded)}` }];
  }
  return [];
}

function objectDifferences(recorded: Value, actual: Value, path: string): Difference[] {
  const at = (key: string) => (path === "" ? key : `${path}.${key}`);
  return [
    ...Object.entries(recorded).flatMap(([key, value]) =>
      Object.hasOwn(actual, key)
        ? differences(value, actual[key], at(key))
        : [{ path: at(key), kind: "missing" as const, text: `${at(key)} is missing` }],
    ),
    ...Object.keys(actual)
      .filter((key) => !Object.hasOwn(recorded, key))
      .map((key) => ({ path: at(key), kind: "extra" as const, text: `${at(key)} is new` })),
  ];
}

/** Each member has to look like one of the recorded ones. */
function listDifferences(recorded: readonly unknown[], actual: readonly unknown[], path: string): Difference[] {
  if (recorded.length === 0) return [];
  return actual.flatMap((member) => {
    const each = recorded.map((one) => differences(one, member, `${path}[]`));
    return each.toSorted((a, b) => a.length - b.length)[0] ?? [];
  });
}

type Value = Record<string, unknown>;

function isObject(value: unknown): value is Value {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "number") return Number.isInteger(value) ? "an integer" : "a number";
  return typeof value;
}
