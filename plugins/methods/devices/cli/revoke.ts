import { defineCommand } from "openclaw/plugin-sdk";
import { pickDevice } from "./pick-device.ts";
import { TOKEN_OPTIONS, tokenOf } from "./token-options.ts";
import { answered } from "./answered.ts";

/** `openclaw devices revoke --device <id>` (cli.md §7). */
export default defineCommand({
  options: TOKEN_OPTIONS,
  async run({ args, connect, print }) {
    const { deviceId: named, role } = tokenOf(args);
    const client = await connect();
    try {
      const token = { deviceId: await pickDevice(client, named), role };
      const answer = await answered(client.request("device.token.revoke", token));
      print(answer, `revoked the ${token.role} token of ${token.deviceId}`);
    } finally {
      await client.close();
    }
  },
});
