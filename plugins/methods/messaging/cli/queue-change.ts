import { defineCommand } from "openclaw/plugin-sdk";
import type { CliCommand } from "openclaw/plugin-sdk";

interface Changed {
  readonly id: string;
  readonly state: string;
}

/** A command that changes one record of the queue. */
export function queueChange(method: "queue.retry" | "queue.drop", done: (changed: Changed) => string): CliCommand {
  return defineCommand({
    async run({ args, connect, print }) {
      const client = await connect();
      try {
        const changed = await client.request<Changed>(method, { id: String(args["id"]) });
        print(changed, done(changed));
      } finally {
        await client.close();
      }
    },
  });
}
