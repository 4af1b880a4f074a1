import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { GatewayClient } from "../../client.ts";
import type { ChannelIssue, ChannelStatus } from "../../services/channel.ts";
import { loadSqlite } from "../../sqlite.ts";
import { eventually } from "../eventually.ts";
import type { TestGateway } from "../test-gateway.ts";
import { TEST_TOKEN } from "../test-gateway.ts";
import type { ChannelKit, KitMessage, KitNetwork, KitSent } from "./contract.ts";
import { answerTo } from "./model.ts";
import type { KitModel } from "./model.ts";
import { Broken, holds } from "./rule.ts";

export type Issue = ChannelIssue & { readonly channel: string; readonly accountId: string };

/** A message that somebody wrote, and what its answer is known by. */
export interface Said {
  readonly id: string;
  readonly mark: string;
  readonly answer: string;
}

export interface StageParts {
  readonly kit: ChannelKit;
  readonly network: KitNetwork;
  readonly model: KitModel;
  readonly gateway: TestGateway;
  readonly client: GatewayClient;
  /** How long a thing may take that has no limit of its own. */
  readonly withinMs: number;
  /** The configuration with these keys of the section, and these of the rest. */
  readonly configOf: (section: object, rest: object) => object;
}

let count = 0;

/** A gateway with the channel, its network and a model, and what rules do with them. */
export class Stage {
  readonly network: KitNetwork;
  readonly model: KitModel;
  readonly gateway: TestGateway;
  readonly client: GatewayClient;
  readonly #parts: StageParts;

  constructor(parts: StageParts) {
    this.#parts = parts;
    this.network = parts.network;
    this.model = parts.model;
    this.gateway = parts.gateway;
    this.client = parts.client;
  }

  get channel(): string {
    return this.#parts.kit.channel;
  }

  /** Stable id of a person. */
  person(number: number): string {
    return this.network.person(number);
  }

  target(number: number): string {
    return this.network.target?.(number) ?? this.network.person(number);
  }

  /** Rejects with a {@link Broken} that says `what` did not come about. */
  async until<T>(
    what: string,
    probe: () => T | Promise<T>,
    withinMs = this.#parts.withinMs,
  ): Promise<Exclude<T, undefined | false>> {
    try {
      return await eventually(what, probe, withinMs);
    } catch (error) {
      throw new Broken(`${(error as Error).message}${this.#lastError}`, { cause: error });
    }
  }

  /** Somebody writes, with a mark of its own behind the text. */
  async says(text: string, message: Omit<KitMessage, "text"> = { from: 1 }): Promise<Said> {
    const mark = `kit-${++count}`;
    const id = await this.network.says({ ...message, text: text === "" ? mark : `${text} ${mark}` });
    return { id, mark, answer: answerTo(mark) };
  }

  /** Messages with this in their text, that arrived at `to`, by default anywhere. */
  sent(text: string, to?: string): KitSent[] {
    return this.network.sent().filter((one) => plain(one.text).includes(text) && (to === undefined || one.to === to));
  }

  /** Everything that arrived at `to`. */
  sentTo(to: string): KitSent[] {
    return this.network.sent().filter((one) => one.to === to);
  }

  /** Resolves when the answer to the message is there; it must be where the message came from. */
  async answered({ mark, answer }: Said, to: string): Promise<KitSent> {
    const [sent] = await this.until(`an answer to ${mark}`, () => {
      const found = this.sent(answer);
      return found.length > 0 && found;
    });
    holds(sent?.to === to, `the answer for ${to} went to ${sent?.to}`);
    return sent;
  }

  /** Of those messages each had one turn and one answer. Call when nothing more is under way. */
  once(...all: readonly Said[]): void {
    for (const { mark, answer } of all) {
      const answers = this.sent(answer).length;
      holds(answers === 1, `${mark} was answered ${times(answers)}, not once`);
      const turns = this.model.turnsOf(mark);
      holds(turns === 1, `${mark} had ${turns} turns, not one`);
    }
  }

