import { defineCommand } from "openclaw/plugin-sdk";

/** `openclaw queue show <id>`: the whole record. */
export default defineCommand({
  async run({ args, connect, print }) {
    const client = await connect();
    try {
      const shown = await client.request<object>("queue.show", { id: String(args["id"]) });
      print(shown, JSON.stringify(shown, null, 2));
    } finally {
      await client.close();
    }
  },
});
