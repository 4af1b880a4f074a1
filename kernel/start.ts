import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { Stats } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { acquireLock, LockedError, portOwners, tightenMode } from "openclaw/plugin-sdk";
import type { ConfigIssue, FileLock, ListenInfo } from "openclaw/plugin-sdk";
import { at, issueText, tilde } from "openclaw/plugin-sdk/config";
import type { ConfigStore, Loaded, Paths } from "openclaw/plugin-sdk/config";
import { StartError } from "./bind.ts";

const LOCK_WAIT_MS = 5_000;
const PROBE = "x".repeat(4_096);

/** Make the state directory, or say in one line why it cannot be used and what mends it (reliability.md R-49). */
export function prepareStateDir(stateDir: string): void {
  try {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 });
    readdirSync(stateDir);
    // Only a write shows a full disk, and what the super-user may not do.
    const probe = join(stateDir, ".write-test");
    try {
      writeFileSync(probe, PROBE, { mode: 0o600 });
    } finally {
      rmSync(probe, { force: true });
    }
  } catch (cause) {
    throw new StartError(stateDirText(stateDir, cause as NodeJS.ErrnoException), 78, cause);
  }
  tightenMode(stateDir, 0o700);
  for (const name of readdirSync(stateDir)) {
    if (/^openclaw\.json|^gateway\.|^\.env$/.test(name)) tightenMode(join(stateDir, name), 0o600);
  }
}

function stateDirText(stateDir: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === "ENOSPC" || code === "EDQUOT")
    return `cannot write state directory ${stateDir}: no space left; free some space on that disk`;
  if (code === "EROFS")
    return `cannot write state directory ${stateDir}: file system is read-only; mount it writable or set OPENCLAW_STATE_DIR`;
  if (code === "ENOTDIR") return `state directory ${stateDir} lies below a file; set OPENCLAW_STATE_DIR`;
  const stat = lookAt(stateDir);
  if (stat && !stat.isDirectory())
    return `state directory ${stateDir} is a file; move it away or set OPENCLAW_STATE_DIR`;
  const uid = process.getuid?.();
  const why = `${stat ? `owner uid ${stat.uid}, mode ${(stat.mode & 0o777).toString(8)}, ` : ""}we are uid ${uid}`;
  const remedy = stat
    ? `sudo chown -R ${uid} ${stateDir} && chmod -R u+rwX ${stateDir}`
    : `sudo install -d -m 700 -o ${uid} ${stateDir}`;
  return `cannot use state directory ${stateDir} (${why}): ${code ?? message}; run: ${remedy}`;
}

function lookAt(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    // Not there, or below a directory that we may not enter.
    return undefined;
  }
}

export interface ConfigDemands {
  readonly paths: Paths;
  readonly allowUnconfigured?: boolean;
  readonly useLastGood?: boolean;
  /** A token or password came by flag or environment: enough to run without a file (operations.md §7). */
  readonly hasCredentials: boolean;
}

export interface StartConfig {
  readonly loaded: Loaded;
  /** Why the configuration is not simply what the file says. */
  readonly issues: readonly ConfigIssue[];
  readonly remark?: string;
}

/** The configuration to start with, or a {@link StartError} that lists everything wrong with it (config.md §2.3). */
export function loadStartConfig(store: ConfigStore, demands: ConfigDemands): StartConfig {
  const loaded = store.read();
  const { configPath, home } = demands.paths;
  if (loaded.issues.length > 0) {
    const good = demands.useLastGood ? store.lastGood() : undefined;
    if (!good) throw new StartError(refusalText(loaded, demands));
    const wrong = loaded.issues.map(issueText).join("; ");
    return {
      loaded: good,
      issues: [{ path: "", message: "config is invalid; running on the last good version" }, ...loaded.issues],
      remark: `config is invalid; started on the last good version: ${wrong}`,
    };
  }
  if (!loaded.source.exists) {
    if (demands.allowUnconfigured) return { loaded, issues: [] };
    if (demands.hasCredentials) {
      const remark = `no ${tilde(configPath, home)}; credentials are given, running as gateway.mode=local`;
      return { loaded, issues: [], remark };
    }
    throw new StartError(
      'Missing config. Run "openclaw setup" or set gateway.mode=local (or pass --allow-unconfigured).',
    );
  }
  const mode = at(loaded.source.resolved, "gateway.mode");
  if (mode !== "local" && !demands.allowUnconfigured) {
    throw new StartError(
      `Gateway start blocked: set gateway.mode=local (current: ${mode ?? "unset"}) or pass --allow-unconfigured.`,
    );
  }
  return { loaded, issues: [] };
}

