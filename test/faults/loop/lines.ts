/** What the platform and its channels say to each other, one JSON value a line. */

/** A message a person wrote. */
export interface Incoming {
  readonly messageId: string;
  readonly chatId: string;
  readonly text: string;
}

export type ToChannel =
  | { readonly kind: "message"; readonly message: Incoming }
  /** Answer to a request: the id under which the platform shows the message; none if it shows none. */
  | { readonly kind: "answer"; readonly request: number; readonly messageId?: string };

export type ToPlatform =
  | { readonly kind: "hello"; readonly channel: string }
  | { readonly kind: "ack"; readonly messageId: string }
  | {
      readonly kind: "send";
      readonly request: number;
      /** The sender's own id of the message, the same for every attempt. */
      readonly id: string;
      readonly chatId: string;
      readonly text: string;
    }
  | { readonly kind: "look"; readonly request: number; readonly id: string };
