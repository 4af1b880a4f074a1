import type { TestGateway } from "../test-gateway.ts";

/**
 * How the network misbehaves, until the next mode. `auth-fail`: every credential is refused. `rate-limit`: the next
 * message sent to it is refused once, to be sent again after `rateLimitMs`. `drop`: every connection is cut, and so is
 * each new one. `lost`: the next message arrives and the connection breaks before the answer.
 */
export type KitMode = "ok" | "auth-fail" | "rate-limit" | "drop" | "lost";

/** What a network may not have. A rule that needs one of these is told as not applicable, with the reason given. */
export type KitFeature =
  /** Somebody the configuration does not name can write. */
  | "strangers"
  | "groups"
  | "media"
  /** A connection that can be lost. */
  | "connection"
  | "credentials"
  /** A token, or another text that nobody else may know. */
  | "secrets"
  /** A bot or number that it is known by. */
  | "identity"
  | "rate-limit"
  /** An answer to a send, which can be lost. */
  | "answers"
  | "accounts"
  /** Events in the network's own form, which can be broken. */
  | "events"
  /** What was not acknowledged comes again, or can be fetched later. */
  | "redelivery"
  /** The network keeps messages while nobody is connected. */
  | "backlog";

/** Somebody writes to the account. */
export interface KitMessage {
  /** Number of the person. */
  readonly from: number;
  readonly text: string;
  /** Written in the group of {@link KitNetwork.group}; by default directly to the account. */
  readonly inGroup?: boolean;
  /** In the network's own way of mentioning; groups only. */
  readonly mentionsBot?: boolean;
  /** Deliver this message once more: the id that an earlier `says` gave. */
  readonly again?: string;
  readonly file?: { readonly name: string; readonly type: "image/png"; readonly bytes: Buffer };
}

/** A message that reached the network. */
export interface KitSent {
  /** The person it was for, as {@link KitNetwork.person} names them, or the id of the group. */
  readonly to: string;
  /** The text or caption, in the network's own form. */
  readonly text: string;
  readonly files?: readonly { readonly name?: string; readonly size?: number }[];
}

/** A fake of the network, on this machine, for one rule. */
export interface KitNetwork {
  /**
   * Keys of `channels.<id>` for an account that the network knows. Who may write is the kit's to say. Without it the
   * channel runs without a section.
   */
  readonly section?: Readonly<Record<string, unknown>>;
  /** The rest of the configuration that the channel needs, such as shorter pauses. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Who the account is there, as the status must say it. */
  readonly identity?: string;
  /** Texts that must never be seen: the tokens of `section`. */
  readonly secrets?: readonly string[];
  /** Keys of an account under `accounts.<id>` that can never work. */
  readonly brokenAccount?: Readonly<Record<string, unknown>>;
  /** Pause that the network asks for in mode `rate-limit`. 1,000. */
  readonly rateLimitMs?: number;
  readonly group?: {
    readonly id: string;
    /** Target of a message to it. Default: the id. */
    readonly target?: string;
    /** Keys of the section that list the group. */
    readonly listed: Readonly<Record<string, unknown>>;
    /** Keys of the section that list another one only. */
    readonly unlisted: Readonly<Record<string, unknown>>;
  };
  /** Stable id of a person, as allowlists name them. From 1 on; all different. */
  person(number: number): string;
  /** Target of a message to a person. Default: `person`. */
  target?(number: number): string;
  /** Resolves when the network has the message, with its id there. In mode `drop` it waits for the account. */
  says(message: KitMessage): string | Promise<string>;
  /** Everything that arrived, oldest first; only what people see. */
  sent(): readonly KitSent[];
  /** How many have arrived, where a receiver has to decrypt a message before it is among `sent`. For measuring. */
  arrived?(): number;
  /** How often somebody has logged in or opened a session; grows with each attempt, refused or not. */
  logins(): number;
  mode?(mode: KitMode): void | Promise<void>;
  /** Sends events that no channel can make sense of: fields gone, of other types, unheard-of kinds. */
  garbage?(): void | Promise<void>;
  /** Called before the gateway starts, with its state directory: for credentials that are files. */
  prepare?(stateDir: string): void | Promise<void>;
  /** Called once the gateway runs: for networks that are reached through it. */
  attach?(gateway: TestGateway): void | Promise<void>;
  close(): void | Promise<void>;
}

/** What `channel.kit.ts` says, as its default export: how the kit plays the network of a channel. */
export interface ChannelKit {
  /** Id of the channel. */
  readonly channel: string;
  /** Id of the plugin, where it is another one. */
  readonly plugin?: string;
  /** Characters of one message that the network takes at most, in its own form. Default 4,000. */
  readonly textLimit?: number;
  /** What the network does not have, each with the reason. */
  readonly lacks?: Readonly<Partial<Record<KitFeature, string>>>;
  /** Rules that the network makes impossible, each with the reason. */
  readonly except?: Readonly<Record<string, string>>;
  start(): KitNetwork | Promise<KitNetwork>;
}

/** Types `channel.kit.ts`. */
export function defineChannelKit(kit: ChannelKit): ChannelKit {
  return kit;
}
