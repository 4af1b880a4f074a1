import { defineCommand } from "openclaw/plugin-sdk";
import type { ListedSandbox } from "../view.ts";
import { since } from "./since.ts";

/** `openclaw sandbox list` (cli.md §8). */
export default defineCommand({
  async run({ connect, print, table }) {
    const client = await connect();
    try {
      const answer = await client.request<{ sandboxes: ListedSandbox[] }>("sandbox.list", {});
      const rows = answer.sandboxes.map(({ name, scopeKey, image, state, inUse, outdated, usedAtMs }) => ({
        name,
        scope: scopeKey,
        image,
        state: inUse ? "in use" : state,
        used: since(usedAtMs, Date.now()),
        note: outdated === true ? "made with older settings" : "",
      }));
      const text =
        rows.length === 0 ? "no sandbox is there" : table(rows, ["name", "scope", "image", "state", "used", "note"]);
      print(answer, text);
    } finally {
      await client.close();
    }
  },
});
