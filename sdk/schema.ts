import { Type } from "@sinclair/typebox";
import type { TLiteral, TObject, TProperties, TUnion } from "@sinclair/typebox";

export { Type };
export type { Static, TSchema } from "@sinclair/typebox";

type Literals<T extends readonly string[]> = T extends readonly [
  infer Head extends string,
  ...infer Tail extends readonly string[],
]
  ? [TLiteral<Head>, ...Literals<Tail>]
  : [];

/** One of `values`. A union of constants, which is what the established validation texts describe. */
export function oneOf<const T extends readonly string[]>(values: T): TUnion<Literals<T>> {
  // Literals<T> maps the tuple one to one; TypeScript cannot follow it through map().
  return Type.Union(values.map((value) => Type.Literal(value))) as unknown as TUnion<Literals<T>>;
}

/** A closed object: keys that are not listed are refused. */
export function closed<T extends TProperties>(properties: T): TObject<T> {
  return Type.Object(properties, { additionalProperties: false });
}

export const NonEmptyString = Type.String({ minLength: 1 });

/** Kept for a day, and repeated as the id of its run in every event of it: so it is short. */
export const IdempotencyKey = Type.String({ minLength: 1, maxLength: 256 });
