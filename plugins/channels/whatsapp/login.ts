import { setTimeout as delay } from "node:timers/promises";
import { errorText, GatewayError, qrDataUrl } from "openclaw/plugin-sdk";
import type { ChannelAccount, FileLock, Logger } from "openclaw/plugin-sdk";
import { closeReason } from "./close-reason.ts";
import { Connection } from "./connection.ts";
import { CredentialFiles } from "./credential-files.ts";
import { isLinked, loadCredentials, newCredentials } from "./credentials.ts";
import { e164Of, normalizeNumber } from "./jid.ts";
import type { Library } from "./library.ts";
import { takeLock } from "./lock.ts";
import { accountSettings, settingsProblem } from "./settings.ts";

/** How long a code is offered before the login has to be started anew. */
const OFFER_MS = 180_000;
const START_MS = 30_000;
const WAIT_MS = 120_000;

export interface LoginParts {
  readonly load: () => Promise<Library>;
  readonly stateDir: string;
  readonly version: string;
  readonly log: Logger;
  /** Ends the account's session, so that its credentials can be replaced. */
  readonly release: (accountId: string) => Promise<void>;
  /** The network said that the credentials on disk are void. */
  readonly isLoggedOut: (accountId: string) => boolean;
}

export interface LoginOptions {
  readonly force?: boolean;
  readonly timeoutMs?: number;
  /** Link by a code that is typed into this phone, instead of one that it scans. */
  readonly phoneNumber?: string;
}

export interface LoginOffer {
  readonly message: string;
  readonly qrDataUrl?: string;
  /** The text in the QR code, for terminals. It links an account: never logged. */
  readonly qr?: string;
  /** To be typed on the phone. */
  readonly pairingCode?: string;
}

export interface LoginResult {
  readonly connected: boolean;
  readonly message: string;
}

/** A login that waits for its phone. */
interface Pending {
  readonly offer: Promise<void>;
  readonly result: Promise<LoginResult>;
  current: Omit<LoginOffer, "message">;
  readonly stop: () => void;
}

/** Links accounts to phones: one login at a time for each, in credentials of its own until the phone has agreed. */
export class Logins {
  readonly #parts: LoginParts;
  readonly #pending = new Map<string, Pending>();
  readonly #results = new Map<string, Promise<LoginResult>>();

  constructor(parts: LoginParts) {
    this.#parts = parts;
  }

  async start(account: ChannelAccount, options: LoginOptions): Promise<LoginOffer> {
    const { accountId } = account;
    const problem = settingsProblem(account);
    if (problem !== undefined) throw new GatewayError("INVALID_REQUEST", `cannot log in: ${problem}`);
    const number = options.phoneNumber === undefined ? undefined : normalizeNumber(options.phoneNumber);
    if (options.phoneNumber !== undefined && number === undefined) {
      throw new GatewayError("INVALID_REQUEST", "phoneNumber must be a whole number such as +15551234567");
    }
    const library = await this.#parts.load();
    if (options.force !== true && !this.#parts.isLoggedOut(accountId)) {
      const linked = await this.#linkedAs(account, library);
      if (linked !== undefined) return { message: `already linked as ${linked}; use force to link another phone` };
    }
    if (options.force === true) await this.#drop(accountId);
    const pending = this.#pending.get(accountId) ?? this.#begin(account, library, number);
    const late = delay(options.timeoutMs ?? START_MS, true, { ref: false });
    const isLate = await Promise.race([pending.offer.then(() => false), late]);
    const { current } = pending;
    if (current.pairingCode !== undefined) {
      return {
        ...current,
        message: `enter ${current.pairingCode} on the phone: WhatsApp, linked devices, link with phone number`,
      };
    }
    if (current.qr !== undefined) {
      return { ...current, message: "scan this QR code on the phone: WhatsApp, linked devices, link a device" };
    }
    const message = isLate ? "WhatsApp did not send a code in time; try again" : (await pending.result).message;
    throw new GatewayError("UNAVAILABLE", message, { retryable: true });
  }

