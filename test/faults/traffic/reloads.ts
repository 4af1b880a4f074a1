import { setTimeout as delay } from "node:timers/promises";
import type { GatewayClient } from "openclaw/plugin-sdk";
import type { ReloadOutcome } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import type { Network } from "./network.ts";

/** The channels' plugins, the plugin behind most methods that have to do with messages, and one that knows of neither. */
const UNRELATED = "canvas-host";
const RELOADED = ["telegram", "loop", "messaging", UNRELATED] as const;
const EVERY_MS = 1_000;
/** Reloads of the unrelated plugin alone. */
const ALONE = 5;
const WITHIN_MS = 30_000;

export interface Watch extends AsyncDisposable {
  /** From now on the gateway may go away. */
  expectClose(): void;
}

/** Reloads plugins every second and sees whether anybody is disconnected by that. */
export class Reloads {
  readonly counts: Record<string, number> = {};
  readonly faults: string[] = [];

  /** Reloads through `client` until disposed of; `operator` only looks on. */
  watch(client: GatewayClient, operator: GatewayClient): Watch {
    let mayClose = false;
    const abort = new AbortController();
    for (const one of [client, operator]) {
      one.on("disconnected", ({ code, reason }) => {
        if (!mayClose) this.faults.push(`an operator was disconnected: ${code} ${reason}`);
      });
    }
    const reload = (id: string) =>
      this.#reload(client, id).catch((error: unknown) => {
        if (!mayClose) this.faults.push(`reload of ${id}: ${String(error)}`);
      });
    const loop = async () => {
      while (!abort.signal.aborted) {
        const next = delay(EVERY_MS, undefined, { signal: abort.signal }).catch(() => undefined);
        await Promise.all(RELOADED.map(reload));
        await next;
      }
    };
    const done = loop();
    return {
      expectClose: () => void (mayClose = true),
      async [Symbol.asyncDispose]() {
        abort.abort();
        await done;
        mayClose = true;
        await Promise.all([client.close(), operator.close()]);
      },
    };
  }

  /** The channels must not notice that a plugin which knows nothing of them is reloaded. */
  async unrelated(client: GatewayClient, networks: readonly Network[]): Promise<void> {
    await eventually("every account is connected", () => isConnected(client), WITHIN_MS);
    const before = networks.map((network) => network.connects());
    for (let time = 0; time < ALONE; time++) await this.#reload(client, UNRELATED);
    for (const [index, network] of networks.entries()) {
      const more = network.connects() - (before[index] ?? 0);
      if (more > 0) this.faults.push(`${network.channel} connected ${more} times because ${UNRELATED} was reloaded`);
    }
  }

  async #reload(client: GatewayClient, id: string): Promise<void> {
    const outcome = await client.request<ReloadOutcome>("plugins.reload", { id }, { timeoutMs: WITHIN_MS });
    if (!outcome.ok) this.faults.push(`${id} was not reloaded: ${outcome.error}`);
    this.counts[id] = (this.counts[id] ?? 0) + 1;
  }
}

async function isConnected(client: GatewayClient): Promise<boolean> {
  const { channelAccounts } = await client.request<{
    channelAccounts: Readonly<Record<string, readonly { readonly connected: boolean }[]>>;
  }>("channels.status");
  return Object.values(channelAccounts)
    .flat()
    .every(({ connected }) => connected);
}
