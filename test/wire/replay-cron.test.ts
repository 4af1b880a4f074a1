import { mock, test } from "node:test";
import { replay } from "./replay/replay.ts";
import { assertAsRecorded } from "./replay/report.ts";
import { RUN_EVENTS, skip, startGatewayWithModel, TICKS } from "./replay/surroundings.ts";

/** A moment before the capture was made: one of its jobs runs at a time of that day, and lists are in the order of time. */
const RECORDED_AT = 1_795_162_411_500;

test("cron: as recorded", { skip }, async (t) => {
  const now = Date.now.bind(Date);
  let offset = RECORDED_AT - 600_000 - now();
  mock.method(Date, "now", () => now() + offset);
  // The turn has to be over when the time of the other job comes.
  await using gateway = await startGatewayWithModel(5);
  const { url, port, token } = gateway;
  const client = await gateway.client();
  const job = await client.request<{ id: string }>("cron.add", {
    name: "demo job",
    schedule: { kind: "every", everyMs: 3_600_000 },
    payload: { kind: "systemEvent", text: "tick" },
  });

  await client.close();
  offset = RECORDED_AT - now();

  const report = await replay("cron", {
    url,
    secrets: { port, token },
    passing: TICKS,
    caused: new Set([...RUN_EVENTS, "cron"]),
    ids: { "<uuid:6>": job.id },
  });

  assertAsRecorded(t, report);
});
