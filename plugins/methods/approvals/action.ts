import { createHash } from "node:crypto";
import { GatewayError } from "openclaw/plugin-sdk";
import type { ExecAction } from "openclaw/plugin-sdk";
import { commandText, shellText } from "openclaw/plugin-sdk/exec";

/** security.md S-44: what approvers cannot be shown whole is not asked. */
export const MAX_SHOWN = 8_192;

/** Shells whose name alone says what they are; anybody can call a program of their own `sh`. */
const PLAIN_SHELL = /^(\/(usr\/)?(local\/)?bin\/)?(sh|bash|dash|zsh|ksh|ash)$/;
/** Members of `system.run` that are bound, or that change nothing of what runs. */
const KNOWN = new Set("command rawCommand cwd env timeoutMs needsScreenRecording agentId sessionKey runId".split(" "));

/** An action with the exact words of its program, when the asker gave them. */
export interface BoundAction extends ExecAction {
  readonly argv?: readonly string[];
}

/** The command with its environment before it: all that an approver has to know. Throws when it is too long. */
export function shownCommand({ command, env = {} }: ExecAction): string {
  const assignments = Object.entries(env).map(([name, value]) => commandText([`${name}=${value}`]));
  const text = [...assignments, command].join(" ");
  if (text.length <= MAX_SHOWN) return text;
  throw new GatewayError(
    "INVALID_REQUEST",
    `the action cannot be shown whole (${text.length} characters, at most ${MAX_SHOWN}); put it into a script`,
  );
}

/** One text per action and asker; a byte more or less is another action. */
export function digest(action: BoundAction, requester: string): string {
  const { command, cwd, env = {}, host, nodeId, agentId, sessionKey, argv } = action;
  const variables = Object.entries(env).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const parts = [command, cwd, variables, host, nodeId, agentId, sessionKey, argv, requester];
  return createHash("sha256")
    .update(JSON.stringify(parts.map((part) => part ?? null)))
    .digest("hex");
}

/** `argv` as its approver reads it; `undefined` when the text would not tell what runs. */
export function honestText(argv: readonly string[]): string | undefined {
  const [program = ""] = argv;
  if (shellText(argv) !== undefined && !PLAIN_SHELL.test(program)) return undefined;
  // The closing quote of such a word reads like one inside it.
  if (argv.some((word) => /[\s"]/.test(word) && word.endsWith("\\"))) return undefined;
  return commandText(argv);
}

/**
 * The actions that a `system.run` may have been asked for as: with all of it, and the way established clients ask,
 * which name neither the node nor the single words. Nothing when some of it was never shown to anybody.
 */
export function askedActions(nodeId: string, params: Readonly<Record<string, unknown>>): BoundAction[] {
  const given = Object.fromEntries(Object.entries(params).filter(([, value]) => value !== null && value !== undefined));
  const { command: argv, cwd, env = {}, agentId, sessionKey } = given;
  if (Object.keys(given).some((name) => !KNOWN.has(name))) return [];
  if (!isTexts(argv) || typeof env !== "object" || !isTexts(Object.values(env as object))) return [];
  if (![cwd, agentId, sessionKey].every((text) => text === undefined || typeof text === "string")) return [];
  const command = honestText(argv);
  if (command === undefined) return [];
  const shown = {
    command,
    host: "node",
    ...(typeof cwd === "string" && { cwd }),
    ...(typeof agentId === "string" && { agentId }),
    ...(typeof sessionKey === "string" && { sessionKey }),
  };
  // Every value is a text, as seen above.
  const variables = env as Record<string, string>;
  const exact = { ...shown, env: variables, nodeId, argv };
  return Object.keys(variables).length === 0 ? [exact, shown] : [exact];
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
