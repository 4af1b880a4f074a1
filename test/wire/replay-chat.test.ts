import { test } from "node:test";
import { replay } from "./replay/replay.ts";
import { assertAsRecorded } from "./replay/report.ts";
import { RUN_EVENTS, skip, startGatewayWithModel, TICKS, usedBefore, withApprovals } from "./replay/surroundings.ts";

for (const file of ["chat", "chat-error-and-busy"]) {
  test(`${file}: as recorded`, { skip }, async (t) => {
    await using gateway = await startGatewayWithModel();
    const { url, port, token } = gateway;
    await withApprovals(gateway);
    await usedBefore(gateway);

    assertAsRecorded(t, await replay(file, { url, secrets: { port, token }, caused: RUN_EVENTS, passing: TICKS }));
  });
}
