import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { GatewayClient } from "openclaw/plugin-sdk";
import { run, startGateway, testHome, TOKEN } from "../support/command-line.ts";
import type { Running, TestHome } from "../support/command-line.ts";
import { TestNode } from "./node-client.ts";

suite("nodes on the command line", { concurrency: 1 }, () => {
  let at: TestHome;
  let gateway: Running;
  let node: TestNode;
  before(async () => {
    at = await testHome();
    gateway = await startGateway(at);
    node = await TestNode.connect({ url: `ws://127.0.0.1:${at.port}`, token: TOKEN });
  });
  after(async () => {
    await node[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
    at[Symbol.dispose]();
  });

  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(at, [...args, "--json"]);
    return { code, stderr, value: JSON.parse(stdout) as Record<string, unknown> };
  };

  /** Answer the next command with `result`; resolves with what was asked. */
  const answering = async (result: object) => {
    const asked = await node.asked(12_000);
    await node.answer(asked["id"], result);
    return asked;
  };

  test("status, list and describe show a node", async () => {
    const status = await run(at, ["nodes", "status"]);
    const list = await json("nodes", "list", "--connected");
    const described = await run(at, ["nodes", "describe", "--node", "shed"]);

    assert.match(status.stdout, /^Nodes \(1 of 1 connected\)\n/);
    assert.match(status.stdout, /Shed .*connected +system/);
    assert.deepEqual(list.value["pending"], []);
    const [row] = list.value["paired"] as { nodeId: string; connected: boolean }[];
    assert.deepEqual([row?.nodeId, row?.connected], [node.nodeId, true]);
    assert.match(described.stdout, /^Commands: {4}system\.run, system\.which$/m);
    assert.match(described.stdout, /^State: {7}connected, paired$/m);
  });

  test("a node is meant by its name, its id or the beginning of its id, and a wrong one is named", async () => {
    for (const name of [node.nodeId, node.nodeId.slice(0, 8), "SHED"]) {
      const { value } = await json("nodes", "describe", "--node", name);
      assert.equal(value["nodeId"], node.nodeId);
    }
    const wrong = await json("nodes", "describe", "--node", "attic");
    const none = await run(at, ["nodes", "describe"]);

    assert.equal(wrong.code, 1);
    assert.deepEqual(wrong.value, {
      ok: false,
      error: { code: "NOT_FOUND", message: 'there is no node "attic"; there are Shed' },
    });
    assert.equal(none.code, 2);
    assert.match(none.stderr, /^--node is needed$/m);
  });

  test("invoke sends what it is given and prints what comes back", async () => {
    const asked = answering({ ok: true, payloadJSON: '{"bins":{"sh":"/bin/sh"}}' });
    const params = ["--params", '{"bins":["sh"]}', "--invoke-timeout", "9000", "--idempotency-key", "k"];
    const { code, stdout } = await run(at, ["nodes", "invoke", "-n", "Shed", "--command", "system.which", ...params]);

    const { id: _id, ...request } = await asked;
    assert.deepEqual(request, {
      nodeId: node.nodeId,
      command: "system.which",
      paramsJSON: '{"bins":["sh"]}',
      timeoutMs: 9_000,
      idempotencyKey: "k",
    });
    assert.deepEqual([code, JSON.parse(stdout)], [0, { bins: { sh: "/bin/sh" } }]);
    const wrong = await run(at, ["nodes", "invoke", "-n", "Shed", "--command", "x", "--params", "{"]);
    assert.equal(wrong.code, 2);
    const refused = await json("nodes", "invoke", "-n", "Shed", "--command", "camera.snap");
    assert.equal(refused.code, 1);
    const { message } = refused.value["error"] as { message: string };
    assert.equal(message, "node command not allowed");
  });

  test("run prints the outputs apart and ends with the command's own code", async () => {
    const payload = { exitCode: 3, timedOut: false, success: false, stdout: "out\n", stderr: "err\n", error: null };
    const asked = answering({ ok: true, payload });
    const { code, stdout, stderr } = await run(at, ["nodes", "run", "-n", "Shed", "--env", "A=b=c", "--", "ls", "-l"]);

    assert.deepEqual([code, stdout, stderr], [3, "out\n", "err\n"]);
    assert.deepEqual(JSON.parse(String((await asked)["paramsJSON"])), {
      command: ["ls", "-l"],
      env: { A: "b=c" },
      needsScreenRecording: false,
      agentId: "main",
    });
    const raw = answering({ ok: true, payload: { exitCode: 0, success: true, timedOut: false } });
    await run(at, ["nodes", "run", "-n", "Shed", "--raw", "ls | wc"]);
    const { command, rawCommand } = JSON.parse(String((await raw)["paramsJSON"])) as Record<string, unknown>;
    assert.deepEqual([command, rawCommand], [["/bin/sh", "-lc", "ls | wc"], "ls | wc"]);
    assert.equal((await run(at, ["nodes", "run", "-n", "Shed"])).code, 2);
  });

  test("what a node records ends in a file, and flags reach it by its own names", async () => {
    const url = `ws://127.0.0.1:${at.port}`;
    const commands = ["camera.list", "location.get", "canvas.snapshot", "canvas.eval", "canvas.a2ui.pushJSONL"];
    const client = { id: "openclaw-ios", platform: "ios", displayName: "Phone" } as const;
    await using phone = await TestNode.connect({ url, token: TOKEN }, { client, commands });
    const answering = async (payload: object) => {
      const { id, paramsJSON } = await phone.asked(12_000);
      await phone.answer(id, { ok: true, payloadJSON: JSON.stringify(payload) });
      return JSON.parse(String(paramsJSON)) as object;
    };
    const out = join(at.home, "picture.jpg");

    const pictured = answering({ format: "jpeg", base64: Buffer.from("pixels").toString("base64") });
    const shot = await run(at, ["nodes", "canvas", "snapshot", "-n", "Phone", "--max-width", "640", "--out", out]);
    const located = answering({ lat: 1, lon: 2 });
    const place = await json("nodes", "location", "get", "-n", "Phone", "--max-age", "5m", "--accuracy", "coarse");
    const ran = answering({ result: "2" });
    await run(at, ["nodes", "canvas", "eval", "-n", "Phone", "1 + 1"]);
    const drawn = answering({});
    await run(at, ["nodes", "canvas", "a2ui", "push", "-n", "Phone", "--text", "Tea"]);
    const refused = await run(at, ["nodes", "canvas", "a2ui", "push", "-n", "Phone", "--jsonl", "-"], {
      input: '{"createSurface":{}}\n',
    });
    const none = answering({});
    const empty = await json("nodes", "canvas", "snapshot", "-n", "Phone");
    const wrong = await run(at, ["nodes", "location", "get", "-n", "Phone", "--max-age", "soon"]);

    assert.equal(shot.stdout, `MEDIA:${out}\n`);
    assert.equal(readFileSync(out, "utf8"), "pixels");
    assert.deepEqual(await pictured, { format: "jpeg", maxWidth: 640 });
    assert.deepEqual(await located, { desiredAccuracy: "coarse", maxAgeMs: 300_000 });
    assert.deepEqual(place.value, { lat: 1, lon: 2 });
    assert.match(((await drawn) as { jsonl: string }).jsonl, /"literalString":"Tea"[^]*\n\{"beginRendering"/);
    assert.deepEqual([refused.code, /line 1: createSurface/.test(refused.stderr)], [2, true]);
    assert.deepEqual(await ran, { javaScript: "1 + 1" });
    await none;
    assert.equal((empty.value["error"] as { message: string }).message, "the node sent no media");
    assert.deepEqual([wrong.code, wrong.stderr.split("\n")[0]], [2, "--max-age needs a duration such as 10s"]);
  });

  test("rename, and the requests of the explicit pairing", async () => {
    const client = new GatewayClient({
      url: `ws://127.0.0.1:${at.port}`,
      token: TOKEN,
      client: { id: "test", version: "1", platform: "test", mode: "test" },
    });
    await client.connect();
    try {
      const request = async (nodeId: string) =>
        (await client.request<{ request: { requestId: string } }>("node.pair.request", { nodeId })).request.requestId;
      const [first, second] = [await request("old-ipad"), await request("older-ipad")];

      const renamed = await run(at, ["nodes", "rename", "--node", "Shed", "--name", "Attic"]);
      const pending = await run(at, ["nodes", "pending"]);
      const approved = await json("nodes", "approve", first);
      const rejected = await run(at, ["nodes", "reject", second]);
      const unknown = await json("nodes", "approve", second);

      assert.match(renamed.stdout, /is called Attic now/);
      assert.match((await run(at, ["nodes", "status"])).stdout, /Attic/);
      assert.match(pending.stdout, new RegExp(first));
      const { node: paired } = approved.value as { node: Record<string, unknown> };
      assert.deepEqual([paired["nodeId"], paired["token"]], ["old-ipad", undefined]);
      assert.equal(rejected.stdout, "rejected older-ipad\n");
      assert.equal(unknown.code, 1);
      assert.equal((unknown.value["error"] as { message: string }).message, "unknown requestId");
      const odd = await run(at, ["nodes", "rename", "--node", "Attic", "--name", "\u001b[31mAt\ntic"]);
      assert.match(odd.stdout, /is called \uFFFD\[31mAt tic now\n$/);
    } finally {
      await client.close();
    }
  });
});
