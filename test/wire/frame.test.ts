import assert from "node:assert/strict";
import { test } from "node:test";
import { connectParams, loggedIn } from "./raw-client.ts";
import { startToyGateway } from "./toy-gateway.ts";

const CONNECT_TEXT = "connect is only valid as the first request";

test("what is no request is answered under its own id, and the socket stays open", async () => {
  await using gateway = await startToyGateway();
  await using client = await loggedIn(gateway);
  // protocol.md §2.1; the text goes on after the first part where an id may be a number too.
  const cases: [string, unknown, string][] = [
    ['"str"', "invalid", "invalid request frame: must be object"],
    ["[]", "invalid", "invalid request frame: must be object"],
    ["null", "invalid", "invalid request frame: must be object"],
    ['{"type":"req","method":"health"}', "invalid", "invalid request frame: must have required property 'id'"],
    ['{"type":"req","id":"x1"}', "x1", "invalid request frame: must have required property 'method'"],
    [
      '{"type":"req","id":"x1","method":""}',
      "x1",
      "invalid request frame: at /method: must NOT have fewer than 1 characters",
    ],
    [
      '{"type":"req","id":"x1","method":"health","extra":1}',
      "x1",
      "invalid request frame: at root: unexpected property 'extra'",
    ],
    [
      '{"type":"event","event":"x"}',
      "invalid",
      "invalid request frame: must have required property 'id'; must have required property 'method'; at root: unexpected property 'event'; at /type: must be equal to constant",
    ],
    [
      '{"type":"req","id":"","method":"health"}',
      "",
      "invalid request frame: at /id: must NOT have fewer than 1 characters",
    ],
    ['{"type":"req","id":null,"method":"health"}', null, "invalid request frame: at /id: must be string"],
    ['{"type":"req","id":{"a":[1]},"method":"health"}', { a: [1] }, "invalid request frame: at /id: must be string"],
    ['{"type":"req","id":true,"method":"health"}', true, "invalid request frame: at /id: must be string"],
    [
      '{"type":"req","id":"x1","method":"health","__proto__":{}}',
      "x1",
      "invalid request frame: at root: unexpected property '__proto__'",
    ],
    [
      '{"__proto__":{"id":"x1"},"type":"req","method":"health"}',
      "invalid",
      "invalid request frame: must have required property 'id'",
    ],
  ];

  for (const [text, id, message] of cases) {
    client.sendRaw(text);
    const answer = await client.next(`answer to ${text}`, ({ type }) => type === "res");
    assert.deepEqual(Object.keys(answer), ["type", "id", "ok", "error"], text);
    assert.deepEqual(answer.id, id, text);
    assert.deepEqual(Object.keys(answer.error ?? {}), ["code", "message"], text);
    assert.equal(answer.error?.code, "INVALID_REQUEST");
    assert.ok(answer.error?.message.startsWith(message), `${text}: ${answer.error?.message}`);
  }
  assert.equal((await client.request("health")).ok, true);
});

test("what is not JSON gets no answer", async () => {
  await using gateway = await startToyGateway();
  await using client = await loggedIn(gateway);

  client.sendRaw("{oops");
  client.sendRaw("");
  client.sendRaw(Buffer.from([0xff, 0xfe]));
  const answer = await client.request("health");

  assert.equal(answer.ok, true);
  assert.ok(!client.frames.some(({ type }) => type === "res"));
});

test("a binary message is read as text once logged in", async () => {
  await using gateway = await startToyGateway();
  await using client = await loggedIn(gateway);

  client.sendRaw(Buffer.from(JSON.stringify({ type: "req", id: "bin", method: "health" })));

  assert.equal((await client.response("bin")).ok, true);
});

test("a number beyond all numbers is no id", async () => {
  await using gateway = await startToyGateway();
  await using client = await loggedIn(gateway);

  client.sendRaw('{"type":"req","id":1e999,"method":"health"}');
  const answer = await client.next("an answer", ({ type }) => type === "res");

  assert.equal(answer.ok, false);
  assert.match(
    String(answer.error?.message),
    /^invalid request frame: at \/id: must be string; at \/id: must be number/,
  );
});

