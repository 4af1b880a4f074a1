import { defineCommand } from "openclaw/plugin-sdk";

/** `openclaw devices reject <requestId>` (cli.md §7). */
export default defineCommand({
  async run({ args, connect, print }) {
    const client = await connect();
    try {
      const { requestId } = args;
      const answer = await client.request<{ deviceId: string }>("device.pair.reject", { requestId });
      print(answer, `rejected ${answer.deviceId}`);
    } finally {
      await client.close();
    }
  },
});
