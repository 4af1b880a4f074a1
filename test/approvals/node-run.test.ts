import assert from "node:assert/strict";
import { realpathSync } from "node:fs";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { startProxy } from "../nodes/remote-proxy.ts";
import { run, start, startGateway, testHome, TOKEN } from "../support/command-line.ts";
import type { TestHome } from "../support/command-line.ts";

interface Waiting {
  readonly id: string;
  readonly request: { readonly command: string; readonly nodeId?: string };
}

const NODE = ["--node", "Build Node"];

test("a command on a node waits for a yes from another machine's command line, and only for that", async () => {
  using at = await testHome();
  using node = await testHome(null);
  using phone = await testHome(null);
  /** The command line of somebody else, who has the gateway's token. */
  const elsewhere = (...args: string[]) =>
    run(phone, [...args, "--url", `ws://127.0.0.1:${at.port}`, "--token", TOKEN]);
  const waiting = async () => {
    let found: Waiting | undefined;
    await eventually("somebody asks", async () => {
      const { stdout } = await elsewhere("approvals", "pending", "--json");
      [found] = (JSON.parse(stdout) as { approvals: Waiting[] }).approvals;
      return found !== undefined;
    });
    return found as Waiting;
  };
  let gateway = await startGateway(at);
  try {
    await using proxy = await startProxy(at.port);
    const flags = ["--host", "127.0.0.1", "--port", String(proxy.port), "--display-name", "Build Node"];
    await using host = await start(node, ["node", "run", ...flags], { env: { OPENCLAW_GATEWAY_TOKEN: TOKEN } });
    const [, requestId = ""] = await host.prints(/openclaw nodes approve ([0-9a-f-]{36})/);
    assert.equal((await run(at, ["nodes", "approve", requestId])).code, 0);
    await host.prints(/^connected/m);
    assert.match((await run(at, ["nodes", "list"])).stdout, /Build Node/);

    // Nothing is on its allowlist, so it asks; who asks is not who says yes.
    await using first = await start(at, ["nodes", "run", ...NODE, "--", "echo", "hi-node"]);
    await first.prints(/^waiting for approval of: echo hi-node$/m);
    const asked = await waiting();
    assert.equal(asked.request.command, "echo hi-node");
    const own = await run(at, ["approvals", "resolve", asked.id, "allow-once"]);
    assert.equal(own.code, 1);
    assert.match(own.stderr, /^who asks cannot approve; approve it from another client/);
    const said = await elsewhere("approvals", "resolve", asked.id.slice(0, 8), "allow-once");
    assert.deepEqual([said.code, said.stdout], [0, "allow-once: echo hi-node\n"]);
    assert.deepEqual([(await first.ended).code, first.stdout()], [0, "hi-node\n"]);

    // Once means once; a no is told.
    await using second = await start(at, ["nodes", "run", ...NODE, "--", "echo", "hi-node"]);
    await elsewhere("approvals", "resolve", (await waiting()).id, "deny");
    assert.deepEqual([(await second.ended).code, second.stderr().split("\n")[1]], [1, "it was denied: echo hi-node"]);

    // The node is still there after a restart of the gateway, and the list of what it may do is edited through it.
    await gateway[Symbol.asyncDispose]();
    await host.prints(/^disconnected/m);
    gateway = await startGateway(at);
    await eventually("it is back", async () => (await listed(at)).code === 0, 20_000);
    const echo = realpathSync("/bin/echo");
    const added = await run(at, ["approvals", "allowlist", "add", echo, "--agent", "main", ...NODE]);
    assert.deepEqual([added.code, added.stdout], [0, `${echo} runs without asking for main\n`]);
    assert.match((await listed(at)).stdout, new RegExp(`main +${echo}`));
    const third = await run(at, ["nodes", "run", ...NODE, "--", "echo", "again"]);
    assert.deepEqual([third.code, third.stdout, third.stderr], [0, "again\n", ""]);
    const removed = await run(at, ["approvals", "allowlist", "remove", echo, "--agent", "main", ...NODE]);
    assert.deepEqual([removed.code, removed.stdout], [0, `${echo} asks again\n`]);
    assert.equal((await run(at, ["approvals", "allowlist", "remove", echo, ...NODE])).code, 1);
  } finally {
    await gateway[Symbol.asyncDispose]();
  }
});

function listed(at: TestHome) {
  return run(at, ["approvals", "allowlist", "list", ...NODE]);
}
