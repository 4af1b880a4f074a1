import { errorText } from "openclaw/plugin-sdk";
import type {
  Accepted,
  ChannelAccount,
  ChannelDef,
  ChannelStatus,
  DeliveryOutcome,
  Envelope,
  OutboxEntry,
  PluginGateway,
  ReplyAddress,
} from "openclaw/plugin-sdk";
import type { MessagingHooks } from "./intake.ts";

const FIRST_RESTART_MS = 1_000;
const LAST_RESTART_MS = 60_000;
const STOP_MS = 5_000;

interface Account {
  readonly account: ChannelAccount;
  readonly definition: ChannelDef;
  readonly abort: AbortController;
  status: ChannelStatus;
  /** Settles when the account has stopped for good. */
  life: Promise<void>;
}

/** Runs the accounts of every channel that is offered and configured, and restarts what fails. */
export class Channels {
  readonly #gateway: PluginGateway;
  readonly #hooks: () => MessagingHooks;
  readonly #accept: (envelope: Envelope) => Promise<Accepted>;
  readonly #accounts = new Map<string, Map<string, Account>>();
  readonly #listeners = new Set<() => void>();
  #steps: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(gateway: PluginGateway, hooks: () => MessagingHooks, accept: (envelope: Envelope) => Promise<Accepted>) {
    this.#gateway = gateway;
    this.#hooks = hooks;
    this.#accept = accept;
  }

  /** Start what is offered now and follow what comes and goes. */
  start(): void {
    const { channel } = this.#hooks();
    channel.changed = (id) => this.#step(id);
    for (const id of channel.offers.keys()) this.#step(id);
  }

  /** Stop every account for good. Another generation may start them then. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#steps;
    await Promise.all([...this.#accounts.keys()].map((id) => this.#stop(id)));
  }

  async get(id: string): Promise<ChannelDef | undefined> {
    const offer = await this.#hooks().channel.resolve(id);
    return (await offer?.hook.promise()) ?? undefined;
  }

  has(id: string): boolean {
    return this.#hooks().channel.offers.has(id);
  }

  /** Would the same entry sent twice be shown once? */
  async repeatsSafely(id: string): Promise<boolean> {
    return (await this.get(id))?.repeatsSafely === true;
  }

  async ready({ channel, accountId }: ReplyAddress): Promise<boolean> {
    return this.#accounts.get(channel)?.get(accountId)?.status.running === true;
  }

  async deliver(entry: OutboxEntry): Promise<DeliveryOutcome> {
    const { channel, accountId } = entry.address;
    const running = this.#accounts.get(channel)?.get(accountId);
    if (!running) return { outcome: "not_sent", retryable: true, reason: "channel is not running" };
    try {
      const outcome = await running.definition.deliver(entry, running.account);
      running.status = { ...running.status, lastOutboundAt: Date.now() };
      return outcome;
    } catch (error) {
      // A channel that throws does not say whether bytes left: nobody can know.
      return { outcome: "unknown", reason: errorText(error) };
    }
  }

  /** Called when an account starts to run. Returns the undo. */
  onReady(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  list(): { id: string; label: string; accounts: ChannelStatus[] }[] {
    return [...this.#hooks().channel.offers.values()].map(({ key, options }) => ({
      id: key,
      label: options.label ?? key,
      accounts: [...(this.#accounts.get(key)?.values() ?? [])].map(({ status }) => status),
    }));
  }

  #step(id: string): void {
    this.#steps = this.#steps
      .then(async () => {
        await this.#stop(id);
        if (this.#stopped || !this.has(id)) return;
        const definition = await this.get(id);
        if (definition) this.#run(id, definition);
      })
      .catch((error: unknown) => this.#gateway.log.error(`channel ${id}: ${errorText(error)}`, { err: error }));
  }

  #run(id: string, definition: ChannelDef): void {
    const accounts = new Map<string, Account>();
    this.#accounts.set(id, accounts);
    for (const account of accountsOf(id, definition, this.#gateway)) {
      const running: Account = {
        account,
        definition,
        abort: new AbortController(),
        status: {
          accountId: account.accountId,
          enabled: true,
          configured: true,
          running: false,
          connected: false,
          lastError: null,
        },
        life: Promise.resolve(),
      };
      accounts.set(account.accountId, running);
      running.life = this.#live(id, running);
    }
  }

  /** Start an account again until it is told to stop; what it throws is its own. */
  async #live(id: string, running: Account): Promise<void> {
    const { account, definition, abort } = running;
    for (let attempt = 0; !abort.signal.aborted; attempt++) {
      const startedAt = Date.now();
      running.status = { ...running.status, running: true, connected: true, lastStartAt: startedAt };
      for (const listener of this.#listeners) listener();
      try {
        await definition.start({
          account,
          signal: abort.signal,
          accept: async (envelope) => {
            const { duplicate } = await this.#accept({
              replyTo: replyTo(id, account, envelope),
              ...envelope,
              channel: id,
              accountId: account.accountId,
            });
            running.status = { ...running.status, lastInboundAt: Date.now() };
            return { duplicate };
          },
          status: (patch) => void (running.status = { ...running.status, ...patch }),
          connected: (patch) => void (running.status = { ...running.status, connected: true, ...patch }),
          disconnected: (lastError, patch) =>
            void (running.status = { ...running.status, connected: false, lastError, ...patch }),
        });
        running.status = { ...running.status, running: false, connected: false, lastStopAt: Date.now() };
        return;
      } catch (error) {
        const lastError = errorText(error);
        running.status = { ...running.status, running: false, connected: false, lastError, lastStopAt: Date.now() };
        if (abort.signal.aborted) return;
        this.#gateway.log.error(`channel ${id}/${account.accountId} stopped: ${lastError}`, { err: error });
        if (Date.now() - startedAt > LAST_RESTART_MS) attempt = 0;
        await pause(Math.random() * Math.min(LAST_RESTART_MS, FIRST_RESTART_MS * 2 ** attempt), abort.signal);
      }
    }
  }

  async #stop(id: string): Promise<void> {
    const accounts = [...(this.#accounts.get(id)?.values() ?? [])];
    this.#accounts.delete(id);
    for (const { abort } of accounts) abort.abort();
    const stopped = new AbortController();
    const all = Promise.all(accounts.map(({ life }) => life));
    await Promise.race([all, pause(STOP_MS, stopped.signal)]);
    stopped.abort();
  }
}

/** Accounts that the configuration has for a channel; a channel that needs none runs without a section. */
function accountsOf(id: string, definition: ChannelDef, { settings }: PluginGateway): ChannelAccount[] {
  const section = settings.get<Record<string, unknown>>(`channels.${id}`);
  if (!section && definition.needsConfig !== false) return [];
  if (section?.["enabled"] === false) return [];
  const { accounts = {}, ...shared } = (section ?? {}) as { accounts?: Record<string, Record<string, unknown>> };
  const named = Object.entries(accounts).map(([accountId, own]) => ({ accountId, config: { ...shared, ...own } }));
  const all = named.length > 0 ? named : [{ accountId: "default", config: shared }];
  return all.filter(({ config }) => (config as { enabled?: boolean }).enabled !== false);
}

function replyTo(
  channel: string,
  { accountId }: ChannelAccount,
  { chatId, threadId }: Pick<Envelope, "chatId" | "threadId">,
): ReplyAddress {
  return { channel, accountId, to: chatId, ...(threadId !== undefined && { threadId }) };
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal?.addEventListener("abort", () => resolve(), { once: true });
  return promise.finally(() => clearTimeout(timer));
}
