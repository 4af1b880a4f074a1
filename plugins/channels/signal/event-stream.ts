/**
 * Server-sent events from chunks that are cut anywhere: fields with or without a blank behind the colon, any line end,
 * data of several lines. Yields the data of each event called `receive`; comments are signs of life and nothing else.
 */
export async function* receivedEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  let data: string[] = [];
  let name = "";
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    if (rest.length > MAX_LINE)
      throw new Error(`an event of signal-cli has a line of more than ${MAX_LINE} characters`);
    // A return at the end may be half of a line end.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() as string;
    for (const line of lines) {
      if (line === "") {
        if (data.length > 0 && (name === "" || name === "receive")) yield data.join("\n");
        [data, name] = [[], ""];
        continue;
      }
      const [, field = "", value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
      if (field === "data") data.push(value);
      else if (field === "event") name = value;
    }
  }
}

const MAX_LINE = 16 * 1_048_576;
