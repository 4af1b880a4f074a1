import { test } from "node:test";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import { replay } from "./replay/replay.ts";
import { assertAsRecorded } from "./replay/report.ts";
import { skip } from "./replay/surroundings.ts";

test("channels-configured: as recorded, but for the channels", { skip }, async (t) => {
  await using gateway = await startTestGateway();
  const { url, port, token } = gateway;

  assertAsRecorded(t, await replay("channels-configured", { url, secrets: { port, token } }));
});
