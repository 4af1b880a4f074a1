/** What a template can name. */
export interface TemplateValues {
  /** What was sent; its members can also be named without `payload.`. */
  readonly payload: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly path: string;
  readonly now: string;
  /** With `forEach`: this one of many, and which. */
  readonly item?: unknown;
  readonly index?: number;
}

const PLACE = /\{\{\s*([^{}]{1,200}?)\s*\}\}/g;
const STEP = /[^.[\]]+/g;
const MAX_CHARS = 100_000;
const ROOTS: ReadonlySet<string> = new Set(["payload", "headers", "query", "path", "now", "item", "index"]);

/** The template with what it names in place: nothing for what is not there, JSON for what is no plain value. */
export function rendered(template: string, values: TemplateValues): string {
  return template.replaceAll(PLACE, (_, path: string) => textOf(valueAt(path, values))).slice(0, MAX_CHARS);
}

export function hasPlaces(template: string): boolean {
  return template.search(PLACE) >= 0;
}

/** The value at a path such as `messages[0].from`. Own members only: no name reaches a prototype. */
export function valueAt(path: string, values: TemplateValues): unknown {
  const steps = path.match(STEP) ?? [];
  const [first = ""] = steps;
  let value: unknown = ROOTS.has(first) ? values : values.payload;
  for (const step of steps) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[step];
  }
  return steps.length === 0 ? undefined : value;
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  return typeof value === "object" ? JSON.stringify(value) : String(value as number | boolean);
}
