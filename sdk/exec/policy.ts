/** How far running commands goes without anybody being asked, strictest first (agent.md §13). */
export const EXEC_SECURITY = ["deny", "allowlist", "full"] as const;
/** When somebody is asked, strictest first. */
export const EXEC_ASK = ["always", "on-miss", "off"] as const;

export type ExecSecurity = (typeof EXEC_SECURITY)[number];
export type ExecAsk = (typeof EXEC_ASK)[number];

/** What may run on a host. */
export interface ExecPolicy {
  readonly security: ExecSecurity;
  readonly ask: ExecAsk;
  /** What holds when nobody answers. */
  readonly askFallback: ExecSecurity;
  /** Programs that enabled skills need run like those of the allowlist. */
  readonly autoAllowSkills: boolean;
}

/** What holds where nothing is written. */
export const DEFAULT_EXEC_POLICY: ExecPolicy = Object.freeze({
  security: "allowlist",
  ask: "on-miss",
  askFallback: "deny",
  autoAllowSkills: false,
});

/** The stricter of both, field by field. */
export function stricterPolicy(a: ExecPolicy, b: ExecPolicy): ExecPolicy {
  return {
    security: stricter(EXEC_SECURITY, a.security, b.security),
    ask: stricter(EXEC_ASK, a.ask, b.ask),
    askFallback: stricter(EXEC_SECURITY, a.askFallback, b.askFallback),
    autoAllowSkills: a.autoAllowSkills && b.autoAllowSkills,
  };
}

export type ExecVerdict =
  | { readonly kind: "run" }
  /** Not without somebody's yes. */
  | { readonly kind: "ask" }
  | { readonly kind: "deny"; readonly reason: "security=deny" | "allowlist-miss" };

/** May a command run that is (not) on the allowlist? */
export function judgeExec({ security, ask }: ExecPolicy, isListed: boolean): ExecVerdict {
  if (security === "deny") return { kind: "deny", reason: "security=deny" };
  if (ask === "always") return { kind: "ask" };
  if (security === "full" || isListed) return { kind: "run" };
  return ask === "off" ? { kind: "deny", reason: "allowlist-miss" } : { kind: "ask" };
}

/** May a command run that somebody was asked about and nobody answered? */
export function judgeUnanswered({ askFallback }: ExecPolicy, isListed: boolean): boolean {
  return askFallback === "full" || (askFallback === "allowlist" && isListed);
}

/** The value if it is one of `order`, and the strictest for anything else that is written. */
export function readStrict<T extends string>(order: readonly [T, ...T[]], value: unknown, absent: T): T {
  if (value === undefined) return absent;
  return order.find((one) => one === value) ?? order[0];
}

function stricter<T>(order: readonly T[], a: T, b: T): T {
  return order.indexOf(a) <= order.indexOf(b) ? a : b;
}
