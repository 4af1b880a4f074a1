import { defineCommand } from "openclaw/plugin-sdk";
import { age, cell, text } from "./text.ts";

interface Out {
  readonly id: string;
  readonly state: string;
  readonly channel: string;
  readonly to: string;
  readonly attempts: number;
  readonly createdAt: number;
  readonly reason?: string;
}

interface In {
  readonly id: string;
  readonly state: string;
  readonly channel: string;
  readonly from: string;
  readonly attempts: number;
  readonly acceptedAt: number;
  readonly reason?: string;
  readonly deferred?: boolean;
}

interface Queue {
  readonly counts: Readonly<Record<string, number>>;
  readonly out: readonly Out[];
  readonly in: readonly In[];
}

/** `openclaw queue list`: what has not come to a good end, in either direction. */
export default defineCommand({
  options: {
    state: {
      type: "string",
      describe: "only deliveries in this state",
      choices: ["pending", "attempting", "unknown", "dead", "expired", "dropped", "sent"],
    },
    channel: { type: "string", describe: "only this channel" },
    limit: { type: "number", describe: "how many rows at most; 100 by default" },
  },
  async run({ args, connect, print, table }) {
    const client = await connect();
    try {
      const state = text(args["state"]);
      const channel = text(args["channel"]);
      const limit = args["limit"];
      const queue = await client.request<Queue>("queue.list", {
        ...(state !== undefined && { state }),
        ...(channel !== undefined && { channel }),
        ...(limit !== undefined && { limit }),
      });
      const rows = [...queue.in.map(incoming), ...queue.out.map(outgoing)];
      const counts = Object.entries(state === undefined ? queue.counts : {}).filter(([, count]) => count > 0);
      const line = counts.map(([name, count]) => `${count} ${name}`).join(", ");
      const shown =
        rows.length > 0 ? table(rows, ["id", "way", "state", "channel", "who", "tries", "age", "reason"]) : "";
      print(queue, rows.length > 0 ? `${line === "" ? "" : `${line}\n`}${shown}` : "nothing waits and nothing failed");
    } finally {
      await client.close();
    }
  },
});

function outgoing({ id, state, channel, to, attempts, createdAt, reason = "" }: Out) {
  const who = cell(to, 30);
  return { id, way: "out", state, channel, who, tries: String(attempts), age: age(createdAt), reason: cell(reason) };
}

function incoming({ id, state, channel, from, attempts, acceptedAt, reason = "", deferred }: In) {
  const who = cell(from, 30);
  const shown = deferred ? `${state} (deferred)` : state;
  return {
    id,
    way: "in",
    state: shown,
    channel,
    who,
    tries: String(attempts),
    age: age(acceptedAt),
    reason: cell(reason),
  };
}
