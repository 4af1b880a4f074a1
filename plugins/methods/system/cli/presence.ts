import { defineCommand } from "openclaw/plugin-sdk";
import type { PresenceEntry } from "../presence-entry.ts";
import { duration } from "./words.ts";

/** `openclaw presence`, `openclaw system presence` (cli.md §3): who is connected, or was a moment ago. */
export default defineCommand({
  async run({ connect, print, table }) {
    const client = await connect();
    try {
      const entries = await client.request<readonly PresenceEntry[]>("system-presence");
      const now = Date.now();
      const rows = entries.map(({ host, ip, mode, version, reason, ts, text }) => ({
        host: host ?? text ?? "",
        ip: ip ?? "",
        mode: mode ?? "",
        version: version ?? "",
        reason: reason ?? "",
        age: duration(Math.max(0, now - ts)),
      }));
      print(entries, table(rows, ["host", "ip", "mode", "version", "reason", "age"]));
    } finally {
      await client.close();
    }
  },
});
