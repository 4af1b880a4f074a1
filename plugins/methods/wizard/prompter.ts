/** One question or remark, as a client shows it (protocol.md §9.12). */
export interface Step {
  readonly id: string;
  readonly type: "note" | "select" | "text" | "confirm";
  readonly title?: string;
  readonly message: string;
  readonly options?: readonly Choice[];
  readonly initialValue?: unknown;
  readonly placeholder?: string;
  /** Not to be shown while it is typed. */
  readonly sensitive?: boolean;
  readonly executor: "client";
}

export interface Choice<T extends string = string> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

export interface TextQuestion {
  readonly message: string;
  readonly initialValue?: string;
  readonly placeholder?: string;
  readonly sensitive?: boolean;
  /** What is wrong with an answer; the question stays. */
  readonly problem?: (text: string) => string | undefined;
}

/** How a flow asks; whoever answers may be a client over RPC or a terminal. */
export interface Prompter {
  note(title: string, message: string): Promise<void>;
  select<T extends string>(message: string, options: readonly Choice<T>[], initialValue?: T): Promise<T>;
  /** Trimmed. */
  text(question: TextQuestion): Promise<string>;
  confirm(message: string, initialValue?: boolean): Promise<boolean>;
}
