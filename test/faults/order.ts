import { setTimeout as delay } from "node:timers/promises";
import { startGateway, testHome } from "../support/command-line.ts";
import { balance, countsText, isSettled } from "./balance.ts";
import type { Balance } from "./balance.ts";
import { Platform } from "./platform.ts";
import { Random } from "./random.ts";
import { CHANNELS, configOf, connect, endsOf, interleaved } from "./sweep.ts";

const WITHIN_MS = 100_000;
const POLL_MS = 500;

/** Many conversations that talk at once, over networks that tell things twice: each keeps its order. */
export async function orderOf(seed: number, conversations: number, messages: number): Promise<Balance> {
  const random = new Random(seed);
  await using platform = await Platform.open(random, { doubled: 0.3, lostAcks: 0 });
  using home = await testHome(configOf(platform.port));
  await using gateway = await startGateway(home);
  const client = await connect(home);
  try {
    const written = interleaved(random, Math.ceil(conversations / CHANNELS.length), messages).filter(
      ({ channel, chatId }) => CHANNELS.indexOf(channel as "loop-key") + 3 * Number(chatId.slice(5)) < conversations,
    );
    for (const { channel, ...message } of written) platform.write(channel, message);
    const deadline = performance.now() + WITHIN_MS;
    for (;;) {
      const isTaken = platform.acknowledged.size === written.length;
      const ends = isTaken ? await endsOf(client, written) : [];
      if (isTaken && isSettled(ends)) return balance(written, ends, platform.shown);
      if (performance.now() > deadline) {
        throw new Error(`not settled within ${WITHIN_MS} ms: ${platform.acknowledged.size} taken\n${gateway.stderr()}`);
      }
      await delay(POLL_MS);
    }
  } finally {
    await client.close();
  }
}

export function orderLedger(conversations: number, found: Balance): string {
  const { accepted, ends, entries, shown, faults } = found;
  return `${conversations} conversations: accepted ${accepted}; ends: ${countsText(ends)}; answers: ${countsText(entries)}; shown ${shown}; ${faults.length} faults`;
}
