import { defineCommand } from "openclaw/plugin-sdk";
import { PairingStore } from "../pairing-store.ts";
import type { PairingRequest } from "../pairing-store.ts";
import { withGatewayOrFiles } from "./pairing-place.ts";
import { age, cell, text } from "./text.ts";

interface Listed {
  readonly channel: string;
  readonly requests: readonly PairingRequest[];
}

/** `openclaw pairing list [channel]` (cli.md §6). Works without a gateway. */
export default defineCommand({
  options: { account: { type: "string", describe: "account of the channel" } },
  async run(context) {
    const { args, print, table, stateDir, config } = context;
    const channel = text(args["channel"]);
    const accountId = text(args["account"]);
    const params = { ...(channel !== undefined && { channel }), ...(accountId !== undefined && { accountId }) };
    const store = new PairingStore(stateDir);
    const answer = await withGatewayOrFiles<Listed | { readonly channels: readonly Listed[] }>(
      context,
      (client) => client.request("pairing.list", params),
      async () => {
        const ids = channel === undefined ? channelsOf(config.get<object>("channels")) : [channel];
        const listed = await Promise.all(
          ids.map(async (id) => ({ channel: id, requests: await store.list({ channel: id, accountId }) })),
        );
        return channel === undefined ? { channels: listed } : (listed[0] as Listed);
      },
    );
    const channels = "channels" in answer ? answer.channels : [answer];
    const rows = channels.flatMap(({ channel: id, requests }) => requests.map((request) => row(id, request)));
    print(
      answer,
      rows.length > 0 ? table(rows, ["channel", "account", "id", "name", "code", "age"]) : "nobody waits to be let in",
    );
  },
});

function row(channel: string, { id, code, createdAt, meta, accountId = "default" }: PairingRequest) {
  const name = cell(meta?.["name"] ?? meta?.["username"] ?? "", 30);
  return { channel, account: accountId, id: cell(id, 40), name, code, age: age(Date.parse(createdAt)) };
}

function channelsOf(section: object | undefined): string[] {
  return Object.keys(section ?? {}).filter((id) => id !== "defaults");
}
