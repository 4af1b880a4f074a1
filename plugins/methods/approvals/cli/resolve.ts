import { APPROVAL_DECISIONS, CliError, defineCommand } from "openclaw/plugin-sdk";
import type { ExecApproval, GatewayClient } from "openclaw/plugin-sdk";
import { usage } from "./host.ts";

const SHORTEST_PREFIX = 8;

/** `openclaw approvals resolve`: say yes or no to one command. */
export default defineCommand({
  async run({ args, connect, print }) {
    const decision = String(args["decision"]);
    if (!(APPROVAL_DECISIONS as readonly string[]).includes(decision)) {
      throw usage(`the decision is ${APPROVAL_DECISIONS.join(", ")}, not "${decision}"`);
    }
    const client = await connect();
    try {
      const { id, request } = await findPending(client, String(args["id"]));
      await client.request("exec.approval.resolve", { id, decision });
      print({ id, decision, command: request.command }, `${decision}: ${request.command}`);
    } finally {
      await client.close();
    }
  },
});

/** The one with this id, or with an id that begins so. */
async function findPending(client: GatewayClient, wanted: string): Promise<ExecApproval> {
  const { approvals } = await client.request<{ approvals: ExecApproval[] }>("exec.approval.list", {});
  const exact = approvals.find(({ id }) => id === wanted);
  const alike = approvals.filter(({ id }) => wanted.length >= SHORTEST_PREFIX && id.startsWith(wanted));
  const found = exact ?? (alike.length === 1 ? alike[0] : undefined);
  if (found) return found;
  throw new CliError(`no approval "${wanted}" waits`, { code: "NOT_FOUND", hint: "openclaw approvals pending" });
}