  /** What was to go to `to` before this call has arrived when it resolves. */
  async flushed(to: string, target: string): Promise<void> {
    const mark = `kit-${++count}`;
    await this.client.request("send", {
      channel: this.channel,
      to: target,
      message: `nothing more ${mark}`,
      idempotencyKey: mark,
    });
    await this.until(`a message to ${to}`, () => this.sent(`nothing more ${mark}`, to).length > 0);
  }

  /** Resolves when so many messages were refused for this reason, and none for another one. */
  async dropped(reasons: Readonly<Record<string, number>>): Promise<void> {
    const wanted = Object.values(reasons).reduce((sum, one) => sum + one, 0);
    const found = await this.until(`${wanted} messages refused (${Object.keys(reasons).join(", ")})`, async () => {
      const now = ((await this.account())["dropped"] ?? {}) as Readonly<Record<string, number>>;
      return Object.values(now).reduce((sum, one) => sum + one, 0) >= wanted && now;
    });
    for (const [reason, number] of Object.entries(reasons)) {
      holds(
        found[reason] === number,
        `refused were ${JSON.stringify(found)}, not ${JSON.stringify(reasons)}: the envelope does not say what happened`,
      );
    }
  }

  async status(probe = false): Promise<{ readonly accounts: readonly ChannelStatus[]; readonly issues: Issue[] }> {
    const { channelAccounts, issues } = await this.client.request<{
      readonly channelAccounts: Readonly<Record<string, readonly ChannelStatus[]>>;
      readonly issues: readonly Issue[];
    }>("channels.status", { probe });
    return {
      accounts: channelAccounts[this.channel] ?? [],
      issues: issues.filter(({ channel }) => channel === this.channel),
    };
  }

  async account(accountId = "default"): Promise<ChannelStatus> {
    const found = (await this.status()).accounts.find((one) => one.accountId === accountId);
    if (!found) throw new Broken(`channels.status knows no account "${accountId}"`);
    return found;
  }

  connected(accountId?: string, withinMs?: number): Promise<ChannelStatus> {
    return this.until(
      "the account is connected",
      async () => {
        const account = await this.account(accountId);
        this.#lastError = account.lastError === null ? "" : ` (${account.lastError})`;
        return account.connected && account;
      },
      withinMs,
    );
  }

  /** The account's last error, for messages. */
  #lastError = "";

  /** Another configuration; in force when it resolves. */
  async configure(section: object, rest: object = {}): Promise<void> {
    const { hash } = await this.client.request<{ readonly hash: string }>("config.get", {});
    const raw = JSON.stringify({
      ...this.#parts.configOf(section, rest),
      gateway: { mode: "local", auth: { token: TEST_TOKEN } },
    });
    await this.client.request("config.set", { raw, baseHash: hash });
  }

  /** Lines that the gateway wrote to its log, of all levels. */
  log(): { readonly level: string; readonly msg: string; readonly line: string }[] {
    const folder = join(this.gateway.stateDir, "logs");
    return readdirSync(folder)
      .filter((name) => name.endsWith(".log"))
      .flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"))
      .filter((line) => line !== "")
      .map((line) => ({ ...(JSON.parse(line) as { level: string; msg: string }), line }));
  }

  /** Nothing can be stored until the returned function is called, as when another program keeps the store to itself. */
  lockStore(): () => void {
    const { DatabaseSync } = loadSqlite();
    const store = new DatabaseSync(join(this.gateway.stateDir, "openclaw.sqlite"), { timeout: 5_000 });
    store.exec("BEGIN IMMEDIATE");
    return () => {
      store.exec("ROLLBACK");
      store.close();
    };
  }

  /** For what nothing announces. */
  pause(ms: number): Promise<void> {
    return delay(ms);
  }
}

/** Marks as they were written, whatever a network's markup makes of them. */
function plain(text: string): string {
  return text.replaceAll("\\", "");
}

function times(number: number): string {
  return number === 0 ? "never" : `${number} times`;
}
