import { randomUUID } from "node:crypto";
import { GatewayError } from "openclaw/plugin-sdk";
import type { ApprovalDecision, AskedApproval, ExecApproval } from "openclaw/plugin-sdk";
import { digest, shownCommand } from "./action.ts";
import type { BoundAction } from "./action.ts";
import type { Requester } from "./requester.ts";

const DEFAULT_TIMEOUT_MS = 120_000;
const MAX_TIMEOUT_MS = 240_000;
/** security.md S-44: question, answer and use within five minutes. */
const LIFE_MS = 300_000;
const MAX_PENDING = 200;
const MAX_GRANTED = 200;

interface Pending {
  readonly approval: ExecApproval;
  readonly action: BoundAction;
  readonly requester: Requester;
  readonly settle: (decision: ApprovalDecision | null) => void;
}

interface Grant {
  readonly digest: string;
  readonly decision: "allow-once" | "allow-always";
  readonly untilMs: number;
}

export interface Question {
  readonly action: BoundAction;
  readonly requester: Requester;
  /** Only its asker's word for it; made up when there is none. */
  readonly id?: string | undefined;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Who waits for a yes, and which yes has not been used. In memory: nothing is approved any more after a restart. */
export class Ledger {
  readonly #pending = new Map<string, Pending>();
  #granted: Grant[] = [];

  ask({ action, requester, id = randomUUID(), timeoutMs = DEFAULT_TIMEOUT_MS, signal }: Question): AskedApproval {
    if (this.#pending.has(id)) throw refused("approval id already pending", "CONFLICT");
    if (this.#pending.size >= MAX_PENDING) {
      throw new GatewayError("UNAVAILABLE", `${MAX_PENDING} approvals wait; resolve some or let them expire`, {
        details: { code: "BUSY" },
        retryable: true,
      });
    }
    const createdAtMs = Date.now();
    const waitMs = Math.min(timeoutMs, MAX_TIMEOUT_MS);
    const { cwd = null, host = null, security = null, ask = null, agentId = null } = action;
    const { resolvedPath = null, sessionKey = null, nodeId } = action;
    const shown = { command: shownCommand(action), cwd, host, security, ask, agentId, resolvedPath, sessionKey };
    const request = nodeId === undefined ? shown : { ...shown, nodeId };
    const approval = { id, request, createdAtMs, expiresAtMs: createdAtMs + waitMs };
    const decision = new Promise<ApprovalDecision | null>((resolve) => {
      const withdraw = () => settle(null);
      const timer = setTimeout(withdraw, waitMs);
      const settle = (decided: ApprovalDecision | null) => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", withdraw);
        this.#pending.delete(id);
        resolve(decided);
      };
      this.#pending.set(id, { approval, action, requester, settle });
      if (signal?.aborted) withdraw();
      else signal?.addEventListener("abort", withdraw);
    });
    return { ...approval, decision };
  }

  pending(): ExecApproval[] {
    return [...this.#pending.values()].map(({ approval }) => approval);
  }

  /** Decide, once. `approver` is nobody who asked. Returns what was decided about. */
  resolve(id: string, decision: ApprovalDecision, approver?: Requester): BoundAction {
    const pending = this.#pending.get(id);
    if (!pending) throw refused("unknown approval id", "NOT_FOUND");
    const { action, requester, approval, settle } = pending;
    if (approver && (requester.isSameAs(approver) || approver.isSameAs(requester))) {
      const remedy = "approve it from another client, or add the program to the allowlist";
      throw refused(`who asks cannot approve; ${remedy}`, "UNAUTHORIZED");
    }
    // Everybody else has been waiting for the answer, and acts on it.
    if (decision !== "deny" && action.host === "node") {
      const untilMs = approval.createdAtMs + LIFE_MS;
      this.#granted = [
        ...this.#granted.slice(1 - MAX_GRANTED),
        { digest: digest(action, requester.identity), decision, untilMs },
      ];
    }
    settle(decision);
    return action;
  }

  /** Use up a yes that `identity` was given to one of `actions`. */
  use(actions: readonly BoundAction[], identity: string): "allow-once" | "allow-always" | undefined {
    const now = Date.now();
    this.#granted = this.#granted.filter(({ untilMs }) => untilMs > now);
    const wanted = new Set(actions.map((action) => digest(action, identity)));
    const grant = this.#granted.find((one) => wanted.has(one.digest));
    if (grant) this.#granted = this.#granted.filter((one) => one !== grant);
    return grant?.decision;
  }
}

function refused(message: string, code: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", message, { details: { code } });
}
