import { join } from "node:path";
import { Platform } from "../platform.ts";
import type { Random } from "../random.ts";
import { numberIn, textOf } from "./network.ts";
import type { Network } from "./network.ts";

export const LOOP: string = join(import.meta.dirname, "..", "loop");

/** A network with an idempotency key, which moreover tells some messages twice. */
export async function keyedNetwork(random: Random): Promise<Network> {
  const platform = await Platform.open(random, { doubled: 0.2, lostAcks: 0 });
  let written = 0;
  return {
    channel: "loop-key",
    offersKey: true,
    section: { port: platform.port, groupPolicy: "open" },
    idOf: (number) => `key-${number}`,
    write({ number, conversation, messageId }) {
      written++;
      platform.write("loop-key", { messageId, chatId: `room-${conversation}`, text: textOf(number) });
    },
    unacknowledged: () => written - platform.acknowledged.size,
    acknowledgement: () => platform.acknowledgement(),
    connects: () => platform.connects,
    shown: () =>
      platform.shown.map(({ chatId, text }) => ({ number: numberIn(text), conversation: Number(chatId.slice(5)) })),
    [Symbol.asyncDispose]: () => platform[Symbol.asyncDispose](),
  };
}
