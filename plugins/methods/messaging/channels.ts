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
  StoreIntake,
} from "openclaw/plugin-sdk";
import { AccountLife } from "./account-life.ts";
import { accountIds, accountOf, fingerprint, isEnabled } from "./accounts.ts";
import { rendered } from "./compose.ts";
import type { MessagingHooks } from "./intake.ts";
import { outcomeOf } from "./outcome.ts";

/** How long an account may be away before it is asked what became of a send. */
const LOOK_BACK_WAIT_MS = 10_000;

const STOP_MS = 5_000;

interface Started {
  readonly life: AccountLife;
  readonly fingerprint: string;
}

export interface ListedChannel {
  readonly id: string;
  readonly label: string;
  readonly accounts: readonly ChannelStatus[];
  readonly definition?: ChannelDef | undefined;
}

/** Runs the accounts of every channel that is offered and configured, and hands entries to them. */
export class Channels {
  readonly #gateway: PluginGateway;
  readonly #hooks: () => MessagingHooks;
  readonly #accept: (envelope: Envelope) => Promise<Accepted>;
  readonly #changed: () => void;
  readonly #accounts = new Map<string, Map<string, Started>>();
  readonly #definitions = new Map<string, ChannelDef>();
  /** Who waits for an account to come to life, by channel and account. */
  readonly #listeners = new Map<string, Set<() => void>>();
  /** Accounts that were told to stop and have not yet, of whatever generation. */
  readonly #leaving: Map<string, Promise<void>>;
  #steps: Promise<void> = Promise.resolve();
  #stopped = false;
  #paused: string | undefined;

  constructor(
    gateway: PluginGateway,
    hooks: () => MessagingHooks,
    accept: (envelope: Envelope) => Promise<Accepted>,
    changed: () => void,
  ) {
    this.#gateway = gateway;
    this.#hooks = hooks;
    this.#accept = accept;
    this.#changed = changed;
    this.#leaving = gateway.keep("leaving", () => new Map<string, Promise<void>>());
  }

  /** Start what is offered now and follow what comes and goes. */
  start(): void {
    const { channel } = this.#hooks();
    channel.changed = (id) => this.#step(() => this.#restart(id));
    for (const id of channel.offers.keys()) this.#step(() => this.#restart(id));
    this.#activate();
  }

  /** The configuration changed: start, stop or start anew the accounts it concerns, and no other. */
  configured(): void {
    for (const id of this.#hooks().channel.offers.keys()) this.#step(() => this.#adjust(id));
    this.#activate();
  }

  /** Stop every account for good. Another generation may start them then. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#steps;
    await Promise.all([...this.#accounts.keys()].map((id) => this.#stop(id)));
  }

  async get(id: string): Promise<ChannelDef | undefined> {
    const known = this.#definitions.get(id);
    if (known && this.has(id)) return known;
    const offer = await this.#hooks().channel.resolve(id);
    const definition = (await offer?.hook.promise()) ?? undefined;
    if (definition) this.#definitions.set(id, definition);
    return definition;
  }

  has(id: string): boolean {
    return this.#hooks().channel.offers.has(id);
  }

  /** Ids of the accounts of a channel that are configured and on, the one for sends first. */
  async accountIds(id: string): Promise<readonly string[]> {
    const definition = await this.get(id);
    if (!definition) return [];
    const { settings } = this.#gateway;
    const on = accountIds(id, definition, settings).filter((one) =>
      isEnabled(accountOf(id, one, definition, settings)),
    );
    const preferred = settings.get<string>(`channels.${id}.defaultAccount`) ?? "default";
    return on.toSorted((a, b) => Number(b === preferred) - Number(a === preferred) || (a < b ? -1 : 1));
  }

  /** The account as the configuration has it, whether it runs or not. */
  account(channel: string, accountId: string): ChannelAccount {
    return accountOf(channel, accountId, this.#definitions.get(channel), this.#gateway.settings);
  }

  /** Whether anything new is taken in: where not, channels are told to keep it, and go on sending. */
  intake({ isOpen, reason }: StoreIntake): void {
    this.#paused = isOpen ? undefined : (reason ?? "no new messages are taken in");
    this.#changed();
  }

  life(channel: string, accountId: string): AccountLife | undefined {
    return this.#accounts.get(channel)?.get(accountId)?.life;
  }

  ready({ channel, accountId }: ReplyAddress): boolean {
    return this.life(channel, accountId)?.isReady === true;
  }

  async deliver(entry: OutboxEntry, signal: AbortSignal): Promise<DeliveryOutcome> {
    const life = this.life(entry.address.channel, entry.address.accountId);
    if (!life) return { outcome: "not_sent", retryable: true, reason: "channel is not running" };
    const { definition, account } = life;
    try {
      const payload = rendered(entry.payload, definition, account);
      const outcome = outcomeOf(await definition.deliver({ ...entry, payload }, account, signal));
      if (outcome.outcome === "sent") life.sent();
      return outcome;
    } catch (error) {
      // A channel that throws does not say whether bytes left: nobody can know.
      return outcomeOf({ outcome: "unknown", reason: errorText(error) });
    }
  }

  async lookBack(entry: OutboxEntry, signal: AbortSignal): Promise<DeliveryOutcome> {
    const { channel, accountId } = entry.address;
    // A send that was cut off by a reload or a lost connection: nobody can look before the account is back.
    await this.untilReady(channel, accountId, AbortSignal.any([signal, AbortSignal.timeout(LOOK_BACK_WAIT_MS)]));
    const life = this.life(channel, accountId);
    try {
      const found = await life?.definition.lookBack?.(entry, life.account, signal);
      return found ? outcomeOf(found) : { outcome: "unknown", reason: "the channel cannot tell whether it arrived" };
    } catch (error) {
      return outcomeOf({ outcome: "unknown", reason: `looking back: ${errorText(error)}` });
    }
  }

  /** Resolves when the account can be talked to, or the signal aborts. */
  async untilReady(channel: string, accountId: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.ready({ channel, accountId, to: "" })) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => resolve();
    const forget = this.onReady(channel, accountId, wake);
    signal.addEventListener("abort", wake, { once: true });
    await promise;
    forget();
    signal.removeEventListener("abort", wake);
  }

  /** Called when the account can be delivered to. Returns the undo. */
  onReady(channel: string, accountId: string, listener: () => void): () => void {
    const key = `${channel}/${accountId}`;
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(key);
    };
  }

