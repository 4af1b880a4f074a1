import { CliError, defineCommand } from "openclaw/plugin-sdk";

interface Previews {
  readonly previews: readonly {
    readonly status: string;
    readonly items: readonly { readonly role: string; readonly text: string }[];
  }[];
}

/** `openclaw sessions preview <key>`: its newest messages, in short. */
export default defineCommand({
  options: { limit: { type: "number", describe: "at most so many messages", default: 12 } },
  async run({ args, connect, print }) {
    const client = await connect();
    try {
      const { previews } = await client.request<Previews>("sessions.preview", {
        keys: [args["key"]],
        limit: args["limit"],
      });
      const [preview] = previews;
      if (!preview || preview.status === "missing" || preview.status === "error") {
        throw new CliError(`no session ${String(args["key"])}; see openclaw sessions`, { code: "NOT_FOUND" });
      }
      print(preview, preview.items.map(({ role, text }) => `${role}: ${text}`).join("\n"));
    } finally {
      await client.close();
    }
  },
});
