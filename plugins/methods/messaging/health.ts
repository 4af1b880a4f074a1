import type { HealthReport } from "openclaw/plugin-sdk";
import type { ListedChannel } from "./channels.ts";

/** The channels' part of the health report: an object per channel, and the seeds' plain words beside it. */
export function channelHealth(report: HealthReport, channels: readonly ListedChannel[]): HealthReport {
  const shown = channels.filter(({ accounts }) => accounts.length > 0);
  return {
    ...report,
    channels: { ...report.channels, ...Object.fromEntries(shown.map((channel) => [channel.id, summary(channel)])) },
    channelOrder: [...report.channelOrder, ...shown.map(({ id }) => id)],
    channelLabels: { ...report.channelLabels, ...Object.fromEntries(shown.map(({ id, label }) => [id, label])) },
    channelStates: Object.fromEntries(shown.map(({ id, accounts }) => [id, stateOf(accounts)])),
  };
}

export function summary({ accounts }: ListedChannel): object {
  const [first] = accounts;
  return {
    // Nobody has probed it, unless it says otherwise.
    lastProbeAt: null,
    ...first,
    state: stateOf(accounts),
    accounts: Object.fromEntries(accounts.map((account) => [account.accountId, account])),
  };
}

function stateOf(accounts: ListedChannel["accounts"]): string {
  if (accounts.every(({ connected }) => connected)) return "connected";
  if (accounts.some(({ lastError, running }) => lastError !== null && !running)) return "error";
  return accounts.some(({ running }) => running) ? "connecting" : "disconnected";
}
