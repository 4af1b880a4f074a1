import type { ConfigIssue } from "../services/config.ts";

/** An edit that was refused. `issues` say what it would have broken. */
export class ConfigError extends Error {
  readonly issues: readonly ConfigIssue[];

  constructor(message: string, issues: readonly ConfigIssue[] = []) {
    super(message);
    this.name = "ConfigError";
    this.issues = issues;
  }
}
