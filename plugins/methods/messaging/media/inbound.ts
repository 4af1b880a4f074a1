import { basename } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { errorText, GatewayError } from "openclaw/plugin-sdk";
import type { ChannelAccount, ChannelDef, Download, Media, PluginGateway, Work } from "openclaw/plugin-sdk";
import { guardedFetch } from "openclaw/plugin-sdk/net";
import type { GuardedFetchOptions } from "openclaw/plugin-sdk/net";
import type { MessagingHooks } from "../intake.ts";
import type { Ongoing, Running } from "../ongoing.ts";
import { ceilingOf, MB } from "./kind.ts";
import { TooLarge } from "./store.ts";
import type { MediaStore } from "./store.ts";

export interface InboundParts {
  readonly gateway: PluginGateway;
  readonly store: MediaStore;
  readonly ongoing: Ongoing;
  readonly channel: (id: string) => Promise<ChannelDef | undefined>;
  readonly account: (channel: string, accountId: string) => ChannelAccount;
  /** Resolves when the account can be talked to, or the signal aborts. */
  readonly ready: (channel: string, accountId: string, signal: AbortSignal) => Promise<void>;
  readonly hooks: () => MessagingHooks;
}

/** Downloads at once, of all channels. */
const AT_ONCE = 8;
const DOWNLOAD_MS = 120_000;
/** After a start, accounts take a while to connect. */
const READY_MS = 30_000;
const TRIES = 2;
const PAUSE_MS = 500;
const MAX_FILES = 20;
const DEFAULT_MB = 20;

/**
 * Attachments of messages that were let in. They are fetched while the message waits for its turn, so that no other
 * message waits for them; the turn begins when all of them are there or were given up. A file that is there is not
 * fetched again, whatever happened to the process.
 */
export class Inbound {
  readonly #parts: InboundParts;
  readonly #since = Date.now();

  constructor(parts: InboundParts) {
    this.#parts = parts;
  }

  /** Begin to fetch what the message has. */
  begin(running: Running): void {
    const { media = [] } = running.work.envelope;
    if (running.media || !media.some(({ status }) => status === "pending")) return;
    running.media = Promise.all(
      media.map((one, index): Media | Promise<Media> =>
        index < MAX_FILES
          ? this.#fetch(one, index, running).then((fetched) => this.#understood(fetched, running))
          : { ...one, status: "skipped" },
      ),
    );
    void running.media.then(() => (running.isMediaThere = true));
  }

  async #fetch(media: Media, index: number, { work, abort }: Running): Promise<Media> {
    if (media.status !== "pending") return media;
    const { gateway, ongoing } = this.#parts;
    const release = await ongoing.slots.take("downloads", AT_ONCE);
    try {
      for (let tries = 1; ; tries++) {
        try {
          return await this.#fetched(media, `${work.id} ${index}`, work, abort.signal);
        } catch (error) {
          if (tries >= TRIES || isFinal(error) || abort.signal.aborted) throw error;
          await delay(PAUSE_MS, undefined, { signal: abort.signal });
        }
      }
    } catch (error) {
      if (error instanceof TooLarge) return { ...media, status: "too-large" };
      const { channel } = work.envelope;
      if (!abort.signal.aborted)
        gateway.log.warn(`an attachment of ${channel} could not be downloaded: ${errorText(error)}`, {
          workId: work.id,
        });
      return { ...media, status: "failed" };
    } finally {
      release();
    }
  }

  /** The attachment with what is in it, in words. */
  async #understood(media: Media, { work, abort }: Running): Promise<Media> {
    const { gateway, hooks } = this.#parts;
    const { understand } = hooks();
    if (media.status !== "saved" || media.text !== undefined || !understand.isUsed()) return media;
    try {
      const text = await understand.promise({ media, work, signal: abort.signal });
      return text ? { ...media, text } : media;
    } catch (error) {
      if (!abort.signal.aborted)
        gateway.log.warn(`an attachment of ${work.envelope.channel} was not understood: ${errorText(error)}`, {
          workId: work.id,
        });
      return media;
    }
  }

  async #fetched(media: Media, identity: string, work: Work, stop: AbortSignal): Promise<Media> {
    const { gateway, store, channel: find, account: accountOf } = this.#parts;
    const { channel, accountId = "default" } = work.envelope;
    const isOld = work.attempt > 0 || work.acceptedAt < this.#since;
    const known = isOld ? await store.find("inbound", identity, media, media.kind) : undefined;
    if (known) return { ...media, ...known, status: "saved" };
    const definition = await find(channel);
    const account = accountOf(channel, accountId);
    const limit = limitOf(definition, account);
    if ((media.size ?? 0) > Math.min(limit, ceilingOf(media.kind))) throw new TooLarge(limit);
    const signal = AbortSignal.any([stop, AbortSignal.timeout(DOWNLOAD_MS)]);
    if (definition?.download)
      await this.#parts.ready(channel, accountId, AbortSignal.any([stop, AbortSignal.timeout(READY_MS)]));
    const allowHosts = gateway.settings.get<readonly string[]>("messages.media.dangerouslyAllowHosts") ?? [];
    const download = definition?.download
      ? await orStopped(definition.download(media, account, signal), signal)
      : await ofAddress(media.url, { maxBytes: limit, signal, allowHosts });
    if (!download) return { ...media, status: "skipped" };
    const fileName = media.fileName ?? download.fileName;
    const saved = await store.save("inbound", {
      body: download.body,
      contentType: download.contentType ?? media.contentType,
      fileName,
      identity,
      kind: media.kind,
      limit,
      isCeiled: true,
      signal,
    });
    return { ...media, ...(fileName !== undefined && { fileName }), ...saved, status: "saved" };
  }
}

/** The message with its attachments as they are now, when all of them are there or were given up. */
export async function settled(running: Running): Promise<void> {
  const media = await running.media;
  if (!media) return;
  delete running.media;
  running.work = { ...running.work, envelope: { ...running.work.envelope, media } };
}

/** A channel that does not look at the signal must not hold the message. */
async function orStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Asking once more would not help. */
function isFinal(error: unknown): boolean {
  return error instanceof TooLarge || (error instanceof GatewayError && error.code === "INVALID_REQUEST");
}

async function ofAddress(
  address: string | undefined,
  options: GuardedFetchOptions & { readonly maxBytes: number },
): Promise<Download | undefined> {
  if (address === undefined) return undefined;
  const { status, body, contentType, isCut, url } = await guardedFetch(address, options);
  if (status !== 200) throw new Error(`${new URL(url).host} answered ${status}`);
  if (isCut) throw new TooLarge(options.maxBytes);
  const name = basename(new URL(url).pathname);
  return { body: one(body), contentType, ...(name !== "" && { fileName: name }) };
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function limitOf(definition: ChannelDef | undefined, { config }: ChannelAccount): number {
  const mb = config["mediaMaxMb"];
  return (typeof mb === "number" && mb > 0 ? mb : (definition?.limits?.mediaMaxMb ?? DEFAULT_MB)) * MB;
}
