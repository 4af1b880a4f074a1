import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChannelStatus, GatewayClient } from "openclaw/plugin-sdk";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import type { FakeOpenAi } from "../fakes/openai-server.ts";
import { linkAccount } from "../fakes/whatsapp/linked.ts";
import { FakeWhatsApp } from "../fakes/whatsapp/server.ts";

export const ANN = "+15551110000";
export const BOB = "+15552220000";
export const GROUP = "120363000000000001@g.us";
/** Pauses that no test has to wait for. */
export const QUICK = { reconnect: { initialMs: 250, maxMs: 300, jitter: 0 } };

export interface World extends AsyncDisposable {
  readonly network: FakeWhatsApp;
  readonly gateway: TestGateway;
  readonly model: FakeOpenAi;
  readonly client: GatewayClient;
  /** The whole configuration with another `channels.whatsapp`. */
  config(section: object): object;
  status(accountId?: string): Promise<ChannelStatus>;
  /** Resolves with the account's status once it fits. */
  until(what: string, fits: (status: ChannelStatus) => unknown, accountId?: string): Promise<ChannelStatus>;
  /** What the last turn was asked, as text. */
  prompt(): string;
  /** Everything the gateway has logged. */
  log(): string;
}

export interface WorldOptions {
  readonly section?: object;
  readonly more?: object;
  readonly isLinked?: boolean;
  /** Certificate of the network, which has files then. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Changes the home before the gateway starts. */
  readonly prepare?: (stateDir: string, network: FakeWhatsApp) => void | Promise<void>;
}

/** A gateway with a linked WhatsApp account, the network on this machine and a model that says hello. */
export async function startWorld({
  section = {},
  more = {},
  isLinked = true,
  tls,
  prepare,
}: WorldOptions = {}): Promise<World> {
  const network = await FakeWhatsApp.start({ ...(tls && { tls }) });
  network.groups.set(GROUP, {
    subject: "Team",
    members: [`${ANN.slice(1)}@s.whatsapp.net`, `${BOB.slice(1)}@s.whatsapp.net`],
  });
  const model = await startFakeOpenAi();
  const home = mkdtempSync(join(tmpdir(), "openclaw-whatsapp-"));
  const stateDir = join(home, ".openclaw");
  if (isLinked) linkAccount(stateDir);
  await prepare?.(stateDir, network);
  const config = (whatsapp: object) => ({
    ...modelConfig(model),
    web: QUICK,
    logging: { level: "debug" },
    ...more,
    channels: { whatsapp: { wsUrl: network.wsUrl, allowFrom: [ANN], ...whatsapp } },
  });
  const gateway = await startTestGateway({ home, config: config(section) });
  const client = await gateway.client();
  const status = async (accountId = "default") => {
    const { channelAccounts } = await client.request<{ channelAccounts: Record<string, ChannelStatus[]> }>(
      "channels.status",
      {},
    );
    const found = channelAccounts["whatsapp"]?.find((one) => one.accountId === accountId);
    if (!found) throw new Error(`no account ${accountId}`);
    return found;
  };
  const log = () => {
    const folder = join(stateDir, "logs");
    return readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .join("");
  };
  return {
    network,
    gateway,
    model,
    client,
    config,
    status,
    until: (what, fits, accountId) =>
      eventually(
        what,
        async () => {
          const now = await status(accountId);
          return fits(now) ? now : undefined;
        },
        10_000,
      ),
    prompt() {
      const content = model.requests.at(-1)?.body.messages.at(-1)?.content ?? "";
      return typeof content === "string" ? content : JSON.stringify(content);
    },
    log,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      const faults = log().match(/fault of plugin "whatsapp"[^"]*/);
      await network.close();
      await model[Symbol.asyncDispose]();
      rmSync(home, { recursive: true, force: true });
      // nothing of the library's escapes, whatever the network does
      assert.deepEqual(faults, null);
    },
  };
}
