import { mock, test } from "node:test";
import { replay } from "./replay/replay.ts";
import { assertAsRecorded } from "./replay/report.ts";
import {
  hurried,
  recordedNode,
  skip,
  startGatewayWithModel,
  TICKS,
  usedBefore,
  withApprovals,
} from "./replay/surroundings.ts";

for (const file of ["cli-commands", "cli-agent-run"]) {
  test(`${file}: as recorded`, { skip }, async (t) => {
    await using gateway = await startGatewayWithModel();
    const { url, port, token } = gateway;
    await usedBefore(gateway);
    await withApprovals(gateway);
    await using node = await recordedNode(gateway);
    using timers = mock.timers;

    // The command line had been here before.
    const ids = { "<deviceToken:1>": token, "<deviceId:3>": node.nodeId };
    const around = { url, secrets: { port, token }, ids, passing: TICKS };
    // Only what the runs of an agent are told by themselves needs time of its own.
    const report = await replay(file, file === "cli-commands" ? { ...around, ...hurried(timers) } : around);

    assertAsRecorded(t, report);
  });
}

test("control-ui-browser: as recorded", { skip }, async (t) => {
  await using gateway = await startGatewayWithModel();
  const { url, port, token } = gateway;
  await usedBefore(gateway);
  await withApprovals(gateway);

  assertAsRecorded(t, await replay("control-ui-browser", { url, secrets: { port, token }, passing: TICKS }));
});
