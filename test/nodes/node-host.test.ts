import assert from "node:assert/strict";
import { mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { run, start, startGateway, testHome, TOKEN } from "../support/command-line.ts";
import type { Running, TestHome } from "../support/command-line.ts";
import { startProxy } from "./remote-proxy.ts";

const ENV = { OPENCLAW_GATEWAY_TOKEN: TOKEN, SECRET_OF_OURS: "hidden" };

/** What a command prints with `--json`. */
async function json(at: TestHome, ...args: string[]): Promise<Record<string, unknown>> {
  return JSON.parse((await run(at, [...args, "--json"])).stdout) as Record<string, unknown>;
}

function allow(node: TestHome, ...programs: string[]): void {
  const allowlist = programs.map((program) => ({ pattern: realpathSync(program) }));
  mkdirSync(node.stateDir, { recursive: true, mode: 0o700 });
  writeFileSync(
    join(node.stateDir, "exec-approvals.json"),
    JSON.stringify({ version: 1, agents: { main: { allowlist } } }),
  );
}

function nodeRun(node: TestHome, port: number): Promise<Running> {
  return start(node, ["node", "run", "--host", "127.0.0.1", "--port", String(port), "--display-name", "Build Node"], {
    env: ENV,
  });
}

test("a node pairs, is approved from the command line, runs commands and survives a restart of the gateway", async () => {
  using at = await testHome();
  using node = await testHome(null);
  allow(node, "/bin/echo", "/usr/bin/env");
  let gateway = await startGateway(at);
  try {
    await using proxy = await startProxy(at.port);
    await using host = await nodeRun(node, proxy.port);

    // It waits for somebody, and comes in as soon as somebody has said yes.
    const [, requestId = ""] = await host.prints(/openclaw nodes approve ([0-9a-f-]{36})/);
    assert.match((await run(at, ["nodes", "pending"])).stdout, /Build Node/);
    assert.match((await run(at, ["nodes", "approve", requestId])).stdout, /^approved [0-9a-f]{64}$/m);
    await host.prints(/^connected/m);
    const [row] = (await json(at, "nodes", "list"))["paired"] as Record<string, unknown>[];
    assert.deepEqual(
      [row?.["displayName"], row?.["connected"], row?.["paired"], row?.["caps"]],
      ["Build Node", true, true, ["system"]],
    );
    assert.deepEqual(row?.["commands"], [
      "system.execApprovals.get",
      "system.execApprovals.set",
      "system.run",
      "system.which",
    ]);

    const echoed = await run(at, ["nodes", "run", "--node", "Build Node", "--", "echo", "hi-node"]);
    assert.deepEqual([echoed.code, echoed.stdout, echoed.stderr], [0, "hi-node\n", ""]);
    const which = ["nodes", "invoke", "-n", "Build Node", "--command", "system.which"];
    const { payload } = await json(at, ...which, "--params", '{"bins":["sh","no-such-program"]}');
    assert.deepEqual(Object.keys((payload as { bins: object }).bins), ["sh"]);
    // A child knows nothing of our secrets.
    const env = (await run(at, ["nodes", "run", "-n", "Build Node", "--env", "MINE=1", "--", "env"])).stdout;
    assert.match(env, /^MINE=1$/m);
    assert.doesNotMatch(env, /OPENCLAW|SECRET_OF_OURS/);

    // What is not listed needs a yes, and a client's own is none.
    const claim = (command: string) =>
      json(at, "nodes", "invoke", "-n", "Build Node", "--command", "system.run", "--params", command);
    const refused = await claim('{"command":["id"],"approved":true,"approvalDecision":"allow-once"}');
    const { message } = refused["error"] as { message: string };
    assert.match(message, /^SYSTEM_RUN_DENIED: approval required \(.*id is not on the allowlist\)$/);

    await gateway[Symbol.asyncDispose]();
    await host.prints(/^disconnected/m);
    gateway = await startGateway(at);
    const again = ["nodes", "run", "-n", "Build Node", "--", "echo", "again"];
    await eventually("it is back", async () => (await run(at, again)).stdout === "again\n", 60_000);

    host.kill("SIGTERM");
    assert.equal((await host.ended).code, 0);
    const away = (await json(at, "nodes", "status"))["nodes"] as Record<string, unknown>[];
    assert.deepEqual([away[0]?.["connected"], away[0]?.["caps"]], [false, ["system"]]);
    const file = JSON.parse(readFileSync(join(node.stateDir, "node.json"), "utf8")) as Record<string, unknown>;
    assert.deepEqual(file, {
      version: 1,
      displayName: "Build Node",
      gateway: { host: "127.0.0.1", port: proxy.port, tls: false },
    });
    assert.equal(statSync(join(node.stateDir, "node.json")).mode & 0o777, 0o600);
  } finally {
    await gateway[Symbol.asyncDispose]();
  }
});

test("a node of the gateway's own machine is let in at once, and a wrong token is told", async () => {
  using at = await testHome();
  await using _gateway = await startGateway(at);
  {
    await using host = await start(at, ["node", "run", "--json"]);
    await host.prints(/"state":"connected"/);
    assert.match((await run(at, ["nodes", "status"])).stdout, /1 of 1 connected/);
    host.kill("SIGINT");
    assert.equal((await host.ended).code, 130);
  }
  using stranger = await testHome(null);
  await using refused = await start(stranger, ["node", "run", "--port", String(at.port), "--token", "wrong-token"]);
  await refused.prints(/^refused: unauthorized: gateway token mismatch/m);
});

test("without a gateway a node says so and goes on trying", async () => {
  using at = await testHome();
  await using host = await start(at, ["node", "run"]);
  await host.prints(/^not reachable: connect ECONNREFUSED/m);

  await using _gateway = await startGateway(at);

  await host.prints(/^connected/m);
});

test("flags of node run that make no sense are wrong usage", async () => {
  using at = await testHome();
  const { code, stderr } = await run(at, ["node", "run", "--port", "99999"]);
  assert.deepEqual([code, stderr.split("\n")[0]], [2, "--port must be a port"]);
});
