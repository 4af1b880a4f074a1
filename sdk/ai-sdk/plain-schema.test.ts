import assert from "node:assert/strict";
import { test } from "node:test";
import { plainSchema } from "./plain-schema.ts";

test("a union at the root becomes one object; only what all members require stays required", () => {
  const schema = {
    description: "either",
    anyOf: [
      {
        type: "object",
        properties: { action: { const: "send" }, text: { type: "string" } },
        required: ["action", "text"],
      },
      { type: "object", properties: { action: { const: "list" }, limit: { type: "integer" } }, required: ["action"] },
    ],
  };

  assert.deepEqual(plainSchema(schema), {
    description: "either",
    type: "object",
    properties: {
      action: { type: "string", enum: ["send", "list"] },
      text: { type: "string" },
      limit: { type: "integer" },
    },
    required: ["action"],
  });
});

test("a union of constants becomes an enum, at any depth", () => {
  const level = { anyOf: [{ const: "low" }, { const: "high" }], description: "how much" };
  const schema = {
    type: "object",
    properties: {
      level,
      many: { type: "array", items: level },
      mixed: { anyOf: [{ type: "string" }, { type: "null" }] },
    },
  };
  const plain = { type: "string", enum: ["low", "high"], description: "how much" };

  assert.deepEqual(plainSchema(schema), {
    type: "object",
    properties: {
      level: plain,
      many: { type: "array", items: plain },
      mixed: { anyOf: [{ type: "string" }, { type: "null" }] },
    },
  });
});

test("a plain schema stays as it is, and the given one is not changed", () => {
  const schema = Object.freeze({ type: "object", properties: { a: { type: "string" } }, required: ["a"] });

  assert.deepEqual(plainSchema(schema), schema);
});
