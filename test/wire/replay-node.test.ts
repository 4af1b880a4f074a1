import { test } from "node:test";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import { startGateway, testHome, TOKEN } from "../support/command-line.ts";
import { loggedIn } from "./raw-client.ts";
import { replay } from "./replay/replay.ts";
import { assertAsRecorded } from "./replay/report.ts";
import { recordedNode, skip, startGatewayWithModel, TICKS } from "./replay/surroundings.ts";

/** What the clients of device-and-node-pairing did to each other. */
const EACH_OTHERS = new Set(["agent", "chat", "device.pair.resolved", "presence", "voicewake.changed"]);

test("device-and-node-pairing: as recorded", { skip }, async (t) => {
  await using gateway = await startGatewayWithModel();
  const { url, port, token } = gateway;

  const report = await replay("device-and-node-pairing", {
    url,
    secrets: { port, token },
    together: true,
    caused: EACH_OTHERS,
    passing: TICKS,
  });

  assertAsRecorded(t, report);
});

test("node-host-pairing-and-invoke: as recorded", { skip }, async (t) => {
  using at = await testHome({ commands: { restart: true } });
  await using gateway = await startGateway(at);
  const url = `ws://127.0.0.1:${at.port}`;
  await using operator = await loggedIn({ url, token: TOKEN });
  let challenges = 0;

  const report = await replay("node-host-pairing-and-invoke", {
    url,
    secrets: { port: at.port, token: TOKEN },
    caused: new Set(["voicewake.changed"]),
    passing: TICKS,
    async awaiting(event, _name, expected) {
      // What operators did meanwhile was not recorded.
      if (event === "connect.challenge" && ++challenges === 2) {
        const { pending } = (await operator.request("device.pair.list")).payload as {
          pending: { requestId: string }[];
        };
        await operator.request("device.pair.approve", { requestId: pending[0]?.requestId });
      }
      if (event === "node.invoke.request") {
        const { nodes } = (await operator.request("node.list")).payload as { nodes: { nodeId: string }[] };
        const { command, paramsJSON, timeoutMs = 5_000 } = (expected?.payload ?? {}) as Record<string, string>;
        const asked = { command, params: JSON.parse(paramsJSON ?? "null") as unknown, timeoutMs, idempotencyKey: "k" };
        const params = { nodeId: nodes[0]?.nodeId, ...asked };
        operator.send({ type: "req", id: "invoke", method: "node.invoke", params });
      }
      if (event === "shutdown") gateway.kill("SIGUSR1");
    },
  });

  assertAsRecorded(t, report);
});

test("cli-nodes-run-with-approval: as recorded", { skip }, async (t) => {
  await using gateway = await startTestGateway();
  const { url, port, token } = gateway;
  await using node = await recordedNode(gateway);

  const report = await replay("cli-nodes-run-with-approval", {
    url,
    secrets: { port, token },
    together: true,
    // The command line had been here before.
    ids: { "<deviceId:2>": node.nodeId, "<deviceToken:1>": token },
    passing: TICKS,
  });

  assertAsRecorded(t, report);
});
