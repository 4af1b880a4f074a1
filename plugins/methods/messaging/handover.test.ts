import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { takeOver } from "./handover.ts";
import { createOngoing } from "./ongoing.ts";
import type { WayOut } from "./ongoing.ts";

/** Generations that note what they do. The first one stops when it is told that it may. */
function generations(mayStop: Promise<void> = Promise.resolve()) {
  const said: string[] = [];
  const ongoing = createOngoing();
  const come = (name: string, stopped?: Promise<void>) => {
    const wayOut: WayOut = {
      isOver: false,
      send: () => undefined,
      async stop() {
        wayOut.isOver = true;
        await stopped;
        said.push(`${name} stopped`);
      },
    };
    const taken = takeOver(ongoing, wayOut, async () => void said.push(`${name} begins`));
    return { wayOut, taken };
  };
  return { said, ongoing, come, first: () => come("first", mayStop) };
}

test("a generation begins when the one before has let go", async () => {
  const { said, come, first } = generations();

  await first().taken;
  await come("second").taken;

  assert.deepEqual(said, ["first begins", "first stopped", "second begins"]);
});

test("of generations that come while an old one lets go only the newest begins, and not before", async () => {
  const mayStop = Promise.withResolvers<void>();
  const { said, come, first } = generations(mayStop.promise);
  await first().taken;

  const waiting = [come("second").taken, come("third").taken];
  await eventually("nobody begins", () => said.length === 1);
  mayStop.resolve();
  await Promise.all(waiting);

  assert.deepEqual(said, ["first begins", "first stopped", "second stopped", "third begins"]);
});

test("a generation that goes before it begins does not begin", async () => {
  const mayStop = Promise.withResolvers<void>();
  const { said, ongoing, come, first } = generations(mayStop.promise);
  await first().taken;

  const second = come("second");
  await second.wayOut.stop();
  mayStop.resolve();
  await second.taken;
  await ongoing.handover;

  assert.deepEqual(said, ["first begins", "second stopped", "first stopped"]);
});
