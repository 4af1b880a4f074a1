import { badRequest } from "./api-error.ts";

type Body = Readonly<Record<string, unknown>>;

/** The fields of a request, each read as what it has to be. `null` counts as absent: clients send it for "not set". */
export class Fields {
  readonly #body: Body;
  readonly #path: string;

  /** `path` is where the object stands in the request, such as `tools[0]`. */
  constructor(body: unknown, path = "") {
    if (typeof body !== "object" || body === null || Array.isArray(body))
      throw badRequest(`${path}: has to be an object`, path);
    this.#body = body as Body;
    this.#path = path;
  }

  /** The full name of a field, for errors. */
  name(field: string): string {
    return this.#path === "" ? field : `${this.#path}.${field}`;
  }

  value(field: string): unknown {
    const value = Object.hasOwn(this.#body, field) ? this.#body[field] : undefined;
    return value === null ? undefined : value;
  }

  text(field: string, maxChars = Infinity): string | undefined {
    const value = this.value(field);
    if (value === undefined) return undefined;
    if (typeof value !== "string") throw this.wrong(field, "has to be a string");
    if (value.length > maxChars) throw this.wrong(field, `is longer than ${maxChars} characters`);
    return value;
  }

  needText(field: string, maxChars = Infinity): string {
    const text = this.text(field, maxChars);
    if (text === undefined || text === "") throw this.wrong(field, "is missing");
    return text;
  }

  flag(field: string): boolean | undefined {
    const value = this.value(field);
    if (value !== undefined && typeof value !== "boolean") throw this.wrong(field, "has to be true or false");
    return value;
  }

  number(field: string, { min = -Infinity, max = Infinity, whole = false } = {}): number | undefined {
    const value = this.value(field);
    if (value === undefined) return undefined;
    if (typeof value !== "number" || !Number.isFinite(value) || (whole && !Number.isInteger(value)))
      throw this.wrong(field, `has to be a ${whole ? "whole " : ""}number`);
    if (value >= min && value <= max) return value;
    throw this.wrong(field, max === Infinity ? `has to be at least ${min}` : `has to be from ${min} to ${max}`);
  }

  list(field: string, maxItems = Infinity): readonly unknown[] | undefined {
    const value = this.value(field);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) throw this.wrong(field, "has to be a list");
    if (value.length > maxItems) throw this.wrong(field, `has more than ${maxItems} items`);
    return value;
  }

  oneOf<T extends string>(field: string, words: readonly T[]): T | undefined {
    const value = this.text(field);
    if (value === undefined) return undefined;
    const found = words.find((word) => word === value);
    if (found === undefined) throw this.wrong(field, `has to be one of ${words.join(", ")}`);
    return found;
  }

  object(field: string): Fields | undefined {
    const value = this.value(field);
    return value === undefined ? undefined : new Fields(value, this.name(field));
  }

  /** The refusal of a field, as `<path>: <reason>`. */
  wrong(field: string, reason: string): Error {
    const name = this.name(field);
    return badRequest(`${name}: ${reason}`, name);
  }
}
