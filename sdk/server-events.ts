const MAX_LINE = 16 * 1_048_576;

export interface ServerEvent {
  /** `message` when the server does not name it. */
  readonly event: string;
  readonly data: string;
}

/**
 * Server-sent events from chunks that are cut anywhere: fields with or without a blank behind the colon, any line end,
 * data of several lines. Comments are signs of life and nothing else. Throws for a line of more than 16 MiB.
 */
export async function* serverEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder();
  let rest = "";
  let data: string[] = [];
  let event = "";
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    if (rest.length > MAX_LINE) throw new Error(`an event has a line of more than ${MAX_LINE} characters`);
    // A return at the end may be half of a line end.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() as string;
    for (const line of lines) {
      if (line === "") {
        if (data.length > 0) yield { event: event === "" ? "message" : event, data: data.join("\n") };
        [data, event] = [[], ""];
        continue;
      }
      const [, field = "", value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
      if (field === "data") data.push(value);
      else if (field === "event") event = value;
    }
  }
}
