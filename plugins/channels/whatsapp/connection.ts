import { setTimeout as delay } from "node:timers/promises";
import { errorText } from "openclaw/plugin-sdk";
import type { Logger } from "openclaw/plugin-sdk";
import type { AuthenticationState, GroupMetadata, WAMessage, WASocket } from "@whiskeysockets/baileys";
import type { Credentials } from "./credentials.ts";
import { containEscapes } from "./escapes.ts";
import type { Library } from "./library.ts";
import { logAdapter } from "./log-adapter.ts";
import { libraryCache } from "./recent.ts";

/** How long a socket may take to close before it is cut. */
const CLOSE_MS = 2_000;

/** How long the library may work on what it has when nothing more comes. */
const DRAIN_MS = 250;

export interface ConnectionParts {
  readonly library: Library;
  readonly credentials: Credentials;
  readonly accountId: string;
  readonly url: string;
  readonly version: string;
  /** What the phone's list of linked devices calls us. */
  readonly browser?: [string, string, string];
  readonly log: Logger;
  /** For peers that could not read a message of ours and ask for it again. */
  readonly sentMessage?: (messageId: string) => WAMessage["message"] | undefined;
  readonly group?: (jid: string) => GroupMetadata | undefined;
  readonly onQr?: (qr: string) => void;
  readonly onOpen?: () => void;
  readonly onMessages?: (messages: readonly WAMessage[], kind: "notify" | "append") => void;
  readonly onGroups?: (groups: readonly Partial<GroupMetadata>[]) => void;
}

export interface Closed {
  readonly code: number | undefined;
  readonly detail: string;
}

/** One connection from its first byte to its end. It never reconnects: whoever made it decides what comes next. */
export class Connection {
  readonly socket: WASocket;
  /** Resolves once, when nothing more will come. */
  readonly closed: Promise<Closed>;
  readonly #end = Promise.withResolvers<Closed>();
  readonly #saves = new Set<Promise<void>>();
  #isOpen = false;
  #isEnding = false;
  #isPaused = false;
  #lastFrameAt = performance.now();

  constructor(parts: ConnectionParts) {
    const { library, credentials, log, accountId } = parts;
    const logger = logAdapter(log, accountId);
    const auth: AuthenticationState = {
      creds: credentials.creds,
      keys: library.makeCacheableSignalKeyStore(credentials.keys, logger, libraryCache(5_000, 300_000)),
    };
    this.closed = this.#end.promise;
    this.socket = library.makeWASocket({
      auth,
      logger,
      waWebSocketUrl: parts.url,
      browser: parts.browser ?? ["openclaw", "cli", parts.version],
      syncFullHistory: false,
      // what was said before the account was linked is none of our business
      shouldSyncHistoryMessage: () => false,
      markOnlineOnConnect: false,
      emitOwnEvents: false,
      generateHighQualityLinkPreview: false,
      connectTimeoutMs: 20_000,
      defaultQueryTimeoutMs: 60_000,
      keepAliveIntervalMs: 30_000,
      transactionOpts: { maxCommitRetries: 3, delayBetweenTriesMs: 500 },
      msgRetryCounterCache: libraryCache(2_000, 3_600_000),
      userDevicesCache: libraryCache(2_000, 300_000),
      callOfferCache: libraryCache(100, 300_000),
      placeholderResendCache: libraryCache(500, 3_600_000),
      getMessage: async ({ id }) => parts.sentMessage?.(id ?? "") ?? undefined,
      cachedGroupMetadata: async (jid) => parts.group?.(jid),
      shouldIgnoreJid: (jid) => jid.endsWith("@broadcast") || jid.endsWith("@newsletter"),
    });
    this.#listen(parts);
  }

  /** The network knows us and everything can be sent. */
  get isOpen(): boolean {
    return this.#isOpen && !this.#isEnding;
  }

  get silentMs(): number {
    return performance.now() - this.#lastFrameAt;
  }