  /** Resolves when the phone has agreed, the login is over, or it takes too long. */
  async wait(
    { accountId }: ChannelAccount,
    { timeoutMs = WAIT_MS }: Pick<LoginOptions, "timeoutMs">,
  ): Promise<LoginResult> {
    const result = this.#results.get(accountId);
    if (!result) return { connected: false, message: "No active WhatsApp login in progress." };
    const late = delay(timeoutMs, { connected: false, message: "still waiting for the phone" }, { ref: false });
    const told = await Promise.race([result, late]);
    // who asks again is not told of an old login
    if (told.connected && this.#results.get(accountId) === result) this.#results.delete(accountId);
    return told;
  }

  /** Ends what is under way, for an account or for all. */
  async stop(accountId?: string): Promise<void> {
    const ids = accountId === undefined ? [...this.#pending.keys()] : [accountId];
    await Promise.all(ids.map((id) => this.#drop(id)));
  }

  async #drop(accountId: string): Promise<void> {
    const pending = this.#pending.get(accountId);
    pending?.stop();
    await pending?.result;
  }

  #begin(account: ChannelAccount, library: Library, number: string | undefined): Pending {
    const { accountId } = account;
    const offered = Promise.withResolvers<void>();
    const stop = new AbortController();
    const pending: Pending = {
      current: {},
      offer: offered.promise,
      stop: () => stop.abort(),
      result: this.#link(account, library, number, stop.signal, (current) => {
        pending.current = current;
        offered.resolve();
      }).finally(() => {
        if (this.#pending.get(accountId) === pending) this.#pending.delete(accountId);
        offered.resolve();
      }),
    };
    this.#pending.set(accountId, pending);
    this.#results.set(accountId, pending.result);
    return pending;
  }

  /** From the first byte to the phone's consent. Never rejects. */
  async #link(
    account: ChannelAccount,
    library: Library,
    number: string | undefined,
    stop: AbortSignal,
    offer: (current: Pending["current"]) => void,
  ): Promise<LoginResult> {
    const { stateDir, version, log } = this.#parts;
    const { authDir, wsUrl } = accountSettings(account, stateDir);
    let lock: FileLock | undefined;
    const credentials = newCredentials(library, new CredentialFiles(authDir), async () => {
      await this.#parts.release(account.accountId);
      lock = await takeLock(authDir, AbortSignal.timeout(OFFER_MS));
    });
    let isAsked = false;
    let wasOffered = false;
    try {
      const connection = new Connection({
        library,
        credentials,
        accountId: account.accountId,
        url: wsUrl,
        version,
        log,
        // phones accept a typed code from browsers that they know
        ...(number !== undefined && { browser: library.Browsers.ubuntu("Chrome") }),
        onQr: (qr) => {
          wasOffered = true;
          if (number === undefined) void qrOffer(qr).then(offer);
          else if (!isAsked) {
            isAsked = true;
            void connection.socket.requestPairingCode(number.slice(1)).then(
              (code) => offer({ pairingCode: `${code.slice(0, 4)}-${code.slice(4)}` }),
              (error: unknown) => {
                log.warn(`whatsapp/${account.accountId}: no pairing code: ${errorText(error)}`);
                void connection.end();
              },
            );
          }
        },
      });
      const end = () => void connection.end();
      const timer = setTimeout(end, OFFER_MS);
      stop.addEventListener("abort", end, { once: true });
      if (stop.aborted) end();
      const { code, detail } = await connection.closed;
      clearTimeout(timer);
      stop.removeEventListener("abort", end);
      await connection.end();
      if (isLinked(credentials.creds)) {
        await credentials.save();
        return { connected: true, message: `linked as ${e164Of(credentials.creds.me?.id) ?? "this device"}` };
      }
      if (stop.aborted) return { connected: false, message: "the login was stopped" };
      const isNameless = code === undefined || code === 408;
      const expired = "the code expired before a phone used it; start the login again";
      const away = `WhatsApp cannot be reached${detail === "" ? "" : ` (${detail})`}; look at the network and try again`;
      const reason = isNameless ? (wasOffered ? expired : away) : closeReason(code, detail).message;
      return { connected: false, message: reason };
    } catch (error) {
      return { connected: false, message: `the login failed: ${errorText(error)}` };
    } finally {
      lock?.release();
    }
  }

  /** The number the account is linked to, by what is on disk. */
  async #linkedAs(account: ChannelAccount, library: Library): Promise<string | undefined> {
    const { authDir } = accountSettings(account, this.#parts.stateDir);
    try {
      const { creds } = await loadCredentials(library, new CredentialFiles(authDir), () => undefined);
      return e164Of(creds.me?.id) ?? creds.me?.id;
    } catch {
      // not linked, or with credentials that are of no use
      return undefined;
    }
  }
}

async function qrOffer(qr: string): Promise<Pending["current"]> {
  const { encode } = await import("uqr");
  return { qr, qrDataUrl: qrDataUrl(encode(qr, { border: 2 }).data) };
}
