import type { Change, ReplyPayload, Settings, StoreApi, TurnResult, Work, WorkState } from "openclaw/plugin-sdk";
import type { Ongoing } from "./ongoing.ts";
import type { Outbox } from "./outbox.ts";
import { prefixOf } from "./prefix.ts";
import { isOpen, withStep } from "./work.ts";
import type { WorkLog } from "./work.ts";

export interface EndOptions {
  readonly reason?: string;
  /** Told to the sender beside what the result says. */
  readonly say?: string;
  /** Further records of the same commit. */
  readonly also?: readonly Change[];
}

/** The one end of a message: its record and the messages that tell it are one commit (reliability.md R-06). */
export class Ending {
  readonly #settings: Settings;
  readonly #store: StoreApi;
  readonly #log: WorkLog;
  readonly #outbox: Outbox;
  readonly #ongoing: Ongoing;

  constructor(settings: Settings, store: StoreApi, log: WorkLog, outbox: Outbox, ongoing: Ongoing) {
    this.#settings = settings;
    this.#store = store;
    this.#log = log;
    this.#outbox = outbox;
    this.#ongoing = ongoing;
  }

  /** Does nothing for a message that has an end. */
  async end(
    work: Work,
    state: WorkState,
    result: TurnResult,
    { reason, say, also = [] }: EndOptions = {},
  ): Promise<void> {
    const current = (await this.#log.get(work.id)) ?? work;
    if (!isOpen(current)) return;
    const { replyTo, messageId } = work.envelope;
    const replies = replyTo
      ? await this.#outbox.prepare(replyTo, this.#payloads(work, result, say), { workId: work.id, current: messageId })
      : [];
    const { deferred: _deferred, ...rest } = current;
    const steps = withStep({ ...current, ...(work.steps && { steps: work.steps }) }, state, reason);
    const { next, write } = this.#log.changed(rest, { state, result, steps, ...(reason !== undefined && { reason }) });
    await this.#store.commit([write, ...also, ...replies.map((entry) => this.#outbox.insert(entry))]);
    this.#ongoing.wayOut?.send(replies);
    this.#ongoing.waiting.end(work.id, next);
  }
  /** The first answer of an agent carries the prefix; what the gateway itself says does not. */
  #payloads(work: Work, { payloads, meta }: TurnResult, say: string | undefined): readonly ReplyPayload[] {
    const prefix = meta["agentMeta"] === undefined ? "" : prefixOf(work, meta, this.#settings);
    const answers = payloads.map((one, index) =>
      index === 0 && prefix !== "" && one.text !== "" ? { ...one, text: prefix + one.text } : one,
    );
    return say === undefined ? answers : [...answers, { text: say, format: "plain" }];
  }
}
