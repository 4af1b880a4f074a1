/** One of the numbered messages. */
export interface Numbered {
  readonly number: number;
  readonly conversation: number;
  /** The network's id of it, which no other message has. */
  readonly messageId: string;
}

/** An answer that people saw. */
export interface Answer {
  readonly number: number;
  readonly conversation: number;
}

/** A channel's network: keeps what is written until it is acknowledged, and remembers what it showed. */
export interface Network extends AsyncDisposable {
  readonly channel: string;
  /** It shows an entry once, however often it is sent. Where it does not, an attempt that was cut off stays `unknown`. */
  readonly offersKey: boolean;
  /** Its part of the configuration. */
  readonly section: object;
  idOf(number: number): string;
  write(message: Numbered): void;
  unacknowledged(): number;
  /** Resolves when something is acknowledged that is written from now on: at that moment it must be safe. */
  acknowledgement(): Promise<unknown>;
  /** How often an account has come to it. */
  connects(): number;
  /** In the order in which people saw them. */
  shown(): readonly Answer[];
}

export function textOf(number: number): string {
  return `message number ${number}.`;
}

/** The offline responder repeats what it was asked. */
export function numberIn(text: string): number {
  return Number(/message number (\d+)\./.exec(text)?.[1] ?? NaN);
}
