import { defineCommand } from "openclaw/plugin-sdk";

interface Listed {
  readonly sessions: readonly (Readonly<Record<string, unknown>> & { readonly key: string })[];
}

/** `openclaw sessions show <key>`: all that a list knows of one session. */
export default defineCommand({
  async run({ args, connect, print }) {
    const client = await connect();
    try {
      const { key } = await client.request<{ key: string }>("sessions.resolve", { key: args["key"] });
      const found = await client.request<Listed>("sessions.list", {
        search: key,
        includeGlobal: true,
        includeUnknown: true,
        includeDerivedTitles: true,
        includeLastMessage: true,
      });
      const row = found.sessions.find((one) => one.key === key) ?? { key };
      const lines = Object.entries(row).map(([name, value]) => `${name}: ${textOf(value)}`);
      print(row, lines.join("\n"));
    } finally {
      await client.close();
    }
  },
});

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
