import { errorText } from "openclaw/plugin-sdk";
import type { ChannelStatus } from "openclaw/plugin-sdk";
import type { Channels, ListedChannel } from "./channels.ts";

const PROBE_MS = 10_000;
const SHORTEST_MS = 1_000;
const LONGEST_MS = 100_000;

/** Every account with what its network says now, all asked at the same time and within the limit: one that hangs delays nobody. */
export function probedList(channels: Channels, timeoutMs: number = PROBE_MS): Promise<ListedChannel[]> {
  const limitMs = Math.max(SHORTEST_MS, Math.min(timeoutMs, LONGEST_MS));
  return Promise.all(channels.list().map((one) => probed(one, channels, limitMs)));
}

async function probed(channel: ListedChannel, channels: Channels, limitMs: number): Promise<ListedChannel> {
  const accounts = await Promise.all(
    channel.accounts.map(async (status): Promise<ChannelStatus> => {
      const probe = await probeOf(channel, status.accountId, channels, limitMs);
      return probe ? { ...status, probe, lastProbeAt: Date.now() } : status;
    }),
  );
  return { ...channel, accounts };
}

async function probeOf({ id, definition }: ListedChannel, accountId: string, channels: Channels, limitMs: number) {
  if (!definition?.probe) return undefined;
  const signal = AbortSignal.timeout(limitMs);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(new Error(`no answer within ${limitMs} ms`)), { once: true });
  });
  const startedAt = performance.now();
  try {
    const probe = await Promise.race([definition.probe(channels.account(id, accountId), signal), late]);
    return { ...probe, elapsedMs: Math.round(performance.now() - startedAt) };
  } catch (error) {
    return { ok: false, error: errorText(error) };
  }
}
