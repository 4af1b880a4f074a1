import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { askedActions, honestText } from "./action.ts";
import { Ledger } from "./ledger.ts";
import { ownRequester } from "./requester.ts";

const action = { command: "ls", host: "node" };
const requester = ownRequester();

test("a yes that nobody used ends five minutes after the question", () => {
  mock.timers.enable({ apis: ["Date", "setTimeout"] });
  using timers = mock.timers;
  const ledger = new Ledger();

  ledger.resolve(ledger.ask({ action, requester }).id, "allow-once");
  timers.tick(299_000);
  assert.equal(ledger.use([action], requester.identity), "allow-once");
  ledger.resolve(ledger.ask({ action, requester }).id, "allow-once");
  timers.tick(301_000);

  assert.equal(ledger.use([action], requester.identity), undefined);
});

test("no more than 200 questions wait", async () => {
  const ledger = new Ledger();
  const gone = new AbortController();
  const asked = Array.from({ length: 200 }, () => ledger.ask({ action, requester, signal: gone.signal }));

  assert.throws(() => ledger.ask({ action, requester }), { code: "UNAVAILABLE", retryable: true });

  gone.abort();
  await Promise.all(asked.map(({ decision }) => decision));
  assert.deepEqual(ledger.pending(), []);
});

test("text that could mean other words, or another shell, stands for nothing", () => {
  assert.equal(honestText(["sh", "-c", "ls | wc"]), "ls | wc");
  assert.equal(honestText(["/tmp/sh", "-c", "ls"]), undefined);
  assert.equal(honestText(["echo", "a b"]), 'echo "a b"');
  assert.equal(honestText(["echo", "a b\\"]), undefined);
  assert.deepEqual(askedActions("n", { command: "ls" }), []);
  assert.deepEqual(askedActions("n", { command: ["ls"], cwd: 7 }), []);
  assert.deepEqual(askedActions("n", { command: ["ls"], env: { A: 7 } }), []);
  assert.equal(askedActions("n", { command: ["ls"], env: null, cwd: null }).length, 2);
});
