import { randomUUID } from "node:crypto";
import { errorText, GatewayError } from "openclaw/plugin-sdk";
import type { Choice, Prompter, Step, TextQuestion } from "./prompter.ts";

export type Status = "running" | "done" | "cancelled" | "error";

export interface Progress {
  readonly done: boolean;
  readonly step?: Step;
  readonly status: Status;
  readonly error?: string;
}

/** An answer as it came. Throws a sentence for one that does not fit; the question then stays. */
type Read<T> = (value: unknown) => T;

interface Pending {
  readonly step: Step;
  readonly answer: (value: unknown) => void;
}

/** One walk through a flow: the flow asks through {@link Prompter}, a client answers one step after the other. */
export class WizardSession implements Prompter {
  readonly id: string = randomUUID();
  #pending: Pending | undefined;
  #status: Status = "running";
  #error: string | undefined;
  /** Resolves whenever the flow waits for an answer or has ended. */
  #turn = Promise.withResolvers<void>();
  #stop: (reason: Error) => void = () => undefined;

  constructor(flow: (prompter: Prompter) => Promise<void>) {
    const stopped = new Promise<never>((_, reject) => (this.#stop = reject));
    Promise.race([flow(this), stopped]).then(
      () => this.#end("done"),
      (error: unknown) => {
        const text = error instanceof GatewayError ? error.message : errorText(error);
        this.#end(error === CANCELLED ? "cancelled" : "error", error === CANCELLED ? "cancelled" : text);
      },
    );
  }

  get status(): Status {
    return this.#status;
  }

  /** Where the flow stands, once it waits for somebody. */
  async progress(): Promise<Progress> {
    await this.#turn.promise;
    return {
      done: this.#status !== "running",
      ...(this.#pending && { step: this.#pending.step }),
      status: this.#status,
      ...(this.#error !== undefined && { error: this.#error }),
    };
  }

  /** Throws `INVALID_REQUEST` for an answer that does not fit the step that waits. */
  answer(stepId: string, value: unknown): void {
    const pending = this.#pending;
    if (!pending) throw invalid("no step waits for an answer; call wizard.next without one");
    if (pending.step.id !== stepId)
      throw invalid(`step "${stepId}" does not wait for an answer; "${pending.step.id}" does`);
    pending.answer(value);
  }

  cancel(): void {
    this.#stop(CANCELLED);
    this.#end("cancelled", "cancelled");
  }

  note(title: string, message: string): Promise<void> {
    return this.#ask({ type: "note", title, message }, () => undefined);
  }

  select<T extends string>(message: string, options: readonly Choice<T>[], initialValue?: T): Promise<T> {
    return this.#ask(
      { type: "select", message, options, ...(initialValue !== undefined && { initialValue }) },
      (value) => {
        const chosen = options.find((option) => option.value === value);
        if (chosen) return chosen.value;
        throw invalid(`answer must be one of ${options.map((option) => option.value).join(", ")}`);
      },
    );
  }

  text({ problem, ...question }: TextQuestion): Promise<string> {
    return this.#ask({ type: "text", ...question }, (value) => {
      if (typeof value !== "string") throw invalid("answer must be a text");
      const text = value.trim().slice(0, 4_096);
      const wrong = problem?.(text);
      if (wrong !== undefined) throw invalid(wrong);
      return text;
    });
  }

  confirm(message: string, initialValue = true): Promise<boolean> {
    return this.#ask({ type: "confirm", message, initialValue }, (value) => {
      if (typeof value !== "boolean") throw invalid("answer must be true or false");
      return value;
    });
  }

  #ask<T>(step: Omit<Step, "id" | "executor">, read: Read<T>): Promise<T> {
    return new Promise((resolve) => {
      this.#pending = {
        step: { ...step, executor: "client", id: randomUUID() },
        answer: (value) => {
          const answer = read(value);
          this.#pending = undefined;
          this.#turn = Promise.withResolvers();
          resolve(answer);
        },
      };
      this.#turn.resolve();
    });
  }

  #end(status: Status, error?: string): void {
    if (this.#status !== "running") return;
    this.#status = status;
    this.#error = error;
    this.#pending = undefined;
    this.#turn.resolve();
  }
}

const CANCELLED = new Error("cancelled");

function invalid(message: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", message);
}
