import { GatewayError } from "openclaw/plugin-sdk";
import { Command } from "./command.ts";
import type { CommandStart } from "./command.ts";
import { twoWords } from "./names.ts";

const MAX_RUNNING = 32;
const MAX_FINISHED = 100;

/** Every command that runs, and those that ended lately. */
export class Commands {
  readonly #commands = new Map<string, Command>();
  /** How long the output of a command that has ended is kept. */
  readonly #keptMs: () => number;

  constructor(keptMs: () => number) {
    this.#keptMs = keptMs;
  }

  start(what: Omit<CommandStart, "id">): Command {
    this.#forget();
    const running = [...this.#commands.values()].filter(({ status }) => status === "running").length;
    if (running >= MAX_RUNNING)
      throw new GatewayError("UNAVAILABLE", `${running} commands are running already; end one with process kill`);
    const command = new Command({ ...what, id: twoWords(this.#commands) });
    this.#commands.set(command.id, command);
    return command;
  }

  /** A command that `isTheirs`; others do not exist for whoever asks. */
  get(isTheirs: (command: Command) => boolean, id: string | undefined): Command {
    this.#forget();
    const command = id === undefined ? undefined : this.#commands.get(id);
    if (command && isTheirs(command)) return command;
    throw new GatewayError(
      "INVALID_REQUEST",
      id === undefined
        ? "this action needs sessionId; see process list"
        : `there is no command "${id}"; see process list`,
    );
  }

  /** Those in the background that `isTheirs`. */
  of(isTheirs: (command: Command) => boolean): Command[] {
    this.#forget();
    return [...this.#commands.values()].filter((command) => command.isBackground && isTheirs(command));
  }

  remove(id: string): void {
    this.#commands.delete(id);
  }

  /** End all of them; resolves when they are gone. */
  async close(): Promise<void> {
    const running = [...this.#commands.values()].filter(({ status }) => status === "running");
    for (const command of running) command.kill("the gateway ended it");
    await Promise.all(running.map(({ ended }) => ended));
  }

  #forget(): void {
    const oldest = Date.now() - this.#keptMs();
    const finished = [...this.#commands.values()].filter(({ endedAt }) => endedAt !== undefined);
    for (const [index, { id, endedAt = 0 }] of finished.entries()) {
      if (endedAt < oldest || index < finished.length - MAX_FINISHED) this.#commands.delete(id);
    }
  }
}
