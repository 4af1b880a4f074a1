import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { run, startGateway, testHome } from "../support/command-line.ts";
import type { Running, TestHome } from "../support/command-line.ts";

suite("with a gateway", { concurrency: 2 }, () => {
  let at: TestHome;
  let gateway: Running;
  before(async () => {
    at = await testHome();
    gateway = await startGateway(at);
  });
  after(async () => {
    await gateway[Symbol.asyncDispose]();
    at[Symbol.dispose]();
  });

  test("system event leaves a text for the agent", async () => {
    const { code, stdout } = await run(at, ["system", "event", "--text", "the kettle boils"]);
    const status = await run(at, ["gateway", "call", "status", "--json"]);

    assert.deepEqual([code, stdout], [0, "ok\n"]);
    assert.deepEqual((JSON.parse(status.stdout) as { queuedSystemEvents: string[] }).queuedSystemEvents, [
      "the kettle boils",
    ]);
  });

  test("system event without a text is wrong usage", async () => {
    const [plain, json] = await Promise.all([
      run(at, ["system", "event", "--text", " "]),
      run(at, ["system", "event", "--json"]),
    ]);

    assert.deepEqual([plain.code, plain.stdout, plain.stderr], [2, "", 'a text is needed\nHint: pass --text "…"\n']);
    assert.equal(json.code, 2);
    assert.equal((JSON.parse(json.stdout) as { error: { code: string } }).error.code, "USAGE");
  });

  test("system heartbeat shows the last one and switches them", async () => {
    const heartbeat = (...args: string[]) => run(at, ["system", "heartbeat", ...args]);

    assert.equal((await heartbeat("last")).stdout, "no heartbeat has run\n");
    assert.equal((await heartbeat("last", "--json")).stdout.trim(), "null");
    assert.deepEqual(JSON.parse((await heartbeat("disable", "--json")).stdout), { ok: true, enabled: false });
    assert.equal((await heartbeat("enable")).stdout, "heartbeats are enabled until the gateway ends\n");
    assert.equal((await heartbeat("stop")).code, 2);
  });

  for (const words of [["presence"], ["system", "presence"]]) {
    test(`${words.join(" ")} shows the gateway`, async () => {
      const [text, json] = await Promise.all([run(at, words), run(at, [...words, "--json"])]);

      assert.equal(text.code, 0);
      assert.match(text.stdout, /gateway .* self/);
      const [self] = JSON.parse(json.stdout) as { mode: string; reason: string }[];
      assert.deepEqual([self?.mode, self?.reason], ["gateway", "self"]);
    });
  }
});

test("without a gateway they say so", async () => {
  using at = await testHome();

  const ended = await Promise.all(
    [["presence"], ["system", "event", "--text", "x"], ["system", "heartbeat", "last"]].map((words) => run(at, words)),
  );

  for (const { code, stderr } of ended) {
    assert.equal(code, 1);
    assert.match(stderr, /^Gateway not reachable/);
  }
});
