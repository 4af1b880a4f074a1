import { ConnectParams, ErrorFrame, EventFrame, HelloOkShape, RequestFrame, ResponseFrame } from "openclaw/plugin-sdk";
import type { Catalog } from "./catalog.ts";
import { typeName } from "./schema.ts";
import type { Definition, Schema } from "./schema.ts";

const FRAMES = { ConnectParams, ErrorFrame, EventFrame, HelloOk: HelloOkShape, RequestFrame, ResponseFrame };

/** Every named type of the protocol, in one fixed order: the frames, then methods and events by name. */
export function definitions({ methods, events }: Catalog): Definition[] {
  const frames = Object.entries(FRAMES).map(([name, schema]) => definition(name, schema, "Of every connection."));
  const ofMethods = methods.flatMap(({ name, params, result }) => [
    ...(params ? [definition(typeName(name, "Params"), params, `Parameters of \`${name}\`.`)] : []),
    ...(result ? [definition(typeName(name, "Result"), result, `Answer of \`${name}\`.`)] : []),
  ]);
  const ofEvents = events.flatMap(({ name, payload }) =>
    payload ? [definition(typeName(name, "Event"), payload, `Payload of the event \`${name}\`.`)] : [],
  );
  const all = [...frames, ...ofMethods, ...ofEvents];
  const names = all.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`two things of the protocol would be called ${twice}; rename one`);
  return all;
}

/** Without what TypeBox keeps beside the schema. */
function definition(name: string, schema: object, about: string): Definition {
  return { name, about, schema: JSON.parse(JSON.stringify(schema)) as Schema };
}
