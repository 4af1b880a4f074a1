import { errorShape } from "openclaw/plugin-sdk";
import { CommandError } from "./command-error.ts";
import type { Handler } from "./commands.ts";

/** What the gateway asks (`node.invoke.request`). */
interface Asked {
  readonly id: string;
  readonly nodeId: string;
  readonly command: string;
  readonly paramsJSON?: string | null;
  readonly timeoutMs?: number;
  readonly idempotencyKey?: string;
}

/** What it is told (`node.invoke.result`). */
export interface Answer {
  readonly id: string;
  readonly nodeId: string;
  readonly ok: boolean;
  readonly payloadJSON?: string;
  readonly error?: { readonly code: string; readonly message: string };
}

type Outcome = Pick<Answer, "ok" | "payloadJSON" | "error">;

/** An answer can be 400 000 bytes. */
const MAX_REMEMBERED = 50;
const MAX_MESSAGE = 4_000;

/** Answers what a gateway asks. A key that was asked before gets the first answer: nothing is run twice. */
export class CommandServer {
  readonly #commands: ReadonlyMap<string, Handler>;
  readonly #remembered = new Map<string, Promise<Outcome>>();

  constructor(commands: ReadonlyMap<string, Handler>) {
    this.#commands = commands;
  }

  get names(): string[] {
    return [...this.#commands.keys()];
  }

  /** The answer to the payload of a request; nothing for what is none. Never rejects. */
  async answer(payload: unknown): Promise<Answer | undefined> {
    const asked = payload as Partial<Asked> | null;
    if (typeof asked?.id !== "string" || typeof asked.nodeId !== "string" || typeof asked.command !== "string") return;
    const { id, nodeId } = asked;
    return { id, nodeId, ...(await this.#once(asked as Asked)) };
  }

  #once(asked: Asked): Promise<Outcome> {
    const { command, idempotencyKey } = asked;
    if (!idempotencyKey) return this.#run(asked);
    const key = `${command}:${idempotencyKey}`;
    const before = this.#remembered.get(key);
    if (before) return before;
    const outcome = this.#run(asked);
    this.#remembered.set(key, outcome);
    for (const oldest of this.#remembered.keys()) {
      if (this.#remembered.size <= MAX_REMEMBERED) break;
      this.#remembered.delete(oldest);
    }
    return outcome;
  }

  async #run({ command, paramsJSON, timeoutMs }: Asked): Promise<Outcome> {
    const handler = this.#commands.get(command);
    if (!handler) return failed("UNAVAILABLE", `command not supported: ${command}`);
    let params: unknown;
    try {
      params = paramsJSON ? (JSON.parse(paramsJSON) as unknown) : {};
    } catch {
      return failed("INVALID_REQUEST", `paramsJSON of ${command} is not JSON`);
    }
    try {
      return { ok: true, payloadJSON: JSON.stringify((await handler(params, timeoutMs)) ?? null) };
    } catch (error) {
      if (error instanceof CommandError) return failed(error.code, error.message);
      const { code, message } = errorShape(error);
      return failed(code, message);
    }
  }
}

function failed(code: string, message: string): Outcome {
  return { ok: false, error: { code, message: message.slice(0, MAX_MESSAGE) } };
}
