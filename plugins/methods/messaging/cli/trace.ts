import { defineCommand } from "openclaw/plugin-sdk";
import { cell } from "./text.ts";

interface Trace {
  readonly id: string;
  readonly state: string;
  readonly explanation: string;
  readonly channel: string;
  readonly text: string;
  readonly from?: string;
  readonly to?: string;
  readonly timeline: readonly { readonly at: number; readonly event: string; readonly note?: string }[];
}

/** `openclaw trace <id>`: everything that happened to one message, and in words what became of it. */
export default defineCommand({
  async run({ args, connect, print, table }) {
    const client = await connect();
    try {
      const trace = await client.request<Trace>("trace.get", { id: String(args["id"]) });
      const who = trace.from === undefined ? `to ${trace.to}` : `from ${trace.from}`;
      const rows = trace.timeline.map(({ at, event, note = "" }) => ({ at: timeOf(at), event, note: cell(note, 120) }));
      const lines = [
        `${trace.id} on ${trace.channel} ${who}: ${trace.state}`,
        `"${cell(trace.text, 100)}"`,
        "",
        table(rows, ["at", "event", "note"]),
        "",
        trace.explanation,
      ];
      print(trace, lines.join("\n"));
    } finally {
      await client.close();
    }
  },
});

function timeOf(at: number): string {
  return new Date(at).toISOString().replace("T", " ").replace("Z", "");
}
