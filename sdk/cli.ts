import type { GatewayClient } from "./client.ts";
import type { ConfigIssue, ConfigSnapshot, ReloadPlan } from "./services/config.ts";

/** Flags of a command: yargs option declarations, as data. */
export interface CliOption {
  readonly type: "string" | "number" | "boolean" | "array";
  readonly describe: string;
  readonly alias?: string;
  readonly choices?: readonly string[];
  readonly default?: string | number | boolean;
  readonly hidden?: boolean;
}

export type CliArgs = Readonly<Record<string, unknown>>;

/** What a command may use. Nothing here starts a gateway. */
export interface CliContext {
  readonly args: CliArgs;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly stateDir: string;
  readonly configPath: string;
  /** Workspace of the default agent, unless the configuration names another. */
  readonly workspace: string;
  readonly home: string;
  readonly profile: string;
  readonly version: string;
  /** The configuration on disk, resolved; `issues` when it is wrong. */
  readonly config: CliConfig;
  /** Connect to the gateway the flags, the environment or the configuration name. */
  connect(options?: { readonly mode?: "cli" | "probe" }): Promise<GatewayClient>;
  target(): { readonly url: string; readonly source: string };
  /** Data for stdout: text for people, or one JSON value with `--json`. */
  print(value: unknown, text?: string): void;
  /** A table for people. */
  table(rows: readonly Readonly<Record<string, string>>[], columns: readonly string[]): string;
  /** A remark for stderr. */
  note(text: string): void;
}

export interface CliConfig {
  readonly exists: boolean;
  readonly valid: boolean;
  readonly issues: readonly ConfigIssue[];
  get<T = unknown>(path: string): T | undefined;
  /** Edit the file without a gateway; same checks and rules as over RPC. `undefined` removes. */
  write(
    edit: ReadonlyMap<string, unknown>,
    options?: { readonly replaceReferences?: boolean },
  ): Promise<{ readonly changed: readonly string[] }>;
  snapshot(options?: { readonly showSecrets?: boolean }): Promise<ConfigSnapshot>;
  /** What an edit would do to a running gateway. */
  plan(edit: ReadonlyMap<string, unknown>): ReloadPlan;
  schema(): { readonly schema: object; readonly uiHints: object };
}

/** The code behind a command line entry. `run` returns the exit code; nothing means 0. */
export interface CliCommand {
  readonly options?: Readonly<Record<string, CliOption>>;
  /** Works with an invalid configuration. */
  readonly anyConfig?: boolean;
  run(context: CliContext): Promise<number | void>;
}

export function defineCommand(command: CliCommand): CliCommand {
  return command;
}

/** Ends a command with an exit code and one line; `--json` prints it as `{ok:false,error}`. */
export class CliError extends Error {
  readonly exitCode: number;
  readonly code: string;
  readonly details: Record<string, unknown> | undefined;
  readonly hint: string | undefined;

  constructor(
    message: string,
    options: {
      exitCode?: number;
      code?: string;
      details?: Record<string, unknown>;
      hint?: string;
      cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "CliError";
    this.exitCode = options.exitCode ?? 1;
    this.code = options.code ?? "FAILED";
    this.details = options.details;
    this.hint = options.hint;
  }
}
