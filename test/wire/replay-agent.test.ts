import { test } from "node:test";
import { replay } from "./replay/replay.ts";
import { assertAsRecorded } from "./replay/report.ts";
import {
  RUN_EVENTS,
  skip,
  startGatewayWithModel,
  TICKS,
  UNREACHED_TELEGRAM,
  usedBefore,
  withApprovals,
} from "./replay/surroundings.ts";

test("agent-two-phase: as recorded", { skip }, async (t) => {
  // Slow enough for the client to repeat itself before the answer is there.
  await using gateway = await startGatewayWithModel(300, { channels: { telegram: UNREACHED_TELEGRAM } });
  const { url, port, token } = gateway;
  await withApprovals(gateway);
  await usedBefore(gateway);

  assertAsRecorded(
    t,
    await replay("agent-two-phase", {
      url,
      secrets: { port, token },
      caused: RUN_EVENTS,
      passing: TICKS,
      patienceMs: 15_000,
    }),
  );
});
