import type { ClientOptions, GatewayClient } from "./client.ts";
import type { GatewayError } from "./error.ts";
import type { PortOwner } from "./port-owner.ts";
import type { PluginState } from "./services/plugins.ts";
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

/** A gateway that commands can talk to, and why it was chosen. Secrets stay with the host. */
export interface CliTarget {
  readonly id: "explicit" | "remote" | "local";
  readonly url: string;
  readonly source: string;
  /** SHA-256 of the certificate it must show, in hex. */
  readonly tlsFingerprint?: string | undefined;
}

export interface ConnectOptions {
  readonly mode?: "cli" | "probe";
  /** By default the one of `target()`. */
  readonly target?: CliTarget;
  /** By default what `--timeout` says. */
  readonly timeoutMs?: number;
  /**
   * A gateway that flags of the command's own name. Secrets of flags and environment are for it; one of the
   * configuration only where that names the same gateway.
   */
  readonly url?: string;
  /** Come as another client than a command line. */
  readonly as?: Pick<ClientOptions, "client" | "role" | "scopes" | "caps" | "commands" | "pathEnv" | "tlsFingerprint">;
}

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
  /** The gateway of this state directory, whether it runs or not. */
  readonly gateway: LocalGateway;
  /** The plugins of a gateway that would start here and now; none of them runs for it. */
  plugins(): readonly PluginState[];
  /** Connect to the gateway the flags, the environment or the configuration name. */
  connect(options?: ConnectOptions): Promise<GatewayClient>;
  /**
   * Run a gateway in this process for this command alone, without channels and jobs. Refused while another one has the
   * state directory.
   */
  embed(): Promise<EmbeddedGateway>;
  /** A client that has not connected yet, for a command that outlives a connection. */
  client(options?: ConnectOptions): GatewayClient;
  target(): CliTarget;
  /** The one of `target()`, then the others that are configured. */
  targets(): readonly CliTarget[];
  /** Data for stdout: text for people, or one JSON value with `--json`. */
  print(value: unknown, text?: string): void;
  /** A table for people. */
  table(rows: readonly Readonly<Record<string, string>>[], columns: readonly string[]): string;
  /** A remark for stderr. */
  note(text: string): void;
  /** `path` as people read it: the home directory as `~`. */
  tilde(path: string): string;
}

/** A gateway that ends with its command. */
export interface EmbeddedGateway {
  readonly client: GatewayClient;
  stop(): Promise<void>;
}

/** What a gateway that starts here and now would use, and what the running one wrote down. */
export interface LocalGateway {
  readonly port: number;
  readonly portSource: "env/config" | "default";
  readonly bind: string;
  /** The address it listens on; undefined where the host has none for this bind mode. */
  readonly host: string | undefined;
  /** It speaks TLS. */
  readonly secure: boolean;
  readonly auth: { readonly mode: string; readonly configured: boolean };
  readonly running: RunRecord | undefined;
  /** Processes that listen on `port`, by default the one above. */
  listeners(port?: number): readonly PortOwner[];
}

/** `gateway.json` of the state directory (state.md §10). */
export interface RunRecord {
  readonly pid: number;
  /** Tells the process from a later one with the same id. */
  readonly startTime?: number;
  readonly port: number;
  readonly url: string;
  readonly version: string;
  readonly startedAt: number;
  readonly bind: string;
  /** SHA-256 of its certificate, in hex, when it speaks TLS. */
  readonly tlsFingerprint?: string;
}

export interface ConfigCheck {
  readonly path: string;
  readonly exists: boolean;
  readonly issues: readonly ConfigIssue[];
  /** Unknown keys, and what keeps single plugins from running. */
  readonly warnings: readonly ConfigIssue[];
}

export interface CliConfig {
  readonly exists: boolean;
  readonly valid: boolean;
  readonly issues: readonly ConfigIssue[];
  get<T = unknown>(path: string): T | undefined;
  /**
   * Edit the file without a gateway; same checks and rules as over RPC. `undefined` removes. Resolves when a gateway
   * that runs here works with it; `isPending` when it has not taken it over in good time.
   */
  write(
    edit: ReadonlyMap<string, unknown>,
    options?: { readonly replaceReferences?: boolean; readonly baseHash?: string },
  ): Promise<{ readonly changed: readonly string[]; readonly isPending: boolean }>;
  snapshot(options?: { readonly showSecrets?: boolean }): Promise<ConfigSnapshot>;
  /** What an edit would do to a running gateway; refused like the edit itself. */
  plan(edit: ReadonlyMap<string, unknown>, options?: { readonly replaceReferences?: boolean }): ReloadPlan;
  schema(): { readonly schema: object; readonly uiHints: object };
  /** Everything wrong with `file`, by default the configuration in use. */
  check(file?: string): ConfigCheck;
}

/** The code behind a command line entry. `run` returns the exit code; nothing means 0. */
export interface CliCommand {
  readonly options?: Readonly<Record<string, CliOption>>;
  /** Works with an invalid configuration. */
  readonly anyConfig?: boolean;
  /** Talks to no gateway: has none of `--url`, `--token`, `--password`, `--timeout`. */
  readonly local?: boolean;
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

/** What the gateway refused, with what to do about it. */
export function withHint(error: GatewayError, hint: string): CliError {
  const { code, message, details } = error;
  return new CliError(message, { code, hint, cause: error, ...(details && { details }) });
}
