import { defineCommand } from "openclaw/plugin-sdk";
import { answered } from "./answered.ts";

/** `openclaw devices reject <requestId>` (cli.md §7). */
export default defineCommand({
  async run({ args, connect, print }) {
    const client = await connect();
    try {
      const { requestId } = args;
      const answer = await answered(client.request<{ deviceId: string }>("device.pair.reject", { requestId }));
      print(answer, `rejected ${answer.deviceId}`);
    } finally {
      await client.close();
    }
  },
});
