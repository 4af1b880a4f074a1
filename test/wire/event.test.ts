import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { loggedIn } from "./raw-client.ts";
import type { Frame, RawClient } from "./raw-client.ts";
import { startToyGateway } from "./toy-gateway.ts";

const SCOPES = ["read", "write", "approvals", "pairing", "admin"];

const isBroadcast = ({ type, event, seq }: Frame) =>
  type === "event" && event !== "connect.challenge" && seq !== undefined;

/** Every broadcast up to and with the next one of this name, in the order of arrival. */
async function broadcastsUntil(client: RawClient, last: string): Promise<Frame[]> {
  const seen: Frame[] = [];
  for (;;) {
    const frame = await client.next(last, isBroadcast);
    seen.push(frame);
    if (frame.event === last) return seen;
  }
}

test("broadcasts are numbered by one counter that everybody sees", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using first = await loggedIn(gateway);
  await using second = await loggedIn(gateway, { scopes: ["operator.read"] });

  await first.request("toy.emit", { event: "toy.droppable", payload: { n: 1 }, times: 5 });
  await first.request("toy.emit", { event: "toy.open", payload: { n: 2 } });
  const [seen, alsoSeen] = [await broadcastsUntil(first, "toy.open"), await broadcastsUntil(second, "toy.open")];

  const numbers = seen.map(({ seq }) => seq as number);
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => (numbers[0] as number) + index),
  );
  assert.equal(alsoSeen.at(-1)?.seq, seen.at(-1)?.seq);
  assert.deepEqual(seen.at(-1), { type: "event", event: "toy.open", payload: { n: 2 }, seq: numbers.at(-1) });
});

test("the counter begins at 1 with each gateway and counts what nobody received", async () => {
  for (let run = 0; run < 2; run++) {
    await using gateway = await startToyGateway(["toy"]);
    await using client = await loggedIn(gateway);
    const first = await client.next("a broadcast", isBroadcast);
    assert.ok((first.seq as number) <= 3, `first number is ${first.seq}`);
  }
});

test("a guarded event goes to those with its scope and leaves a hole for the others", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using admin = await loggedIn(gateway);
  const clients = new Map<string, RawClient>([["node", await loggedIn(gateway, { role: "node" })]]);
  for (const scope of SCOPES) clients.set(scope, await loggedIn(gateway, { scopes: [`operator.${scope}`] }));

  for (const scope of SCOPES) await admin.request("toy.emit", { event: `toy.${scope}` });
  await admin.request("toy.emit", { event: "toy.open" });

  const received: Record<string, string[]> = {};
  const numbers = new Map<string, Set<number>>();
  for (const [name, client] of clients) {
    await using closing = client;
    const toys = (await broadcastsUntil(closing, "toy.open")).filter(({ event }) => event?.startsWith("toy."));
    received[name] = toys.map(({ event }) => String(event).slice(4));
    for (const { event, seq } of toys)
      numbers.set(String(event), (numbers.get(String(event)) ?? new Set()).add(seq as number));
  }
  // One number per event, whoever received it.
  assert.ok([...numbers.values()].every(({ size }) => size === 1));
  assert.deepEqual(received, {
    node: ["open"],
    read: ["read", "open"],
    write: ["read", "write", "open"],
    approvals: ["approvals", "open"],
    pairing: ["pairing", "open"],
    admin: [...SCOPES, "open"],
  });
});

test("an event to chosen connections has no number and takes none", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using chosen = await loggedIn(gateway);
  await using other = await loggedIn(gateway);
  const to = [chosen.hello.server.connId, "nobody"];

  await other.request("toy.emit", { event: "toy.open", payload: { n: 1 } });
  await other.request("toy.emit", { event: "toy.open", payload: { n: 2 }, to });
  await other.request("toy.emit", { event: "toy.open", payload: { n: 3 } });

  const [one, two, three] = [
    await chosen.event("toy.open"),
    await chosen.event("toy.open"),
    await chosen.event("toy.open"),
  ];
  assert.deepEqual(two, { type: "event", event: "toy.open", payload: { n: 2 } });
  assert.deepEqual([one.payload, three.payload], [{ n: 1 }, { n: 3 }]);
  const [from, until] = [one.seq as number, three.seq as number];
  const between = chosen.frames.filter(({ seq = 0 }) => seq > from && seq < until);
  assert.equal(until, from + 1 + between.length);
  assert.deepEqual((await other.event("toy.open")).payload, { n: 1 });
  assert.deepEqual((await other.event("toy.open")).payload, { n: 3 });
});

test("a state version stands on an event only when it was given", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using client = await loggedIn(gateway);
  const stateVersion = { presence: 3, health: 4 };

  await client.request("toy.emit", { event: "toy.open", stateVersion });
  await client.request("toy.emit", { event: "toy.open" });

  assert.deepEqual((await client.event("toy.open"))["stateVersion"], stateVersion);
  assert.deepEqual(Object.keys(await client.event("toy.open")), ["type", "event", "seq"]);
  const health = await client.event("health");
  assert.deepEqual(Object.keys(health["stateVersion"] as object).toSorted(), ["health", "presence"]);
});

test("every thirty seconds there is a tick with the time, every sixty a report of health", async () => {
  mock.timers.enable({ apis: ["setInterval"] });
  using timers = mock.timers;
  await using gateway = await startToyGateway();
  await using client = await loggedIn(gateway);
  // The one that follows the login.
  const atLogin = await client.event("health");

  timers.tick(29_999);
  assert.equal((await client.request("health")).ok, true);
  assert.ok(!client.frames.some(({ event }) => event === "tick"));
  timers.tick(1);
  const first = await client.event("tick");
  timers.tick(30_000);
  const second = await client.event("tick");
  const report = await client.event("health");

  assert.deepEqual(Object.keys(first), ["type", "event", "payload", "seq"]);
  assert.deepEqual(Object.keys(first.payload ?? {}), ["ts"]);
  assert.ok(Math.abs(Date.now() - Number(first.payload?.["ts"])) < 5_000);
  assert.ok((second.seq as number) > (first.seq as number));
  const versionOf = (frame: Frame) => (frame["stateVersion"] as { health: number }).health;
  assert.equal(versionOf(report), versionOf(atLogin) + 1);
});

test("a stop is announced, then every socket closes with 1012", async () => {
  await using gateway = await startToyGateway();
  await using client = await loggedIn(gateway);
  await using node = await loggedIn(gateway, { role: "node" });

  await gateway.run.stop("gateway stopping");

  for (const one of [client, node]) {
    const event = await one.event("shutdown");
    assert.deepEqual(event.payload, { reason: "gateway stopping" });
    assert.ok(Number.isInteger(event.seq));
    assert.deepEqual(await one.closed(), { code: 1012, reason: "service restart" });
  }
});

test("a restart says when to come back", async () => {
  await using gateway = await startToyGateway();
  await using client = await loggedIn(gateway);

  await gateway.run.stop("gateway restarting", 1_500);

  assert.deepEqual((await client.event("shutdown")).payload, {
    reason: "gateway restarting",
    restartExpectedMs: 1_500,
  });
  assert.deepEqual(await client.closed(), { code: 1012, reason: "service restart" });
});
