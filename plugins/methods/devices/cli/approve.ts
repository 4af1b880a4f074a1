import { defineCommand } from "openclaw/plugin-sdk";
import type { PairedDevice } from "openclaw/plugin-sdk";
import { answered } from "./answered.ts";

/** `openclaw devices approve <requestId>` (cli.md §7). */
export default defineCommand({
  async run({ args, connect, print }) {
    const client = await connect();
    try {
      const { requestId } = args;
      const answer = await answered(client.request<{ device: PairedDevice }>("device.pair.approve", { requestId }));
      const { deviceId, roles, scopes } = answer.device;
      const rights = [...roles, ...scopes].join(", ");
      print(answer, `approved ${deviceId}: ${rights}`);
    } finally {
      await client.close();
    }
  },
});
