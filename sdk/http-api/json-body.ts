import type { HttpExchange } from "../http.ts";
import { badRequest } from "./api-error.ts";

const MAX_DEPTH = 64;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** The body as JSON; an empty one is `{}`. Refuses what is no JSON, too deep, or would reach a prototype. */
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
  try {
    const text = utf8.decode(bytes);
    return text.trim() === "" ? {} : JSON.parse(text);
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : "it is not UTF-8";
    throw badRequest(`the body is no JSON: ${reason}`);
  }
}

/** Without recursion: a body can be deeper than the stack. */
function check(root: object): void {
  let level: object[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw badRequest(`the body is nested more than ${MAX_DEPTH} levels deep`);
    const below: object[] = [];
    for (const value of level) {
      if (Object.hasOwn(value, "__proto__")) throw badRequest("the body has a key __proto__");
      for (const member of Object.values(value) as unknown[])
        if (typeof member === "object" && member !== null) below.push(member);
    }
    level = below;
  }
}