function refusalText({ issues, source }: Loaded, { paths, useLastGood }: ConfigDemands): string {
  return [
    `config is invalid: ${tilde(source.path, paths.home)}`,
    ...issues.map((issue) => `  ${issueText(issue)}`),
    useLastGood
      ? "no good version was kept; mend the file and check it with: openclaw config validate"
      : "mend the file, check it with: openclaw config validate, or start on the last good version with: openclaw gateway --use-last-good",
  ].join("\n");
}

/** One gateway per state directory (state.md §10). */
export async function lockStateDir(stateDir: string, port: number): Promise<FileLock> {
  try {
    return await acquireLock(join(stateDir, "gateway.lock"), { waitMs: LOCK_WAIT_MS, info: { port } });
  } catch (error) {
    if (!(error instanceof LockedError)) throw error;
    const text = `gateway already running (pid ${error.pid}); lock timeout after ${LOCK_WAIT_MS}ms`;
    throw new StartError(
      `${text}\nStop that one, or run another beside it: openclaw --profile <name> gateway`,
      75,
      error,
    );
  }
}

const STORM_MS = 60_000;
const STORM_STARTS = 5;

/** When gateways began that did not stop in order, of the last minute, and now: the record of such a run is left over. */
export function recentStarts(runRecord: string, now: number): number[] {
  try {
    const { starts = [] } = JSON.parse(readFileSync(runRecord, "utf8")) as { starts?: number[] };
    return [...starts.filter((at) => Math.abs(now - at) < STORM_MS), now];
  } catch {
    // The last one stopped in order, or there was none.
    return [now];
  }
}

/** What to say when somebody starts the gateway again and again because it ends by itself (reliability.md R-26). */
export function stormText(starts: readonly number[]): string | undefined {
  if (starts.length <= STORM_STARTS) return undefined;
  return (
    `${starts.length} starts in ${STORM_MS / 1_000} s: safe mode, with no channels and only stock plugins; ` +
    "mend or disable what ends the gateway, then stop and start it, or start it with --no-safe-mode"
  );
}

/** Why the port could not be opened, with its holder. */
export function portProblem(error: unknown, host: string, port: number): StartError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== "EADDRINUSE") return new StartError(`cannot listen on ${host}:${port}: ${code ?? message}`, 1, error);
  const owners = portOwners(port).map(({ pid, command }) => `pid ${pid}${command ? ` (${command})` : ""}`);
  const holder = owners.length > 0 ? owners.join(", ") : "another process";
  return new StartError(
    `another gateway instance is already listening on ws://${host}:${port}, or the port is taken: held by ${holder}; ` +
      "stop it, pass --port, or free the port with --force",
    75,
    error,
  );
}

/**
 * Why a gateway that listens on `own` could not listen on `host` and `port` instead, found by trying. The port it has
 * is its to open again.
 */
export async function listenProblem(host: string, port: number, own: ListenInfo): Promise<StartError | undefined> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once("error", reject).listen({ host, port, ipv6Only: host.includes(":") }, resolve);
    });
    await new Promise((resolve) => probe.close(resolve));
    return undefined;
  } catch (error) {
    const isOwn = port === own.port && (error as NodeJS.ErrnoException).code === "EADDRINUSE";
    return isOwn ? undefined : portProblem(error, host, port);
  }
}
