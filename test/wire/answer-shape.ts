import { join } from "node:path";
import { compileSchema } from "openclaw/plugin-sdk";
import { readCatalog } from "../../.scripts/protocol/catalog.ts";

const { methods, events } = await readCatalog(join(import.meta.dirname, "..", ".."));

const SCHEMAS: ReadonlyMap<string, object> = new Map([
  ...methods.flatMap(({ name, result }) => (result ? [[`result of ${name}`, result] as const] : [])),
  ...events.flatMap(({ name, payload }) => (payload ? [[`event ${name}`, payload] as const] : [])),
]);

/** In what this answer is not what its method promises; `undefined` when it is, or when nothing is promised. */
export function brokenAnswer(method: string, payload: unknown): string | undefined {
  return broken(`result of ${method}`, payload);
}

/** The same of the payload of an event. */
export function brokenEvent(name: string, payload: unknown): string | undefined {
  return broken(`event ${name}`, payload);
}

function broken(what: string, payload: unknown): string | undefined {
  const schema = SCHEMAS.get(what);
  if (!schema) return undefined;
  const fits = compileSchema(schema);
  if (fits(payload)) return undefined;
  const [first] = fits.errors ?? [];
  return `${what} breaks its schema: ${first?.instancePath || "at root"} ${first?.message}`;
}
