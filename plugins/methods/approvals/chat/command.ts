import { APPROVAL_DECISIONS, GatewayError, hasScope, Messaging } from "openclaw/plugin-sdk";
import type { ApprovalDecision, CommandCall, ExecApproval, MessagingApi, PluginGateway } from "openclaw/plugin-sdk";
import type { Desk } from "../desk.ts";
import type { Requester } from "../requester.ts";
import { approversOf } from "./settings.ts";

const USE = "Use /approve <id> allow-once, allow-always or deny.";
/** Shorter beginnings of ids name too many. */
const SHORTEST = 8;

/** `/approve <id> <decision>`: says yes or no to a command, for those whom a list of approvers names. */
export function registerApprove(gateway: PluginGateway, desk: Desk, messaging: MessagingApi): void {
  const options = { description: "say yes or no to a command that waits for it", acceptsArgs: true, yields: true };
  gateway.hooks
    .of(Messaging)
    .command.for("approve")
    .tap(options, async (call) => ({ text: await approve(call, { gateway, desk, messaging }), format: "plain" }));
}

interface ApproveParts {
  readonly gateway: PluginGateway;
  readonly desk: Desk;
  readonly messaging: MessagingApi;
}

async function approve({ args, work }: CommandCall, { gateway, desk, messaging }: ApproveParts): Promise<string> {
  const { envelope } = work;
  const { channel, accountId, sender, sessionKey } = envelope;
  const isClient = sessionKey !== undefined;
  const mayApprove = isClient
    ? hasScope(envelope, "operator.approvals")
    : await messaging.isNamed(approversOf(gateway.settings, channel, accountId), envelope);
  if (!mayApprove) {
    return isClient
      ? "Only clients with the scope operator.approvals may approve."
      : `Only approvers may do that; approvals.exec.approvers.${channel} does not name ${sender.id}.`;
  }
  const [wanted = "", word = "", ...more] = args.split(/\s+/);
  if (!isDecision(word) || more.length > 0) return USE;
  const approval = find(desk.pending(), wanted);
  if (!approval) return `No approval "${wanted}" waits: it was decided, or its time is over.`;
  try {
    await desk.resolve(approval.id, word, sender.name ?? sender.id, isClient ? clientWithId(sender.id) : undefined);
  } catch (error) {
    if (error instanceof GatewayError) return `Not decided: ${error.message}.`;
    throw error;
  }
  return `${word}: ${approval.request.command}`;
}

function find(pending: readonly ExecApproval[], wanted: string): ExecApproval | undefined {
  const exact = pending.find(({ id }) => id === wanted);
  const alike = pending.filter(({ id }) => wanted.length >= SHORTEST && id.startsWith(wanted));
  return exact ?? (alike.length === 1 ? alike[0] : undefined);
}

/** A client as its chat messages tell of it: by its device, else by what it calls itself. */
function clientWithId(id: string): Requester {
  const identities = [`device:${id}`, `client:[${JSON.stringify(id)},`];
  return { identity: `device:${id}`, isSameAs: (other) => identities.some((one) => other.identity.startsWith(one)) };
}

function isDecision(word: string): word is ApprovalDecision {
  return (APPROVAL_DECISIONS as readonly string[]).includes(word);
}
