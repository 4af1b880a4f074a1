import type { BlockDelivery, ReplyPayload, Settings, Work } from "openclaw/plugin-sdk";
import { channelKeys } from "./keys.ts";
import { filesOf } from "./media/files-of.ts";
import type { Ongoing } from "./ongoing.ts";
import type { Outbox } from "./outbox.ts";
import { prefixOf } from "./prefix.ts";

/** No block is longer than the shortest message of a network. */
const TEXT_LIMIT = 4_000;

export interface BlockParts {
  readonly settings: Settings;
  readonly outbox: Outbox;
  readonly ongoing: Ongoing;
  /** A part of the answer is outside: the turn must not be run again. */
  readonly markEffects: () => Promise<void>;
}

/** The way for parts of an answer, where the channel wants them (channels.md §1.12). */
export function blockDelivery(work: Work, parts: BlockParts): BlockDelivery | undefined {
  const { settings, outbox, ongoing, markEffects } = parts;
  const { replyTo, sessionKey, messageId } = work.envelope;
  if (!replyTo || sessionKey !== undefined) return undefined;
  const keys = channelKeys(settings, replyTo.channel, replyTo.accountId);
  const isOn = keys.blockStreaming ?? settings.get<string>("agents.defaults.blockStreamingDefault") === "on";
  if (!isOn) return undefined;
  let count = 0;
  return {
    coalesce: keys.blockStreamingCoalesce ?? {},
    textLimit: keys.textChunkLimit ?? TEXT_LIMIT,
    async send(payload: ReplyPayload, meta) {
      await markEffects();
      const index = count++;
      const prefix = index === 0 && payload.text !== "" ? prefixOf(work, meta, settings) : "";
      const options = {
        workId: work.id,
        id: `${work.id}-b${work.attempt}-${index}`,
        current: messageId,
        owner: filesOf(work.sessionKey, settings),
      };
      const entries = await outbox.prepare(replyTo, [{ ...payload, text: prefix + payload.text }], options);
      await outbox.entries.add(entries);
      ongoing.wayOut?.send(entries);
    },
  };
}
