import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compileSchema } from "openclaw/plugin-sdk";

interface Document {
  readonly methods: Readonly<Record<string, { readonly result?: { readonly $ref: string } }>>;
  readonly events: Readonly<Record<string, { readonly payload?: { readonly $ref: string } }>>;
  readonly definitions: Readonly<Record<string, object>>;
}

let known: Document | undefined;

/** In what this answer is not what docs/protocol promises of its method; `undefined` when it is, or nothing is promised. */
export function brokenAnswer(method: string, payload: unknown): string | undefined {
  const { methods } = promised();
  const of = Object.hasOwn(methods, method) ? methods[method]?.result : undefined;
  return broken(`result of ${method}`, of, payload);
}

/** The same of the payload of an event. */
export function brokenEvent(name: string, payload: unknown): string | undefined {
  const { events } = promised();
  const of = Object.hasOwn(events, name) ? events[name]?.payload : undefined;
  return broken(`event ${name}`, of, payload);
}

/** In what an accepted login was answered other than established clients decode it. */
export function brokenHello(payload: unknown): string | undefined {
  return broken("answer to connect", { $ref: "#/definitions/HelloOk" }, payload);
}

function promised(): Document {
  const path = join(import.meta.dirname, "..", "..", "docs", "protocol", "protocol.schema.json");
  return (known ??= JSON.parse(readFileSync(path, "utf8")) as Document);
}

function broken(what: string, of: { readonly $ref: string } | undefined, payload: unknown): string | undefined {
  const schema = of && promised().definitions[of.$ref.replace("#/definitions/", "")];
  if (!schema) return undefined;
  const fits = compileSchema(schema);
  if (fits(payload)) return undefined;
  const [first] = fits.errors ?? [];
  return `${what} breaks its schema: ${first?.instancePath || "at root"} ${first?.message}`;
}
