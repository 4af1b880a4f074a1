export type Fields = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text that says something, without white space around it. */
export function textOf(value: unknown, maxLength = 1_024): string | undefined {
  if (typeof value !== "string" || value.trim() === "") return undefined;
  return value.trim().slice(0, maxLength);
}

/** Texts of a list, or of one text; what is none is left out. */
export function textsOf(value: unknown, max = 50): string[] {
  const list = typeof value === "string" ? [value] : Array.isArray(value) ? (value as unknown[]) : [];
  return [...new Set(list.flatMap((item) => textOf(item, 200) ?? []))].slice(0, max);
}
