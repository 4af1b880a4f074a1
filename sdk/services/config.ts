import { defineService } from "../service.ts";

export interface ConfigIssue {
  /** Dotted path, empty for the whole file. */
  readonly path: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** How to mend it. */
  readonly hint?: string;
}

export type ReloadEffect = "none" | "hot" | "plugin" | "restart";

/** What a change would do; the log line, `config plan` and the reload loop all read this. */
export interface ReloadPlan {
  readonly hot: readonly string[];
  /** Ids of plugins that are swapped, started or stopped. */
  readonly plugins: readonly string[];
  /** Paths that need an in-process restart. */
  readonly restart: readonly string[];
  readonly none: readonly string[];
}

export interface ConfigSnapshot {
  readonly path: string;
  readonly exists: boolean;
  /** Text of the root file, secrets replaced. */
  readonly raw: string | null;
  /** The file's value before variables are resolved, secrets replaced. */
  readonly parsed: unknown;
  /** The resolved configuration, secrets replaced. */
  readonly config: unknown;
  readonly valid: boolean;
  /** Lower-case hex SHA-256 over the file and its includes. */
  readonly hash: string;
  readonly issues: readonly ConfigIssue[];
  readonly warnings: readonly ConfigIssue[];
  readonly includes: readonly string[];
}

/** One of: the whole text, a JSON merge patch, or single values by dotted path (`undefined` removes). */
export type ConfigEdit =
  | { readonly raw: string }
  | { readonly patch: object }
  | { readonly set: ReadonlyMap<string, unknown> };

export interface ConfigWriteOptions {
  /** Hash the edit was based on; a different file on disk refuses the edit. */
  readonly baseHash?: string;
  /** Write over a value that is set by `${NAME}`. */
  readonly replaceReferences?: boolean;
  /** Who did it, for the audit log. */
  readonly actor: string;
}

export interface ConfigWriteResult {
  readonly hash: string;
  readonly changed: readonly string[];
  readonly plan: ReloadPlan;
}

/** Provided by the kernel. Needs the permission `config`. */
export interface ConfigApi {
  snapshot(): Promise<ConfigSnapshot>;
  /** Validates, writes atomically, applies to the running gateway. Nothing is written on any error. */
  write(edit: ConfigEdit, options: ConfigWriteOptions): Promise<ConfigWriteResult>;
  plan(edit: ConfigEdit): Promise<ReloadPlan>;
  /**
   * From now on these values, by dotted path, run over the file's, and none that ran before. Nothing is written; they are
   * gone when the gateway stops or restarts. Refuses what only a restart would apply.
   */
  override(values: ReadonlyMap<string, unknown>, options: Pick<ConfigWriteOptions, "actor">): Promise<ReloadPlan>;
  /** What runs over the file's values now. */
  overrides(): ReadonlyMap<string, unknown>;
  schema(): { readonly schema: object; readonly uiHints: object };
}

export const Config = defineService<ConfigApi>("config");
