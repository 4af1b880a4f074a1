import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { ChannelError, qrDataUrl } from "openclaw/plugin-sdk";
import type { ChannelAccount, ChannelLogin, LoginOffer, Logger } from "openclaw/plugin-sdk";
import { baseUrl, keysOf, startsDaemon } from "./account.ts";
import { answers, startDaemon, untilReady } from "./daemon.ts";
import type { Daemon } from "./daemon.ts";
import { failureOf, SignalFailure } from "./failure.ts";
import { Rpc } from "./rpc.ts";

const DEVICE_NAME = "OpenClaw";
/** How long a code is offered before the login has to be started anew. */
const OFFER_MS = 180_000;
const START_MS = 30_000;
const WAIT_MS = 120_000;

type Result = Awaited<ReturnType<ChannelLogin["wait"]>>;

/** A login that waits for its phone, or whose end nobody was told yet. */
interface Pending {
  readonly offer: LoginOffer;
  readonly result: Promise<Result>;
  readonly stop: () => void;
}

/** A daemon that is asked to link, and where it is ours what ends it. */
interface Linker {
  readonly rpc: Rpc;
  readonly release: () => Promise<void>;
}

/**
 * Links this machine to a Signal account as a further device (channels.md §3.5): the daemon tells a code, the phone scans
 * it, and the daemon has the account. One login at a time for each account.
 */
export class Logins implements ChannelLogin {
  readonly #log: Logger;
  readonly #pending = new Map<string, Pending>();

  constructor(log: Logger) {
    this.#log = log;
  }

  async start(
    account: ChannelAccount,
    { force = false, timeoutMs = START_MS }: { readonly force?: boolean; readonly timeoutMs?: number },
  ): Promise<LoginOffer> {
    const { accountId } = account;
    if (force) this.#drop(accountId);
    const before = this.#pending.get(accountId);
    if (before) return before.offer;
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(timeoutMs)]);
    const { rpc, release } = await this.#linker(account, signal);
    try {
      const known = force ? undefined : await knownNumber(account, rpc, signal);
      if (known !== undefined) {
        await release();
        const offer = { message: `already linked as ${known}; use force to link it anew` };
        const result = Promise.resolve({ connected: true, message: `linked as ${known}` });
        this.#pending.set(accountId, { offer, result, stop: () => undefined });
        return offer;
      }
      const { deviceLinkUri } = await rpc.call<{ deviceLinkUri: string }>("startLink", {}, { signal });
      const { encode } = await import("uqr");
      const offer = {
        message: "scan this code in Signal on your phone: Settings, Linked devices, Link new device",
        qr: deviceLinkUri,
        qrDataUrl: qrDataUrl(encode(deviceLinkUri, { border: 2 }).data),
      };
      const result = finish(account, rpc, deviceLinkUri, stop.signal).finally(release);
      this.#pending.set(accountId, { offer, result, stop: () => stop.abort() });
      return offer;
    } catch (error) {
      await release();
      throw new ChannelError("transient", `signal-cli cannot link here: ${failureOf(error, signal).message}`, {
        fix: `link it in a terminal: signal-cli link -n ${DEVICE_NAME}`,
        cause: error,
      });
    }
  }

  async wait({ accountId }: ChannelAccount, { timeoutMs = WAIT_MS }: { readonly timeoutMs?: number }): Promise<Result> {
    const pending = this.#pending.get(accountId);
    if (!pending) return { connected: false, message: "no login of this account is under way" };
    const late = new AbortController();
    const told = await Promise.race([
      pending.result,
      delay(timeoutMs, undefined, { ref: false, signal: late.signal }).catch(() => undefined),
    ]);
    late.abort();
    if (!told) return { connected: false, message: "still waiting for the phone" };
    // Who asks again is not told of an old login.
    if (this.#pending.get(accountId) === pending) this.#pending.delete(accountId);
    return told;
  }

  /** Ends whatever waits for a phone, and the daemons that were started for it. */
  async close(): Promise<void> {
    const results = [...this.#pending.values()].map(({ result }) => result);
    for (const accountId of this.#pending.keys()) this.#drop(accountId);
    await Promise.all(results);
  }

  #drop(accountId: string): void {
    this.#pending.get(accountId)?.stop();
    this.#pending.delete(accountId);
  }

  /** The daemon of the account if it runs; else one of our own, for as long as the login takes. */
  async #linker(account: ChannelAccount, signal: AbortSignal): Promise<Linker> {
    const url = baseUrl(account);
    if (await answers(url, signal)) return { rpc: new Rpc(url), release: () => Promise.resolve() };
    if (!startsDaemon(account)) {
      throw new ChannelError("transient", `cannot reach signal-cli at ${url}`, {
        fix: `start it: signal-cli daemon --http, or link in a terminal: signal-cli link -n ${DEVICE_NAME}`,
      });
    }
    const port = await freePort();
    // One for all accounts: one that is not there yet has no daemon.
    const daemon: Daemon = startDaemon(account, this.#log, { port });
    try {
      await untilReady(`http://127.0.0.1:${port}`, { account, daemon, signal });
      signal.throwIfAborted();
      return { rpc: new Rpc(`http://127.0.0.1:${port}`), release: () => daemon.stop() };
    } catch (error) {
      await daemon.stop();
      throw error;
    }
  }
}

/** The number of the account, if the daemon has it. */
async function knownNumber(account: ChannelAccount, rpc: Rpc, signal: AbortSignal): Promise<string | undefined> {
  const { account: number } = keysOf(account);
  if (number === undefined) return undefined;
  const accounts = await rpc.call<unknown>("listAccounts", {}, { signal }).catch((error: unknown) => {
    // A daemon for one account does not list it.
    if (error instanceof SignalFailure && error.kind === "rejected") return undefined;
    throw error;
  });
  const isKnown =
    Array.isArray(accounts) && accounts.some((one: { number?: unknown } | null) => one?.number === number);
  return isKnown ? number : undefined;
}

/** Waits for the phone. Never rejects. */
async function finish(account: ChannelAccount, rpc: Rpc, deviceLinkUri: string, signal: AbortSignal): Promise<Result> {
  try {
    const params = { deviceLinkUri, deviceName: DEVICE_NAME };
    const linked = await rpc.call<{ number?: string } | undefined>("finishLink", params, {
      signal,
      timeoutMs: OFFER_MS,
    });
    const wanted = keysOf(account).account;
    const number = linked?.number ?? wanted;
    if (number === wanted) return { connected: true, message: `linked as ${number ?? "the account of your phone"}` };
    return { connected: true, message: `linked as ${number}; name it: channels.signal.account` };
  } catch (error) {
    return { connected: false, message: `the phone did not link it: ${failureOf(error).message}` };
  }
}

/** Nobody has it a moment ago, on this machine only. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
