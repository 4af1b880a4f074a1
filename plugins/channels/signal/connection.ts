import { Backoff, errorText, Lanes, pause } from "openclaw/plugin-sdk";
import type { ChannelContext, Logger } from "openclaw/plugin-sdk";
import { baseUrl, keysOf, startsDaemon } from "./account.ts";
import { startDaemon, untilReady } from "./daemon.ts";
import { receivedEvents } from "./event-stream.ts";
import { channelError, failureOf, SignalFailure } from "./failure.ts";
import { parseReceived } from "./parse.ts";
import type { Incoming, Parsed, Reader } from "./parse.ts";
import { normalizePerson } from "./people.ts";
import { Rpc } from "./rpc.ts";
import type { Received } from "./wire.ts";

/** What is on its way when the account stops is still taken in: the daemon has no other copy. */
const DRAIN_MS = 150;
/** channels.md §1.10. */
const BACKOFF = { initialMs: 1_000, maxMs: 10_000, factor: 2, jitter: 0.2 };
/** Without a byte for so long, keep-alives included, the stream is dead. */
const SILENCE_MS = 90_000;
/** Messages that wait for the disk at once; the stream waits then. */
const TAKEN_AT_ONCE = 50;

/** An account that runs. */
export interface Live {
  readonly rpc: Rpc;
  readonly reader: Reader;
}

export interface RunParts {
  readonly context: ChannelContext;
  readonly log: Logger;
  /** Called once the daemon has answered for the account. */
  readonly known: (live: Live) => void;
}

/** Lives until the signal aborts: the daemon, when it is ours, and its stream of events. */
export async function run({ context, log, known }: RunParts): Promise<void> {
  const { account, signal } = context;
  const url = baseUrl(account);
  const daemon = startsDaemon(account) ? startDaemon(account, log) : undefined;
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  void daemon?.ended.then((text) => over.abort(new SignalFailure("unreachable", text)));
  try {
    await untilReady(url, { account, daemon, signal });
    if (signal.aborted) return;
    const number = keysOf(account).account as string;
    const rpc = new Rpc(url, number);
    const live = { rpc, reader: { accountId: account.accountId, number, uuid: await uuidOf(rpc, number, either) } };
    known(live);
    await follow(url, live, { context, log, signal: either });
    if (!signal.aborted) throw over.signal.reason as SignalFailure;
  } catch (error) {
    if (signal.aborted) return;
    throw error instanceof SignalFailure ? channelError(error, keysOf(account).account ?? "") : error;
  } finally {
    await daemon?.stop();
  }
}

/** Whether the daemon has the account, and under which id. A daemon for one account does not list any. */
async function uuidOf(rpc: Rpc, number: string, signal: AbortSignal): Promise<string | undefined> {
  let accounts: readonly { readonly number?: string; readonly uuid?: string }[] | undefined;
  try {
    accounts = await rpc.call("listAccounts", {}, { signal });
  } catch (error) {
    if (error instanceof SignalFailure && error.kind === "rejected") return undefined;
    throw error;
  }
  if (!Array.isArray(accounts)) return undefined;
  const own = accounts.find((one) => one.number === number);
  if (!own && accounts.length > 0) throw new SignalFailure("account", `it has ${accounts.length} other accounts`);
  return own?.uuid?.toLowerCase();
}

/** Events, again and again: the stream is opened anew whenever it ends. */
async function follow(
  url: string,
  live: Live,
  { context, log, signal }: { context: ChannelContext; log: Logger; signal: AbortSignal },
): Promise<void> {
  const backoff = new Backoff(BACKOFF);
  while (!signal.aborted) {
    let reason = "signal-cli ended the stream of events";
    try {
      await readStream(url, live, { context, log, signal, opened: () => backoff.succeeded() });
    } catch (error) {
      if (signal.aborted) return;
      reason = error instanceof SignalFailure ? error.message : failureOf(error, signal).message;
    }
    if (signal.aborted) return;
    const waitMs = backoff.failed();
    context.disconnected(reason, { reconnectAttempts: backoff.failures });
    await pause(waitMs, signal);
  }
}

