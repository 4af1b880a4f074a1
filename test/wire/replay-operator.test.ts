import { test } from "node:test";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import { replay } from "./replay/replay.ts";
import { assertAsRecorded } from "./replay/report.ts";
import { skip, withApprovals } from "./replay/surroundings.ts";

/** Caused by the client of read-methods-and-errors; nobody else speaks in those files. */
const VOICE_EVENTS = new Set(["voicewake.changed", "talk.mode"]);

for (const file of ["read-methods-and-errors", "wizard", "scopes-every-method"]) {
  test(`${file}: as recorded`, { skip }, async (t) => {
    await using gateway = await startTestGateway();
    const { url, port, token } = gateway;

    assertAsRecorded(t, await replay(file, { url, secrets: { port, token }, caused: VOICE_EVENTS }));
  });
}

test("presence: as recorded", { skip }, async (t) => {
  await using gateway = await startTestGateway();
  const { url, port, token } = gateway;

  const report = await replay("presence", { url, secrets: { port, token }, caused: new Set(["presence"]) });

  assertAsRecorded(t, report);
});

test("exec-approvals: as recorded", { skip }, async (t) => {
  await using gateway = await startTestGateway();
  const { url, port, token } = gateway;
  await withApprovals(gateway);

  const report = await replay("exec-approvals", { url, secrets: { port, token }, together: true });

  assertAsRecorded(t, report);
});
