import type {
  ApprovalDecision,
  Approvals,
  AskedApproval,
  ExecApproval,
  HooksOf,
  PluginGateway,
  ResolvedApproval,
} from "openclaw/plugin-sdk";
import { ExecApprovals } from "openclaw/plugin-sdk/exec";
import { ApprovalShape, ResolvedShape } from "./approval-shape.ts";
import { allowAlways } from "./allow-always.ts";
import type { ChatApprovals } from "./chat/forward.ts";
import { Ledger } from "./ledger.ts";
import type { Question } from "./ledger.ts";
import type { Requester } from "./requester.ts";

/** Where questions come in and decisions go out: the ledger, and everybody who is told of it. */
export interface Desk {
  ask(question: Question): AskedApproval;
  pending(): ExecApproval[];
  resolve(id: string, decision: ApprovalDecision, resolvedBy: string, approver?: Requester): Promise<void>;
  readonly use: Ledger["use"];
}

export function createDesk(gateway: PluginGateway, hooks: () => HooksOf<typeof Approvals>, chats: ChatApprovals): Desk {
  const ledger = gateway.keep("ledger", () => new Ledger());
  const file = new ExecApprovals(gateway.paths.stateDir);
  const options = { scope: "operator.approvals", droppable: true } as const;
  const requested = gateway.event<ExecApproval>("exec.approval.requested", { ...options, payload: ApprovalShape });
  const resolved = gateway.event<ResolvedApproval>("exec.approval.resolved", { ...options, payload: ResolvedShape });

  return {
    ask(question) {
      const asked = ledger.ask(question);
      const { decision, ...approval } = asked;
      requested(approval);
      hooks().requested.call(approval);
      chats.asked(approval);
      void decision.then((decided) => {
        if (decided === null) chats.ended(approval, "nobody decided in time");
      });
      return asked;
    },
    pending: () => ledger.pending(),
    async resolve(id, decision, resolvedBy, approver) {
      const approval = ledger.pending().find((one) => one.id === id);
      const action = ledger.resolve(id, decision, approver);
      const told = { id, decision, resolvedBy, ts: Date.now() };
      resolved(told);
      hooks().resolved.call(told);
      if (approval) chats.ended(approval, `${decision} by ${resolvedBy}`);
      if (decision !== "allow-always") return;
      // The yes stands; only the next one is asked for again.
      await allowAlways(action, file).catch((error: Error) =>
        gateway.diagnose(`allowlist not written: ${error.message}`),
      );
    },
    use: (actions, identity) => ledger.use(actions, identity),
  };
}
