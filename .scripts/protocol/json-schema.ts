import { PROTOCOL_VERSION } from "openclaw/plugin-sdk";
import type { Catalog } from "./catalog.ts";
import { typeName } from "./schema.ts";
import type { Definition } from "./schema.ts";

/** One document: frames at its root, every named type below `definitions`, and which method or event uses which. */
export function jsonSchema({ methods, events }: Catalog, all: readonly Definition[]): string {
  const ref = (name: string) => ({ $ref: `#/definitions/${name}` });
  const document = {
    $schema: "http://json-schema.org/draft-07/schema#",
    $comment: "Made by npm run protocol:gen from what the stock plugins register. Do not edit.",
    title: "openclaw gateway protocol",
    protocolVersion: PROTOCOL_VERSION,
    anyOf: ["RequestFrame", "ResponseFrame", "EventFrame"].map(ref),
    methods: Object.fromEntries(
      methods.map(({ name, plugin, scope, effect, idempotent, params, result }) => [
        name,
        {
          plugin,
          scope,
          effect: effect ?? defaultEffect(scope),
          ...(idempotent && { idempotent }),
          ...(params && { params: ref(typeName(name, "Params")) }),
          ...(result && { result: ref(typeName(name, "Result")) }),
        },
      ]),
    ),
    events: Object.fromEntries(
      events.map(({ name, plugin, scope, droppable, payload }) => [
        name,
        {
          plugin,
          ...(scope && { scope }),
          ...(droppable && { droppable }),
          ...(payload && { payload: ref(typeName(name, "Event")) }),
        },
      ]),
    ),
    definitions: Object.fromEntries(all.map(({ name, about, schema }) => [name, { description: about, ...schema }])),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function defaultEffect(scope: string): string {
  if (scope === "operator.read") return "read";
  return scope === "operator.admin" ? "admin" : "write";
}
