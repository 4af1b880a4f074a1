import { defineCommand } from "openclaw/plugin-sdk";
import type { DevicePairRequest, PairedDevice } from "openclaw/plugin-sdk";
import { pairedRow, pendingRow } from "./rows.ts";

interface Devices {
  readonly pending: readonly DevicePairRequest[];
  readonly paired: readonly PairedDevice[];
}

/** `openclaw devices list` (cli.md §7). */
export default defineCommand({
  async run({ connect, print, table }) {
    const client = await connect();
    try {
      const devices = await client.request<Devices>("device.pair.list", {});
      const now = Date.now();
      const pending = devices.pending.map((request) => pendingRow(request, now));
      const paired = devices.paired.map((device) => pairedRow(device, now));
      const parts = [
        ...(pending.length > 0
          ? [
              `Waiting (${pending.length}): openclaw devices approve <request>`,
              table(pending, ["request", "device", "role", "scopes", "from", "age", "note"]),
              "",
            ]
          : []),
        paired.length > 0 ? `Paired (${paired.length})` : "no device is paired",
        ...(paired.length > 0 ? [table(paired, ["device", "name", "roles", "scopes", "tokens", "seen"])] : []),
      ];
      print(devices, parts.join("\n"));
    } finally {
      await client.close();
    }
  },
});
