import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import { startGateway, testHome, TOKEN } from "../support/command-line.ts";
import { methodOf, replay } from "./replay/replay.ts";
import { assertAsRecorded } from "./replay/report.ts";
import { skip } from "./replay/surroundings.ts";

test("config-read-write: as recorded", { skip }, async (t) => {
  await using gateway = await startTestGateway();
  const { url, port, token } = gateway;

  assertAsRecorded(t, await replay("config-read-write", { url, secrets: { port, token } }));
});

test("config-patch-apply-restart: as recorded", { skip }, async (t) => {
  using at = await testHome({ plugins: { load: { paths: ["~/clock"] }, entries: { clock: { enabled: true } } } });
  // The recorded client changes this section, whoever it belongs to.
  mkdirSync(join(at.home, "clock"));
  const manifest = { id: "clock", activation: "lazy", sections: { cron: { type: "object" } } };
  writeFileSync(join(at.home, "clock", "openclaw.plugin.json"), JSON.stringify(manifest));
  writeFileSync(join(at.home, "clock", "index.ts"), "export default function register() {}\n");
  await using gateway = await startGateway(at);
  let runs = 0;

  const report = await replay("config-patch-apply-restart", {
    url: `ws://127.0.0.1:${at.port}`,
    opening: async () => void (await gateway.prints(new RegExp(`(?:ready \\([^]*){${++runs}}`))),
    secrets: { port: at.port, token: TOKEN },
    only: ({ steps }) => steps.some((step) => !step.received && methodOf(step.sent) === "config.get"),
    patienceMs: 5_000,
  });

  assertAsRecorded(t, report);
});
