import type { HttpExchange } from "../http.ts";
import { badRequest } from "./api-error.ts";

const MAX_DEPTH = 64;
const MAX_VALUES = 200_000;
const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** The body as JSON; an empty one is `{}`. Refuses what is no JSON, too deep, of too many values, or would reach a prototype. */
export async function readJson({ body }: Pick<HttpExchange, "body">): Promise<unknown> {
  const value = parse(await body());
  if (typeof value === "object" && value !== null) check(value);
  return value;
}

/** As {@link readJson}; what is no object is refused. */
export async function readJsonObject(exchange: Pick<HttpExchange, "body">): Promise<Readonly<Record<string, unknown>>> {
  const value = await readJson(exchange);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw badRequest("the body has to be a JSON object");
}

function parse(bytes: Buffer): unknown {
  if (bytes.length === 0) return {};
  assertModest(bytes);
  try {
    const text = utf8.decode(bytes);
    return text.trim() === "" ? {} : JSON.parse(text);
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : "it is not UTF-8";
    throw badRequest(`the body is no JSON: ${reason}`);
  }
}

/** Before anything is built: a body of brackets takes fifty times its length in memory, and seconds of everybody's time. */
function assertModest(bytes: Buffer): void {
  let depth = 0;
  let values = 0;
  for (let at = 0; at < bytes.length; at++) {
    switch (bytes[at]) {
      case QUOTE:
        at = endOfText(bytes, at);
        break;
      case OPEN_OBJECT:
      case OPEN_LIST:
        values++;
        if (++depth > MAX_DEPTH) throw badRequest(`the body is nested more than ${MAX_DEPTH} levels deep`);
        break;
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        depth--;
        break;
      case COMMA:
        values++;
    }
    if (values > MAX_VALUES) throw badRequest(`the body has more than ${MAX_VALUES} values`);
  }
}

function endOfText(bytes: Buffer, start: number): number {
  for (let at = start + 1; at < bytes.length; at++) {
    if (bytes[at] === BACKSLASH) at++;
    else if (bytes[at] === QUOTE) return at;
  }
  return bytes.length;
}

function check(root: object): void {
  let level: object[] = [root];
  while (level.length > 0) {
    const below: object[] = [];
    for (const value of level) {
      if (Object.hasOwn(value, "__proto__")) throw badRequest("the body has a key __proto__");
      for (const member of Object.values(value) as unknown[])
        if (typeof member === "object" && member !== null) below.push(member);
    }
    level = below;
  }
}
