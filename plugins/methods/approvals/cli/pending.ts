import { defineCommand } from "openclaw/plugin-sdk";
import type { ExecApproval } from "openclaw/plugin-sdk";

/** `openclaw approvals pending`: what waits for somebody's yes. */
export default defineCommand({
  async run({ connect, print, table }) {
    const client = await connect();
    try {
      const answer = await client.request<{ approvals: ExecApproval[] }>("exec.approval.list", {});
      const now = Date.now();
      const rows = answer.approvals.map(({ id, request, expiresAtMs }) => ({
        id,
        command: request.command,
        folder: request.cwd ?? "-",
        host: request.nodeId?.slice(0, 12) ?? request.host ?? "-",
        agent: request.agentId ?? "-",
        left: `${Math.max(0, Math.ceil((expiresAtMs - now) / 1_000))} s`,
      }));
      const columns = ["id", "command", "folder", "host", "agent", "left"];
      print(answer, rows.length > 0 ? table(rows, columns) : "no command waits for approval");
    } finally {
      await client.close();
    }
  },
});
