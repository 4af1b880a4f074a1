import { defineCommand } from "openclaw/plugin-sdk";
import type { RotatedToken } from "openclaw/plugin-sdk";
import { pickDevice } from "./pick-device.ts";
import { TOKEN_OPTIONS, tokenOf } from "./token-options.ts";
import { answered } from "./answered.ts";

/** `openclaw devices rotate --device <id>` (cli.md §7): the one command that prints a device token. */
export default defineCommand({
  options: {
    ...TOKEN_OPTIONS,
    scope: { type: "array", describe: "scopes of the new token; by default those of the old one" },
  },
  async run({ args, connect, print }) {
    const { deviceId: named, role } = tokenOf(args);
    const scopes = args["scope"] as string[] | undefined;
    const client = await connect();
    try {
      const token = { deviceId: await pickDevice(client, named), role };
      const answer = await answered(
        client.request<RotatedToken>("device.token.rotate", { ...token, ...(scopes && { scopes }) }),
      );
      await client.keepToken(answer);
      print(answer, answer.token);
    } finally {
      await client.close();
    }
  },
});
