import JSON5 from "json5";
import { GatewayError } from "openclaw/plugin-sdk";
import type { Edit } from "./edit.ts";

type Fields = Readonly<Record<string, unknown>>;

const PLAIN = /^[A-Za-z0-9_-]+$/;

/** The values that a JSON merge patch sets and takes away. */
export function editOfPatch(raw: string): Edit {
  const edit = new Map<string, unknown>();
  patched(fieldsOf(raw), "", edit);
  return edit;
}

/** The values that make `before` the configuration that `raw` is. Lists are taken whole. */
export function editOfWhole(raw: string, before: unknown): Edit {
  const edit = new Map<string, unknown>();
  replaced(isFields(before) ? before : {}, fieldsOf(raw), "", edit);
  return edit;
}

function patched(fields: Fields, path: string, edit: Map<string, unknown>): void {
  for (const [key, value] of Object.entries(fields)) {
    const at = below(path, key);
    if (value === null) edit.set(at, undefined);
    else if (isFields(value) && Object.keys(value).length > 0) patched(value, at, edit);
    else edit.set(at, value);
  }
}

function replaced(before: Fields, after: Fields, path: string, edit: Map<string, unknown>): void {
  for (const [key, value] of Object.entries(after)) {
    const old = before[key];
    if (isFields(old) && isFields(value)) replaced(old, value, below(path, key), edit);
    else if (JSON.stringify(old) !== JSON.stringify(value)) edit.set(below(path, key), value);
  }
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) edit.set(below(path, key), undefined);
}

function below(path: string, key: string): string {
  if (!PLAIN.test(key)) return `${path}["${key}"]`;
  return path === "" ? key : `${path}.${key}`;
}

function fieldsOf(raw: string): Fields {
  let value: unknown;
  try {
    value = JSON5.parse(raw);
  } catch (error) {
    throw new GatewayError("INVALID_REQUEST", `raw is no JSON5: ${(error as Error).message}`, { cause: error });
  }
  if (!isFields(value)) throw new GatewayError("INVALID_REQUEST", "raw has to be an object of the configuration");
  return value;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
