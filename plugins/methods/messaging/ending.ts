import { errorText } from "openclaw/plugin-sdk";
import type {
  Change,
  OutboxEntry,
  PluginGateway,
  ReplyPayload,
  StoreApi,
  TurnResult,
  Work,
  WorkState,
} from "openclaw/plugin-sdk";
import type { Ongoing } from "./ongoing.ts";
import { filesOf } from "./media/files-of.ts";
import type { Outbox } from "./outbox.ts";
import { prefixOf } from "./prefix.ts";
import { untilStored } from "./until-stored.ts";
import { failedTurn, isOpen, withStep } from "./work.ts";
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
  readonly #gateway: PluginGateway;
  readonly #store: StoreApi;
  readonly #log: WorkLog;
  readonly #outbox: Outbox;
  readonly #ongoing: Ongoing;

  constructor(gateway: PluginGateway, store: StoreApi, log: WorkLog, outbox: Outbox, ongoing: Ongoing) {
    this.#gateway = gateway;
    this.#store = store;
    this.#log = log;
    this.#outbox = outbox;
    this.#ongoing = ongoing;
  }

  /** Does nothing for a message that has an end. Of two ends at the same moment the first one counts. */
  end(work: Work, state: WorkState, result: TurnResult, options: EndOptions = {}): Promise<void> {
    const { ends } = this.#ongoing;
    const before = ends.get(work.id);
    if (before) return before;
    const end = this.#end(work, state, result, options).finally(() => ends.delete(work.id));
    ends.set(work.id, end);
    return end;
  }

  async #end(work: Work, state: WorkState, result: TurnResult, { reason, say, also = [] }: EndOptions): Promise<void> {
    const current = (await this.#log.get(work.id)) ?? work;
    if (!isOpen(current)) return;
    const { replies, problem } = await this.#replies(work, result, say);
    const why = problem ?? reason;
    const { deferred: _deferred, ...rest } = current;
    const known = { ...current, ...(work.steps && { steps: work.steps }) };
    const { next, write } = this.#log.changed(rest, {
      state: problem === undefined ? state : "failed",
      result: problem === undefined ? result : { ...failedTurn(problem), payloads: result.payloads },
      steps: withStep(known, problem === undefined ? state : "failed", why),
      ...(why !== undefined && { reason: why }),
    });
    const changes = [write, ...also, ...replies.map((entry) => this.#outbox.insert(entry))];
    await untilStored(() => this.#store.commit(changes), {
      isOver: () => this.#ongoing.isClosing,
      failed: (error) => this.#gateway.log.error(`the end of message ${work.id} waits for the store`, { err: error }),
    });
    this.#ongoing.wayOut?.send(replies);
    this.#ongoing.waiting.end(work.id, next);
  }

  /** What is to be sent. A plugin that throws over an answer costs that answer, not the end of the message. */
  async #replies(
    work: Work,
    result: TurnResult,
    say: string | undefined,
  ): Promise<{ readonly replies: readonly OutboxEntry[]; readonly problem?: string }> {
    const { replyTo, messageId } = work.envelope;
    if (!replyTo) return { replies: [] };
    try {
      const owner = filesOf(work.sessionKey, this.#gateway.settings);
      const options = { workId: work.id, current: messageId, owner };
      return { replies: await this.#outbox.prepare(replyTo, this.#payloads(work, result, say), options) };
    } catch (error) {
      this.#gateway.log.error(`the answer to message ${work.id} could not be made ready`, { err: error });
      return { replies: [], problem: `the answer could not be made ready for ${replyTo.channel}: ${errorText(error)}` };
    }
  }

  /** The first answer of an agent carries the prefix; what the gateway itself says does not. */
  #payloads(work: Work, { payloads, meta }: TurnResult, say: string | undefined): readonly ReplyPayload[] {
    const prefix = meta["agentMeta"] === undefined ? "" : prefixOf(work, meta, this.#gateway.settings);
    const answers = payloads.map(({ unsent, ...one }, index) => {
      // It begins with what is outside already.
      if (unsent !== undefined) return { ...one, text: unsent };
      return index === 0 && prefix !== "" && one.text !== "" ? { ...one, text: prefix + one.text } : one;
    });
    return say === undefined ? answers : [...answers, { text: say, format: "plain" }];
  }
}
