import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createCheck } from "../../sdk/check.ts";
import { readCatalog } from "../../.scripts/protocol/catalog.ts";

const root = join(import.meta.dirname, "..", "..");
/** The parameters of every established method as they were measured; lies beside the repository, never in it. */
const LIST = join(root, "..", "shared", "spec", "protocol-methods.json");

interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

interface Method {
  readonly name: string;
  readonly paramsSchema?: Schema;
}

/** Methods whose handler looks at the parameters itself and has words of its own for what is wrong with them. */
const OWN_WORDS = new Set([
  "browser.request",
  "cron.add",
  "sessions.usage.logs",
  "sessions.usage.timeseries",
  "set-heartbeats",
  "system-event",
  "tts.convert",
  "tts.setProvider",
  "voicewake.set",
]);
/** Either of two names is needed, which the list does not tell; and dates and numbers of days that are such. */
const STRICTER = new Set(["cron.update", "cron.remove", "cron.run", "cron.runs", "sessions.usage", "usage.cost"]);
/** May be empty beside media, and may be anything a node sends. */
const LAXER = new Set(["send.message", "node.invoke.result.payloadJSON"]);

/** Values that fit, the plainest first. */
function values(schema: Schema): unknown[] {
  if (schema.const !== undefined) return [schema.const];
  if (schema.enum) return [...schema.enum];
  if (schema.anyOf) return schema.anyOf.flatMap(values);
  switch (schema.type) {
    case "string":
      return schema.minLength ? ["x"] : ["x", ""];
    case "integer":
    case "number":
      return [schema.minimum ?? 1, schema.maximum ?? 1_000];
    case "boolean":
      return [true, false];
    case "null":
      return [null];
    case "array":
      return [Array(schema.minItems ?? 1).fill(values(schema.items ?? {})[0]), ...(schema.minItems ? [] : [[]])];
    case "object":
      return [membersOf(schema, Object.keys(schema.properties ?? {}))];
    default:
      return ["any", { a: 1 }];
  }
}

function membersOf({ properties = {} }: Schema, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, values(properties[name] ?? {})[0]]));
}

/** Values that do not fit. */
function wrongValues(schema: Schema): unknown[] {
  const { type, minLength, minimum, maximum } = schema;
  if (type === undefined || type === "object") return [];
  return [
    ...(type === "array" ? ["x", {}] : [[[{}]]]),
    ...(minLength ? [""] : []),
    ...(minimum === undefined ? [] : [minimum - 1]),
    ...(maximum === undefined ? [] : [maximum + 1]),
  ];
}

test(
  "whatever fits the established parameters fits ours, and what does not is refused",
  { skip: !existsSync(LIST) && "the list of methods does not lie beside the repository" },
  async (t) => {
    const { methods } = JSON.parse(readFileSync(LIST, "utf8")) as { methods: readonly Method[] };
    const ours = new Map((await readCatalog(root)).methods.map((method) => [method.name, method]));
    const wrong: string[] = [];
    let cases = 0;

    for (const { name, paramsSchema } of methods) {
      const schema = ours.get(name)?.params;
      if (name === "connect" || !paramsSchema) continue;
      assert.ok(schema, `${name} is registered with parameters`);
      const check = createCheck(schema);
      const { properties = {}, required = [], additionalProperties } = paramsSchema;
      const least = membersOf(paramsSchema, required);
      const takes = (params: object) => {
        cases++;
        const problem = STRICTER.has(name) ? undefined : check(params);
        if (problem !== undefined) wrong.push(`${name} ${JSON.stringify(params)} is refused: ${problem}`);
      };
      const refuses = (params: object, what: string) => {
        cases++;
        if (!OWN_WORDS.has(name) && check(params) === undefined) wrong.push(`${name} takes it ${what}`);
      };

      takes(least);
      for (const key of required) refuses({ ...least, [key]: undefined }, `without ${key}`);
      if (additionalProperties === false) refuses({ ...least, __bogus: 1 }, "with an unknown member");
      for (const [key, property] of Object.entries(properties)) {
        for (const value of values(property)) takes({ ...least, [key]: value });
        if (LAXER.has(`${name}.${key}`)) continue;
        for (const value of wrongValues(property))
          refuses({ ...least, [key]: value }, `with ${key} ${JSON.stringify(value)}`);
      }
    }

    assert.deepEqual(wrong, []);
    assert.ok(cases > 500, `only ${cases} cases`);
    t.diagnostic(`${methods.length} methods, ${cases} cases`);
  },
);
