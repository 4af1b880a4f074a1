import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import { startGatewayProcess } from "../security/gateway-process.ts";
import { replay } from "./replay/replay.ts";
import { assertAsRecorded } from "./replay/report.ts";
import { hurried, skip } from "./replay/surroundings.ts";

for (const file of ["connect-cli-health", "frames-malformed"]) {
  test(`${file}: as recorded`, { skip }, async (t) => {
    await using gateway = await startTestGateway();
    const { url, port, token } = gateway;

    assertAsRecorded(t, await replay(file, { url, secrets: { port, token } }));
  });
}

test("handshake-accepted: as recorded", { skip }, async (t) => {
  await using gateway = await startTestGateway();
  const { url, port, token } = gateway;
  using timers = mock.timers;

  assertAsRecorded(t, await replay("handshake-accepted", { url, secrets: { port, token }, ...hurried(timers) }));
});

test("handshake-rejected: as recorded", { skip }, async (t) => {
  await using gateway = await startTestGateway();
  const { url, port, token } = gateway;
  using timers = mock.timers;
  const passTime = (event: string, name: string) => {
    if (event === "close" && name === "timeout") timers.tick(10_000);
  };

  const report = await replay("handshake-rejected", { url, secrets: { port, token }, ...hurried(timers, passTime) });

  assertAsRecorded(t, report);
});

test("handshake-password-mode: as recorded", { skip }, async (t) => {
  const password = "correct horse battery";
  const config = { gateway: { mode: "local", auth: { mode: "password", password } } };
  await using gateway = await startTestGateway({ config });
  const { url, port } = gateway;
  using timers = mock.timers;

  assertAsRecorded(
    t,
    await replay("handshake-password-mode", { url, secrets: { port, password }, ...hurried(timers) }),
  );
});

test("tick: as recorded", { skip }, async (t) => {
  mock.timers.enable({ apis: ["setInterval"] });
  using timers = mock.timers;
  await using gateway = await startTestGateway();
  const { url, port, token } = gateway;

  const report = await replay("tick", {
    url,
    secrets: { port, token },
    awaiting: (event) => {
      if (event === "tick") timers.tick(30_000);
    },
  });

  assertAsRecorded(t, report);
});

test("shutdown-sigterm: as recorded", { skip }, async (t) => {
  await using gateway = await startGatewayProcess();
  const { url, port, token } = gateway;

  const report = await replay("shutdown-sigterm", {
    url,
    secrets: { port, token },
    awaiting: (event) => {
      if (event !== "shutdown") return;
      // Not allowed by the configuration: nothing may come of it.
      gateway.signal("SIGUSR1");
      gateway.signal("SIGTERM");
    },
  });

  assertAsRecorded(t, report);
  assert.equal((await gateway.ended()).code, 0);
});