  list(): ListedChannel[] {
    const listed = [...this.#hooks().channel.offers.values()].map(({ key, options }) => ({
      id: key,
      label: options.label ?? key,
      accounts: [...(this.#accounts.get(key)?.values() ?? [])].map(({ life }) => life.status),
      definition: this.#definitions.get(key),
    }));
    return listed.toSorted((a, b) => orderOf(a) - orderOf(b));
  }

  /** Let an account try again that has given up, after a login. */
  async restartAccount(channel: string, accountId: string): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.#step(async () => {
      await this.#stopAccount(channel, accountId);
      const definition = await this.get(channel);
      const isWanted = (await this.accountIds(channel)).includes(accountId);
      if (definition && isWanted && !this.#stopped) this.#run(channel, definition, accountId);
      done.resolve();
    });
    await done.promise;
  }

  /** Channels that only their manifest announces run once the configuration has a section for them that is on. */
  #activate(): void {
    const { channel } = this.#hooks();
    const sections = this.#gateway.settings.get<Readonly<Record<string, { enabled?: boolean } | null>>>("channels");
    for (const [id, section] of Object.entries(sections ?? {})) {
      if (this.has(id) || section?.enabled === false || channel.announcer?.(id) === undefined) continue;
      // The offer that comes of it is started like any other.
      this.#step(async () => void (await channel.resolve(id)));
    }
  }

  #step(work: () => Promise<void>): void {
    this.#steps = this.#steps
      .then(work)
      .catch((error: unknown) => this.#gateway.log.error(`channels: ${errorText(error)}`, { err: error }));
  }

  async #restart(id: string): Promise<void> {
    await this.#stop(id);
    this.#definitions.delete(id);
    if (this.#stopped || !this.has(id)) return;
    const definition = await this.get(id);
    if (!definition) return;
    for (const accountId of await this.accountIds(id)) this.#run(id, definition, accountId);
  }

  async #adjust(id: string): Promise<void> {
    if (this.#stopped || !this.has(id)) return;
    const definition = await this.get(id);
    if (!definition) return;
    const wanted = new Set(await this.accountIds(id));
    const running = this.#accounts.get(id) ?? new Map<string, Started>();
    for (const [accountId, started] of running) {
      const isSame = wanted.has(accountId) && fingerprint(started.life.account, definition) === started.fingerprint;
      if (!isSame) await this.#stopAccount(id, accountId);
    }
    for (const accountId of wanted) if (!this.life(id, accountId)) this.#run(id, definition, accountId);
  }

  #run(channel: string, definition: ChannelDef, accountId: string): void {
    const account = accountOf(channel, accountId, definition, this.#gateway.settings);
    const life = new AccountLife({
      channel,
      account,
      definition,
      log: this.#gateway.log,
      accept: this.#accept,
      ready: () => {
        for (const listener of Array.from(this.#listeners.get(`${channel}/${accountId}`) ?? [])) listener();
      },
      paused: () => this.#paused,
      changed: this.#changed,
    });
    const accounts = this.#accounts.get(channel) ?? new Map<string, Started>();
    this.#accounts.set(channel, accounts.set(accountId, { life, fingerprint: fingerprint(account, definition) }));
    life.start(this.#leaving.get(`${channel}/${accountId}`));
  }

  async #stop(id: string): Promise<void> {
    await Promise.all([...(this.#accounts.get(id)?.keys() ?? [])].map((one) => this.#stopAccount(id, one)));
    this.#accounts.delete(id);
  }

  async #stopAccount(id: string, accountId: string): Promise<void> {
    const accounts = this.#accounts.get(id);
    const started = accounts?.get(accountId);
    if (!started) return;
    accounts?.delete(accountId);
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, STOP_MS);
    const key = `${id}/${accountId}`;
    // It may have been waiting itself for the one before.
    const stopped = Promise.all([this.#leaving.get(key), started.life.stop()]).then(() => {
      if (this.#leaving.get(key) === stopped) this.#leaving.delete(key);
    });
    this.#leaving.set(key, stopped);
    await Promise.race([stopped, promise]);
    clearTimeout(timer);
  }
}

function orderOf({ definition }: ListedChannel): number {
  return definition?.meta?.order ?? Number.MAX_SAFE_INTEGER;
}
