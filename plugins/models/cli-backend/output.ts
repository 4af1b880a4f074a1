import type { Backend } from "./backend.ts";

export interface Answer {
  readonly text: string;
  readonly sessionId: string | undefined;
  readonly usage: {
    readonly input: number;
    readonly output: number;
    readonly cacheRead: number;
    readonly cacheWrite: number;
  };
  /** What the command says went wrong. */
  readonly error: string | undefined;
}

type Json = Readonly<Record<string, unknown>>;

const TEXT_FIELDS = ["result", "response", "text", "content", "output", "message"];
const MAX_LINE = 4_000_000;

/** Reads what a command prints, in the format that its backend names. */
export class OutputReader {
  readonly #format: Backend["output"];
  readonly #idFields: readonly string[];
  #rest = "";
  #texts: string[] = [];
  #streamed = "";
  #result: string | undefined;
  #sessionId: string | undefined;
  #usage: Json | undefined;
  #error: string | undefined;

  constructor(format: Backend["output"], idFields: readonly string[]) {
    this.#format = format;
    this.#idFields = idFields;
  }

  /** Text that can be shown already. */
  feed(chunk: string): string {
    this.#rest += chunk;
    if (this.#format !== "jsonl") return "";
    let shown = "";
    for (let end = this.#rest.indexOf("\n"); end >= 0; end = this.#rest.indexOf("\n")) {
      shown += this.#line(this.#rest.slice(0, end));
      this.#rest = this.#rest.slice(end + 1);
    }
    if (this.#rest.length > MAX_LINE) this.#rest = "";
    return shown;
  }

  /** The whole answer, once the command has ended. */
  end(): Answer {
    if (this.#format === "text") this.#result = this.#rest.trim();
    else if (this.#format === "json") this.#document(this.#rest);
    else this.#line(this.#rest);
    return {
      text: (this.#result ?? (this.#texts.length > 0 ? this.#texts.join("\n\n") : this.#streamed)).trim(),
      sessionId: this.#sessionId,
      usage: usageOf(this.#usage ?? {}),
      error: this.#error,
    };
  }

  #document(text: string): void {
    const value = parse(text);
    if (value === undefined) {
      // Some commands print a warning first.
      const start = text.indexOf("{");
      const later = start > 0 ? parse(text.slice(start)) : undefined;
      if (isRecord(later)) this.#event(later);
      else if (/^[[{]/.test(text.trim())) this.#error = "the command printed JSON that breaks off or cannot be read";
      else this.#result = text.trim();
      return;
    }
    for (const one of Array.isArray(value) ? value : [value]) if (isRecord(one)) this.#event(one);
    if (this.#result === undefined && !Array.isArray(value)) this.#result = textIn(value);
  }

  #line(line: string): string {
    const value = line.trim() === "" ? undefined : parse(line);
    return isRecord(value) ? this.#event(value) : "";
  }

  /** One event of either of the two dialects that commands have; returns new text. */
  #event(event: Json): string {
    for (const field of this.#idFields) if (typeof event[field] === "string") this.#sessionId ??= event[field];
    const message = event["message"] as Json | undefined;
    const usage = (event["usage"] ?? (typeof message === "object" ? message?.["usage"] : undefined)) as
      | Json
      | undefined;
    if (typeof usage === "object" && usage !== null) this.#usage = usage;
    const type = String(event["type"] ?? "");
    if (event["is_error"] === true || type === "error" || type === "turn.failed") {
      this.#error = textIn(event["error"] ?? event) ?? "the command reports an error";
      return "";
    }
    if (type === "result") {
      this.#result = textIn(event["result"]) ?? this.#result;
      return "";
    }
    if (type === "stream_event") return this.#delta(event["event"] as Json);
    const said =
      type === "assistant" ? textIn(message) : type === "item.completed" ? itemText(event["item"]) : undefined;
    if (said === undefined || said === "") return "";
    this.#texts.push(said);
    // What came in pieces before has been shown.
    return this.#streamed === "" ? (this.#texts.length > 1 ? `\n\n${said}` : said) : "";
  }

  #delta(event: Json | undefined): string {
    const delta = event?.["delta"] as Json | undefined;
    if (event?.["type"] !== "content_block_delta" || typeof delta?.["text"] !== "string") return "";
    this.#streamed += delta["text"];
    return delta["text"];
  }
}

function itemText(item: unknown): string | undefined {
  const { type, item_type: kind } = (item ?? {}) as Json;
  return /^(?:agent|assistant)_message$/.test(String(type ?? kind)) ? textIn(item) : undefined;
}

/** The text in what may be a text, a list of blocks, or an object around one of them. */
function textIn(value: unknown, depth = 0): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null || depth > 4) return undefined;
  if (Array.isArray(value)) {
    const texts = value.map((one) => textIn(one, depth + 1)).filter((one) => one !== undefined);
    return texts.length > 0 ? texts.join("\n") : undefined;
  }
  if ((value as Json)["type"] === "tool_use") return undefined;
  for (const field of TEXT_FIELDS) {
    const found = textIn((value as Json)[field], depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The two ways to count: cached tokens beside the others, or among them. */
function usageOf(usage: Json): Answer["usage"] {
  const count = (...names: string[]) => {
    const found = names.map((name) => usage[name]).find((value) => typeof value === "number");
    return typeof found === "number" ? found : 0;
  };
  const among = count("cached_input_tokens");
  return {
    input: Math.max(count("input_tokens", "inputTokens") - among, 0),
    output: count("output_tokens", "outputTokens"),
    cacheRead: among || count("cache_read_input_tokens", "cacheRead"),
    cacheWrite: count("cache_creation_input_tokens", "cacheWrite"),
  };
}

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
