/** Running commands on a host: what may run, and in which surroundings. For whoever runs them and for whoever asks. */
export { checkAllowlist, matchesProgram } from "./allowlist.ts";
export type { AllowlistCheck, AllowlistRules } from "./allowlist.ts";
export { ExecApprovals, ExecApprovalsFile } from "./approvals-file.ts";
export type { AgentExecPolicy, ExecApprovalsSnapshot } from "./approvals-file.ts";
export { commandText, parseCommandLine, runsOthers, shellText } from "./command-line.ts";
export type { ParsedLine } from "./command-line.ts";
export { closedGates } from "./elevated.ts";
export { execEnvironment } from "./environment.ts";
export {
  DEFAULT_EXEC_POLICY,
  EXEC_ASK,
  EXEC_SECURITY,
  judgeExec,
  judgeUnanswered,
  readStrict,
  stricterPolicy,
} from "./policy.ts";
export type { ExecAsk, ExecPolicy, ExecSecurity, ExecVerdict } from "./policy.ts";
export { killGroup } from "./kill-group.ts";
export { Tail, tailOf } from "./tail.ts";
export { findProgram, realProgram } from "./program.ts";
export type { ProgramPlace } from "./program.ts";
