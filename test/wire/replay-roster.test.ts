import { join } from "node:path";
import { test } from "node:test";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import { replay } from "./replay/replay.ts";
import { assertAsRecorded } from "./replay/report.ts";
import { skip } from "./replay/surroundings.ts";

test("agents: as recorded", { skip }, async (t) => {
  await using gateway = await startTestGateway({ config: { agents: { defaults: { skipBootstrap: true } } } });
  const { url, port, token } = gateway;

  const report = await replay("agents", {
    url,
    secrets: { port, token },
    ids: { "<workspaceOps>": join(gateway.home, "ops") },
    // Of the restarts that there are none of.
    passing: new Set(["shutdown"]),
  });

  assertAsRecorded(t, report);
});
