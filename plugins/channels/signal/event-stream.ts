import { serverEvents } from "openclaw/plugin-sdk";

/** The data of each event called `receive`, or not called anything, of the daemon's stream. */
export async function* receivedEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  for await (const { event, data } of serverEvents(chunks)) if (event === "message" || event === "receive") yield data;
}
