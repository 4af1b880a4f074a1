import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { SandboxCommand } from "openclaw/plugin-sdk";
import { killGroup } from "openclaw/plugin-sdk/exec";
import { Output } from "./output.ts";

export interface CommandStart {
  readonly id: string;
  readonly agentId: string;
  readonly sessionKey: string;
  /** As the model wrote it. */
  readonly command: string;
  /** Absolute path of the shell, and its words. */
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Can it be written to? */
  readonly hasInput: boolean;
  /** The child only carries what runs in a sandbox. */
  readonly inside?: SandboxCommand;
}

export type CommandStatus = "running" | "completed" | "failed" | "killed";

/** What a command has not read yet of what was written to it. */
const MAX_UNREAD_INPUT = 1_000_000;
/** From the polite end to the certain one. */
const KILL_GRACE_MS = 2_000;
/** What its children have to say after a command has ended. */
const DRAIN_MS = 200;

/** One command from its start on, in a process group of its own. */
export class Command {
  readonly id: string;
  readonly agentId: string;
  readonly sessionKey: string;
  readonly command: string;
  readonly cwd: string;
  readonly startedAt: number = Date.now();
  readonly output: Output = new Output();
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  /** It was left to itself, so its end is told. */
  isBackground = false;
  endedAt: number | undefined;
  exitCode: number | null = null;
  #status: CommandStatus = "running";
  /** Why it ended other than by itself. */
  note: string | undefined;
  readonly #child: ChildProcess;
  readonly #inside: SandboxCommand | undefined;
  #isFinishing = false;
  readonly #news = new Set<() => void>();
  readonly #limit: NodeJS.Timeout;
  #hardKill: NodeJS.Timeout | undefined;
  #ending: "killed" | "failed" | undefined;

  /** It runs in a sandbox. */
  get isInside(): boolean {
    return this.#inside !== undefined;
  }

  constructor(start: CommandStart) {
    const { id, agentId, sessionKey, command, program, args, cwd, env, timeoutMs, hasInput, inside } = start;
    this.#inside = inside;
    this.id = id;
    this.agentId = agentId;
    this.sessionKey = sessionKey;
    this.command = command;
    this.cwd = cwd;
    const child = spawn(program, args, {
      ...(!inside && { cwd }),
      env: { ...env },
      stdio: [hasInput ? "pipe" : "ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    this.#child = child;
    this.#limit = setTimeout(() => this.kill(`it ran longer than ${timeoutMs / 1_000} s`, "failed"), timeoutMs);
    this.#limit.unref();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.output.add(text);
        this.#tell();
      });
    }
    // It may have closed its input long before it ends.
    child.stdin?.on("error", () => undefined);
    const end = (code: number | null) => void this.#finish(code).then(resolve);
    child.once("error", (error) => {
      this.note ??= error.message;
      if (child.pid === undefined) end(null);
    });
    // Its own children may hold the pipes for as long as they live.
    child.once("exit", (code) => void setTimeout(() => end(code), DRAIN_MS));
    child.once("close", (code) => end(code));
  }

  get status(): CommandStatus {
    return this.#status;
  }

  /** On this machine; what runs in a sandbox has none here. */
  get pid(): number | undefined {
    return this.#inside ? undefined : this.#child.pid;
  }

  get durationMs(): number {
    return (this.endedAt ?? Date.now()) - this.startedAt;
  }

  /** End it and everything it has started, politely at first. */
  kill(note: string, status: "killed" | "failed" = "killed"): void {
    if (this.#status !== "running" || this.#hardKill) return;
    this.note ??= note;
    this.#ending = status;
    this.#signal("SIGTERM");
    this.#hardKill = setTimeout(() => this.#signal("SIGKILL"), KILL_GRACE_MS);
  }

  /** What Ctrl-C does in a terminal. */
  interrupt(): void {
    if (this.#status === "running") this.#signal("SIGINT");
  }

  /** False when it takes no input any more. */
  write(text: string): boolean {
    const { stdin } = this.#child;
    if (this.#status !== "running" || !stdin?.writable || stdin.writableLength > MAX_UNREAD_INPUT) return false;
    stdin.write(text);
    return true;
  }

  endInput(): void {
    this.#child.stdin?.end();
  }

  /** Resolves when it prints something or ends, or after `ms`. */
  async news(ms: number, signal: AbortSignal): Promise<void> {
    if (this.#status !== "running" || ms <= 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    const stop = () => resolve();
    this.#news.add(stop);
    signal.addEventListener("abort", stop);
    await promise;
    clearTimeout(timer);
    this.#news.delete(stop);
    signal.removeEventListener("abort", stop);
  }

  #signal(name: "SIGINT" | "SIGTERM" | "SIGKILL"): void {
    if (!this.#inside) return killGroup(this.#child.pid, name);
    // Who carries it ends with it. To end the carrier first would leave what it carries to itself.
    void this.#inside.signal(name).then(() => {
      if (name === "SIGKILL") killGroup(this.#child.pid, name);
    });
  }

  /** Once, and whole: what was to be ended in a sandbox is gone when this is over. Never rejects. */
  async #finish(code: number | null): Promise<void> {
    if (this.#isFinishing) return this.ended;
    this.#isFinishing = true;
    clearTimeout(this.#limit);
    // Whoever outlives a command that was ended goes with it.
    if (this.#hardKill && !this.#inside) killGroup(this.#child.pid, "SIGKILL");
    clearTimeout(this.#hardKill);
    if (this.#inside) await this.#finishInside(code, this.#inside);
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
    this.exitCode = code;
    this.endedAt = Date.now();
    this.#status = this.#ending ?? (code === 0 ? "completed" : "failed");
    this.#tell();
  }

  async #finishInside(code: number | null, inside: SandboxCommand): Promise<void> {
    const isGone = !this.#hardKill || (await inside.signal("SIGKILL"));
    const problem = isGone ? await inside.ended(code) : "nobody could end it, so it may still run in the sandbox";
    if (problem !== undefined) this.note = this.note === undefined ? problem : `${this.note}; ${problem}`;
  }

  #tell(): void {
    for (const told of this.#news) told();
  }
}
