import type { Backoff, ChannelContext, Logger } from "openclaw/plugin-sdk";
import { errorText, pause } from "openclaw/plugin-sdk";
import type { Client } from "./client.ts";
import { channelError } from "./failure.ts";
import type { TelegramFailure } from "./failure.ts";
import type { Offset } from "./offset.ts";
import type { WireUpdate } from "./wire.ts";

const HOLD_S = 30;
/** More than the hold; after that the answer is lost. */
const GRACE_S = 10;
const PAGE = 100;
/** How long something that is not durable yet is waited for before Telegram is asked again. */
const RECHECK_MS = 150;
/** Pause after an answer that is of no use, so that nobody is asked in a loop. */
const USELESS_MS = 1_000;

export const ALLOWED_UPDATES = [
  "message",
  "edited_message",
  "channel_post",
  "edited_channel_post",
  "callback_query",
  "message_reaction",
  "my_chat_member",
] as const;

export interface PollParts {
  readonly client: Client;
  readonly offset: Offset;
  readonly backoff: Backoff;
  readonly context: ChannelContext;
  readonly log: Logger;
  readonly timeoutSeconds: number;
  readonly take: (update: WireUpdate) => Promise<void>;
}

/**
 * Long polling until the signal aborts. The offset moves over an update only once that is durable; a broken connection
 * is reported and tried again here, what trying again cannot mend is thrown.
 */
export async function poll(parts: PollParts): Promise<void> {
  const { offset, backoff, context, log } = parts;
  const { signal } = context;
  let isConnected = false;
  while (!signal.aborted) {
    try {
      const updates = await ask(parts, isConnected);
      backoff.succeeded();
      if (!isConnected) context.connected({ reconnectAttempts: 0 });
      isConnected = true;
      await takeAll(updates, parts);
    } catch (error) {
      // `ask` throws nothing else.
      const failure = error as TelegramFailure;
      if (signal.aborted) break;
      if (failure.kind === "auth" || failure.kind === "conflict" || failure.kind === "rejected")
        throw channelError(failure);
      const asked = failure.retryAfterMs;
      const waitMs = asked === undefined ? backoff.failed() : asked * (1 + Math.random() / 10);
      // To be asked to wait is no broken connection.
      if (failure.kind !== "throttled") {
        isConnected = false;
        context.disconnected(failure.message, { reconnectAttempts: backoff.failures });
        log.warn(`${failure.message}; again in ${Math.round(waitMs / 1_000)} s`, {
          accountId: context.account.accountId,
        });
      }
      await pause(waitMs, signal);
    }
  }
  await offset.save().catch((error: unknown) => log.warn(`the offset could not be written: ${errorText(error)}`));
}

/** What is there, or comes within the hold. The first answer is wanted at once: it tells that the account works. */
async function ask(
  { client, offset, context, timeoutSeconds }: PollParts,
  isConnected: boolean,
): Promise<readonly WireUpdate[]> {
  const holdS = offset.isBehind || !isConnected ? 0 : Math.max(1, Math.min(HOLD_S, timeoutSeconds - GRACE_S));
  const next = offset.next();
  const limit = AbortSignal.timeout((holdS + GRACE_S) * 1_000);
  const signal = AbortSignal.any([context.signal, limit]);
  const updates: unknown = await client.call(
    (raw, until) =>
      raw.getUpdates(
        { timeout: holdS, limit: PAGE, allowed_updates: ALLOWED_UPDATES, ...(next !== undefined && { offset: next }) },
        until,
      ),
    signal,
  );
  return Array.isArray(updates) ? (updates as readonly WireUpdate[]) : [];
}

async function takeAll(updates: readonly WireUpdate[], { offset, take, context, log }: PollParts): Promise<void> {
  const { signal } = context;
  let isNew = false;
  let hasFailed = false;
  const taken = inOrder(updates).map(async (update) => {
    const id = update.update_id as number;
    if (!offset.begin(id)) return;
    isNew = true;
    try {
      await take(update);
      offset.done(id);
    } catch (error) {
      offset.failed(id);
      hasFailed = true;
      if (!signal.aborted) log.warn(`an update could not be kept and is asked for again: ${errorText(error)}`);
    }
  });
  const settled = Promise.all(taken);
  if (isNew) await Promise.race([settled, pause(RECHECK_MS, signal)]);
  // What is there is under way: it is not asked for in a loop.
  else if (offset.isBehind) await pause(RECHECK_MS, signal);
  else if (updates.length > 0) await pause(USELESS_MS, signal);
  await offset.save().catch((error: unknown) => log.warn(`the offset could not be written: ${errorText(error)}`));
  if (hasFailed) await pause(USELESS_MS, signal);
}

/** By number, whatever order they came in; without one an update can be neither acknowledged nor told from the next. */
function inOrder(updates: readonly WireUpdate[]): WireUpdate[] {
  const numbered = updates.filter((one) => Number.isSafeInteger((one as WireUpdate | null)?.update_id));
  return numbered.toSorted((a, b) => (a.update_id as number) - (b.update_id as number));
}
