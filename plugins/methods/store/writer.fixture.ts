// Commits pairs of records, five commits at a time, and says which are durable, until its parent ends it.
// After a refusal it waits for a line of input. Arguments: state directory, first number, bytes of each value.
import { once } from "node:events";
import { writeSync } from "node:fs";
import { defineCollection, Store } from "openclaw/plugin-sdk";
import { createTestHost } from "openclaw/plugin-sdk/testing";
import plugin from "./index.ts";

const LEFT = defineCollection<object>("left");
const RIGHT = defineCollection<object>("right");
const [stateDir = "", first = "0", bytes = "100"] = process.argv.slice(2);
const host = await createTestHost(plugin, { stateDir });
const store = host.use(Store);
const padding = "x".repeat(Number(bytes));

for (let next = Number(first); ; next += 5) {
  const numbers = Array.from({ length: 5 }, (_, index) => next + index);
  const outcomes = await Promise.allSettled(numbers.map(commitPair));
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status === "fulfilled") writeSync(1, `ok ${numbers[index]}\n`);
    else writeSync(1, `refused ${numbers[index]} ${outcome.reason.code} ${outcome.reason.message}\n`);
  }
  if (outcomes.some(({ status }) => status === "rejected")) await once(process.stdin, "data");
}

function commitPair(number: number): Promise<void> {
  const value = { number, padding };
  return store.commit([LEFT.insert(`n${number}`, value), RIGHT.insert(`n${number}`, value)]);
}