async function readStream(
  url: string,
  live: Live,
  parts: { context: ChannelContext; log: Logger; signal: AbortSignal; opened: () => void },
): Promise<void> {
  const { context, log, signal, opened } = parts;
  const lanes = new Lanes();
  const silent = new AbortController();
  const drained = new AbortController();
  const drain = () => void setTimeout(() => drained.abort(), DRAIN_MS);
  const timer = setTimeout(
    () => silent.abort(new SignalFailure("lost", `signal-cli said nothing for ${SILENCE_MS / 1_000} s`)),
    SILENCE_MS,
  );
  if (signal.aborted) drained.abort();
  signal.addEventListener("abort", drain, { once: true });
  try {
    const response = await fetch(`${url}/api/v1/events?account=${encodeURIComponent(live.reader.number)}`, {
      headers: { accept: "text/event-stream" },
      signal: AbortSignal.any([drained.signal, silent.signal]),
    });
    if (!response.ok || !response.body)
      throw new SignalFailure("lost", `signal-cli answered ${response.status} to the request for events`);
    opened();
    context.connected({ baseUrl: url, self: { e164: live.reader.number } });
    const alive = (async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        timer.refresh();
        yield chunk;
      }
    })(response.body);
    for await (const text of receivedEvents(alive)) {
      const envelope = wanted(text, live, context, log);
      if (!envelope) continue;
      // Those of several conversations share the cost of the disk; those of one keep their order.
      void lanes.run(envelope.chatId, () => take(envelope, context, log));
      if (lanes.size >= TAKEN_AT_ONCE) await lanes.idle();
    }
  } catch (error) {
    throw silent.signal.aborted ? silent.signal.reason : error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", drain);
    await lanes.idle();
  }
}

/** The daemon keeps nothing for us: what cannot be stored now is tried until it can be, or the account stops. */
async function take(envelope: Incoming, context: ChannelContext, log: Logger): Promise<void> {
  for (let waitMs = 250; ; waitMs = Math.min(waitMs * 2, 10_000)) {
    try {
      await context.accept(envelope);
      return;
    } catch (error) {
      if (context.signal.aborted) return;
      log.warn(`a message cannot be stored yet: ${errorText(error)}`);
      await pause(waitMs, context.signal);
    }
  }
}

function wanted(text: string, live: Live, context: ChannelContext, log: Logger): Incoming | undefined {
  const parsed = parse(text, live.reader);
  if (parsed.what === "skipped") return void log.debug(`not taken: ${parsed.reason}`);
  if (parsed.what === "reaction" && !wants(parsed, live.reader, context)) return undefined;
  return parsed.envelope;
}

function parse(text: string, reader: Reader): Parsed {
  try {
    const value = JSON.parse(text) as Received | { params?: Received } | null;
    // Some versions wrap it like a notification of JSON-RPC.
    const received = value !== null && "params" in value ? value.params : (value as Received | null);
    return parseReceived(received ?? {}, reader);
  } catch (error) {
    return { what: "skipped", reason: `an event that is no message: ${errorText(error)}` };
  }
}

/** `reactionNotifications`, read anew each time. */
function wants(
  { author, envelope }: Extract<Parsed, { what: "reaction" }>,
  { number, uuid }: Reader,
  { account }: ChannelContext,
): boolean {
  const { reactionNotifications = "own", reactionAllowlist = [] } = keysOf(account);
  if (reactionNotifications === "off") return false;
  if (reactionNotifications === "own") return author === number || (uuid !== undefined && author === `uuid:${uuid}`);
  if (reactionNotifications === "all") return true;
  const { id, tag } = envelope.sender;
  return reactionAllowlist.some((entry) => {
    const listed = normalizePerson(String(entry));
    return listed !== undefined && (listed === id || listed === tag);
  });
}