test("ids need not be unique: every request is answered", async () => {
  await using gateway = await startToyGateway();
  await using client = await loggedIn(gateway);

  for (let i = 0; i < 3; i++) client.send({ type: "req", id: "same", method: "health" });

  for (let i = 0; i < 3; i++) assert.equal((await client.response("same")).ok, true);
});

test("absent and null params are an empty object, a list is refused", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using client = await loggedIn(gateway);

  assert.deepEqual((await client.request("toy.echo")).payload, { params: {} });
  assert.deepEqual((await client.request("toy.echo", null)).payload, { params: {} });
  for (const method of ["toy.echo", "toy.plain"]) {
    assert.deepEqual((await client.request(method, [])).error?.message, `invalid ${method} params: must be object`);
  }
});

test("wrong params are told field by field in the established words", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using client = await loggedIn(gateway);
  const texts: [object, string][] = [
    [{ limit: 1001 }, "at /limit: must be <= 1000"],
    [{ limit: 1.5 }, "at /limit: must be integer"],
    [{ limit: "1" }, "at /limit: must be integer"],
    [{ text: "" }, "at /text: must NOT have fewer than 1 characters"],
    [{ kind: "c" }, "at /kind: must be equal to constant; at /kind: must match a schema in anyOf"],
    [{ tags: [1, 2] }, "at /tags/0: must be string; at /tags/1: must be string"],
    [{ bogus: 1, limit: 0 }, "at root: unexpected property 'bogus'; at /limit: must be >= 1"],
  ];

  for (const [params, text] of texts) {
    const { error } = await client.request("toy.echo", params);
    assert.deepEqual(error, { code: "INVALID_REQUEST", message: `invalid toy.echo params: ${text}` });
  }
});

test("a list with thousands of wrong items is told in a few words", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using client = await loggedIn(gateway);

  const { error } = await client.request("toy.echo", { tags: Array(50_000).fill(1) });

  assert.ok(String(error?.message).length < 500, error?.message);
});

test("a second connect and an unknown method are told apart by who asks", async () => {
  await using gateway = await startToyGateway();
  await using admin = await loggedIn(gateway);
  await using reader = await loggedIn(gateway, { scopes: ["operator.read"] });
  await using node = await loggedIn(gateway, { role: "node" });
  const again = connectParams(gateway.token);

  assert.equal((await admin.connect(again)).error?.message, CONNECT_TEXT);
  assert.equal((await reader.connect(again)).error?.message, "missing scope: operator.admin");
  assert.equal((await node.connect(again)).error?.message, "unauthorized role: node");
  for (const name of ["no.such", "__proto__", "constructor", "toString", ""].filter(Boolean)) {
    assert.equal((await admin.request(name)).error?.message, `unknown method: ${name}`);
    assert.equal((await reader.request(name)).error?.message, "missing scope: operator.admin");
    assert.equal((await node.request(name)).error?.message, "unauthorized role: node");
  }
  assert.ok(admin.isOpen && reader.isOpen && node.isOpen);
});

test("64 levels of nesting are read, 65 are refused", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using client = await loggedIn(gateway);
  const frame = (levels: number) => {
    // The frame, its params and `more` are three.
    const inner = `${'{"a":'.repeat(levels - 3)}1${"}".repeat(levels - 3)}`;
    return `{"type":"req","id":"deep","method":"toy.echo","params":{"more":{"b":${inner}}}}`;
  };

  client.sendRaw(frame(64));
  assert.equal((await client.response("deep")).ok, true);
  client.sendRaw(frame(65));
  const answer = await client.response("invalid");
  client.sendRaw("[".repeat(60_000));
  const other = await client.response("invalid");

  assert.equal(answer.error?.message, "invalid request frame: nested deeper than 64 levels");
  assert.equal(other.error?.message, answer.error?.message);
});

test("brackets inside strings are no nesting", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using client = await loggedIn(gateway);
  const text = `\\"${"[{".repeat(40)}\\`;

  assert.deepEqual((await client.request("toy.echo", { text })).payload, { params: { text } });
});
