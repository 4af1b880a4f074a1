import type { Media, OutboxEntry, TurnPlace, Work } from "openclaw/plugin-sdk";
import { Slots } from "./slots.ts";
import { Waiting } from "./waiting.ts";

/** A message in memory: from acceptance to its end. */
export interface Running {
  work: Work;
  readonly abort: AbortController;
  /** Its turn in the lane has come. */
  begun: boolean;
  /** Its turn asks the agent; since when. */
  turnSince?: number;
  /** Nobody but owners wrote it. */
  isOwner: boolean;
  /** What the place it was written in says of its turn. */
  place?: TurnPlace;
  /** Everybody who wrote it may use commands. */
  mayCommand: boolean;
  /** It waits in its lane since. */
  heldSince?: number;
  /** Another message of its session was before it when it came. */
  wasHeld?: boolean;
  /** The turn before it was told of it. */
  wasSteered?: boolean;
  /** It has come to its end while it waited: nothing is left to do when its place in the lane comes. */
  isOver?: boolean;
  /** Its attachments, while they are fetched. Never rejects. */
  media?: Promise<readonly Media[]>;
  /** Nobody has to wait for them any more. */
  isMediaThere?: boolean;
  readonly over: Promise<void>;
  readonly finish: () => void;
}

export interface WayOut {
  /** It has been stopped, or is about to. */
  isOver: boolean;
  send(entries: readonly OutboxEntry[]): void;
  /** Take nothing more from disk and let go of the networks; resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

/** What runs and who waits, whatever generation of this plugin began it. */
export interface Ongoing {
  readonly running: Map<string, Running>;
  readonly waiting: Waiting<Work>;
  readonly slots: Slots;
  /** Ends that are being recorded, by message. */
  readonly ends: Map<string, Promise<void>>;
  /** Sessions whose deferred messages up to a number were stopped. */
  readonly stopped: Map<string, number>;
  /** The way out of the newest generation. Only one at a time talks to the networks. */
  wayOut: WayOut | undefined;
  /** Resolves when the generation before has let go of the networks and this one has begun, if it did. Never rejects. */
  handover: Promise<void>;
  /** The gateway is stopping: nothing begins any more. */
  isClosing: boolean;
}

export function createOngoing(): Ongoing {
  return {
    running: new Map(),
    waiting: new Waiting(),
    slots: new Slots(),
    ends: new Map(),
    stopped: new Map(),
    wayOut: undefined,
    handover: Promise.resolve(),
    isClosing: false,
  };
}

export function begin(work: Work): Running {
  const { promise: over, resolve: finish } = Promise.withResolvers<void>();
  return { work, abort: new AbortController(), begun: false, isOwner: false, mayCommand: false, over, finish };
}

/** Why a turn is stopped that an end of the gateway does not let come to its own. */
export const POSTPONED: DOMException = new DOMException("the gateway stops", "AbortError");