  /**
   * Takes nothing more in and lets the library finish what it has: it acknowledges a message before it tells of it, so that
   * an end in between would lose the message. What is not read here comes again with the next connection.
   */
  async drain(): Promise<void> {
    const raw = rawSocket(this.socket);
    if (!this.isOpen || raw?.pause === undefined) return;
    raw.pause();
    this.#isPaused = true;
    await delay(DRAIN_MS);
  }

  /** Ends the connection within a bounded time, whatever the peer does. `closed` tells `code` then. */
  async end(code?: number, detail = ""): Promise<void> {
    this.#isEnding = true;
    const closing = Promise.resolve(this.socket.end(undefined)).catch(() => undefined);
    // Nobody listens any more; only the answer to the close is read.
    if (this.#isPaused) rawSocket(this.socket)?.resume?.();
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, CLOSE_MS);
    await Promise.race([closing, late]);
    clearTimeout(timer);
    await this.#ended({ code, detail });
  }

  #listen({ credentials, log, accountId, onQr, onOpen, onMessages, onGroups }: ConnectionParts): void {
    const { ev, ws } = this.socket;
    containEscapes(ws, (event, error) => {
      log.debug(`whatsapp/${accountId}: the library failed at ${event.slice(0, 60)}: ${errorText(error)}`);
      // after a frame that cannot be read none can
      if (event === "message") void this.end(500, errorText(error));
    });
    ws.on("frame", () => (this.#lastFrameAt = performance.now()));
    ev.on("creds.update", () => {
      const save = credentials.save().catch((error: unknown) => {
        log.error(`whatsapp/${accountId}: the credentials could not be saved: ${errorText(error)}`);
      });
      this.#saves.add(save);
      void save.then(() => this.#saves.delete(save));
    });
    ev.on("connection.update", ({ qr, connection, lastDisconnect }) => {
      if (qr !== undefined && !this.#isEnding) onQr?.(qr);
      if (connection === "open" && !this.#isEnding) {
        this.#isOpen = true;
        onOpen?.();
      }
      if (connection === "close" && !this.#isEnding) {
        const error: unknown = lastDisconnect?.error;
        void this.#ended({ code: statusOf(error), detail: error instanceof Error ? error.message : "" });
      }
    });
    // the library hears of it and waits all the same
    ws.on("unexpected-response", (_request: unknown, response: { readonly statusCode?: number }) => {
      void this.end(503, `the server answered ${response.statusCode} to the request for a connection`);
    });
    ev.on("messages.upsert", ({ messages, type }) => onMessages?.(messages, type));
    ev.on("groups.upsert", (groups) => onGroups?.(groups));
    ev.on("groups.update", (groups) => onGroups?.(groups));
    ev.on("group-participants.update", ({ id }) => onGroups?.([{ id }]));
  }

  async #ended(end: Closed): Promise<void> {
    this.#isOpen = false;
    letGo(this.socket);
    await Promise.allSettled(this.#saves);
    this.#end.resolve(end);
  }
}

/** The library wraps every end in an error with the status that the network gave. */
function statusOf(error: unknown): number | undefined {
  const status = (error as { readonly output?: { readonly statusCode?: unknown } } | undefined)?.output?.statusCode;
  return typeof status === "number" ? status : undefined;
}

/**
 * Cuts a socket whose peer does not answer a close, and tells those who wait for an answer on it that none will come: the
 * library takes away its listeners before it closes, so that they would wait for a minute.
 */
function letGo(socket: WASocket): void {
  rawSocket(socket)?.terminate?.();
  socket.ws.emit("error", new Error("the connection is closed"));
}

/** The library's own socket, of which its types tell nothing. */
function rawSocket({ ws }: WASocket): { pause?(): void; resume?(): void; terminate?(): void } | undefined {
  const { socket } = ws as unknown as { readonly socket?: ReturnType<typeof rawSocket> | null };
  return socket ?? undefined;
}
