import type { Settings } from "openclaw/plugin-sdk";

/** `agents.defaults.cliBackends.<id>` (agent.md §18). */
export interface Backend {
  readonly command: string;
  readonly args: readonly string[];
  /** Instead of `args` when a session goes on; `{sessionId}` stands for its id. */
  readonly resumeArgs?: readonly string[];
  readonly output: "json" | "jsonl" | "text";
  readonly resumeOutput?: "json" | "jsonl" | "text";
  readonly input: "arg" | "stdin";
  readonly maxPromptArgChars: number;
  readonly modelArg?: string;
  readonly modelAliases: Readonly<Record<string, string>>;
  /** Flag for the id of a new session, which we choose. */
  readonly sessionArg?: string;
  readonly sessionArgs?: readonly string[];
  /** `always`: every run has an id of ours. `existing`: only one that the command has told. `none`: each run is new. */
  readonly sessionMode: "always" | "existing" | "none";
  readonly sessionIdFields: readonly string[];
  readonly systemPromptArg?: string;
  readonly systemPromptWhen: "first" | "always" | "never";
  readonly imageArg?: string;
  readonly imageMode: "repeat" | "list";
  readonly env: Readonly<Record<string, string>>;
  readonly clearEnv: readonly string[];
  /** One run of this backend at a time. */
  readonly serialize: boolean;
  readonly timeoutSeconds: number;
}

const COMMON: Omit<Backend, "command" | "args"> = {
  output: "json",
  input: "arg",
  // Systems refuse a single argument beyond about 128 KB.
  maxPromptArgChars: 32_000,
  modelAliases: {},
  sessionMode: "existing",
  sessionIdFields: ["session_id", "sessionId", "conversation_id", "conversationId"],
  systemPromptWhen: "first",
  imageMode: "repeat",
  env: {},
  clearEnv: [],
  serialize: true,
  timeoutSeconds: 600,
};

const CLAUDE = ["-p", "--output-format", "json", "--dangerously-skip-permissions"];
const CODEX = ["--json", "--color", "never", "--sandbox", "read-only", "--skip-git-repo-check"];

export const BUILT_IN: Readonly<Record<string, Backend>> = {
  "claude-cli": {
    ...COMMON,
    command: "claude",
    args: CLAUDE,
    resumeArgs: [...CLAUDE, "--resume", "{sessionId}"],
    modelArg: "--model",
    sessionArg: "--session-id",
    sessionMode: "always",
    systemPromptArg: "--append-system-prompt",
    // The command has an account of its own; with a key it would be charged elsewhere.
    clearEnv: ["ANTHROPIC_API_KEY"],
  },
  "codex-cli": {
    ...COMMON,
    command: "codex",
    args: ["exec", ...CODEX],
    resumeArgs: ["exec", "resume", "{sessionId}", ...CODEX.filter((flag) => flag !== "--json")],
    output: "jsonl",
    resumeOutput: "text",
    modelArg: "--model",
    sessionIdFields: ["thread_id"],
    imageArg: "--image",
  },
};

/** The backend as configured over the built-in one; `undefined` for an id that neither has with a command. */
export function backendOf(id: string, settings: Settings): Backend | undefined {
  const configured = settings.get<Readonly<Record<string, Partial<Backend>>>>("agents.defaults.cliBackends")?.[id];
  const base = BUILT_IN[id];
  const command = configured?.command ?? base?.command;
  return command === undefined ? undefined : { ...COMMON, args: [], ...base, ...configured, command };
}
