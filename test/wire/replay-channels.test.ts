import { test } from "node:test";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import { replay } from "./replay/replay.ts";
import { assertAsRecorded } from "./replay/report.ts";
import { skip, UNREACHED_DISCORD, UNREACHED_SLACK, UNREACHED_TELEGRAM } from "./replay/surroundings.ts";

test("channels-configured: as recorded", { skip }, async (t) => {
  const channels = {
    telegram: UNREACHED_TELEGRAM,
    discord: UNREACHED_DISCORD,
    slack: UNREACHED_SLACK,
    whatsapp: { dmPolicy: "allowlist", allowFrom: ["+15550001111"] },
  };
  await using gateway = await startTestGateway({ config: { channels } });
  const { url, port, token } = gateway;

  assertAsRecorded(t, await replay("channels-configured", { url, secrets: { port, token } }));
});
