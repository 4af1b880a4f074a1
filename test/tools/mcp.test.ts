import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { startToolBench } from "./bench.ts";
import type { ToolBench } from "./bench.ts";

const SCRIPT = join(import.meta.dirname, "mcp-server", "server.mjs");
const program = (...args: string[]) => ({
  command: process.execPath,
  args: [SCRIPT, ...args],
  env: { GREETING: "hi" },
});

async function offered(bench: ToolBench, name: string): Promise<void> {
  await eventually(`${name} is offered`, async () => {
    await bench.say("which tools?");
    return bench.offered().includes(name);
  });
}

test("the tools of a program are offered and used; its words are marked as those of others", async () => {
  process.env["SECRET_OF_GATEWAY"] = "leaked";
  try {
    await using bench = await startToolBench({ mcp: { servers: { Lab: program() } } });
    await offered(bench, "mcp_lab_echo");

    const echo = await bench.use("mcp_lab_echo", { text: "hello" });
    const odd = await bench.use("mcp_lab_odd_name_", { any: 1 });
    const look = await bench.use("mcp_lab_look");
    const fail = await bench.use("mcp_lab_fail");
    const wrong = await bench.use("mcp_lab_echo", { text: { no: "text" } });

    assert.match(echo.text, /<<<UNTRUSTED [^]*From the MCP server Lab\.[^]*\nhello hi\n<<<END/);
    assert.match(odd.text, /"odd": true/);
    assert.equal(look.content[0]?.type, "image");
    assert.deepEqual([fail.isError, /it is broken/.test(fail.text)], [true, true]);
    assert.deepEqual([wrong.isError, /invalid arguments/.test(wrong.text)], [true, true]);
  } finally {
    delete process.env["SECRET_OF_GATEWAY"];
  }
});

test("a server that hangs or dies costs its call; it is started again, and the policy reaches it by its group", async () => {
  await using bench = await startToolBench({ mcp: { servers: { lab: { ...program(), timeoutSeconds: 1 } } } });
  await offered(bench, "mcp_lab_echo");

  const hang = await bench.use("mcp_lab_hang");
  const die = await bench.use("mcp_lab_die");
  await offered(bench, "mcp_lab_echo");
  const again = await bench.use("mcp_lab_echo", { text: "back" });
  const { hash } = await bench.client.request<{ hash: string }>("config.get", {});
  await bench.client.request("config.patch", { raw: '{"tools":{"deny":["group:mcp:lab"]}}', baseHash: hash });
  await bench.say("which tools?");

  assert.match(hang.text, /no result within 1 s/);
  assert.match(die.text, /ended with 3/);
  assert.match(again.text, /back hi/);
  assert.deepEqual(
    bench.offered().filter((name) => name.startsWith("mcp_")),
    [],
  );
});

test("servers that cannot be used hold nothing, and a change of the configuration counts at once", async () => {
  const servers = {
    gone: { command: "/nowhere/server" },
    mute: { url: "http://127.0.0.1:1/mcp" },
    off: { ...program(), enabled: false },
  };
  await using bench = await startToolBench({ mcp: { servers } });
  assert.equal(await bench.say("hello"), "Hello from the fake model.");
  assert.deepEqual(
    bench.offered().filter((name) => name.startsWith("mcp_")),
    [],
  );

  const { hash } = await bench.client.request<{ hash: string }>("config.get", {});
  const raw = JSON.stringify({ mcp: { servers: { gone: null, mute: null, off: { enabled: true } } } });
  await bench.client.request("config.patch", { raw, baseHash: hash });

  await offered(bench, "mcp_off_echo");
});

/** A server behind an address, in one of the two ways. */
async function startRemote(way: "http" | "sse") {
  const seen: { method: string | undefined; headers: Readonly<Record<string, unknown>>; rpc?: string }[] = [];
  let stream: ServerResponse | undefined;
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const rpc = (body === "" ? {} : JSON.parse(body)) as {
      id?: number;
      method?: string;
      params?: { arguments?: object };
    };
    seen.push({
      method: request.method,
      headers: request.headers,
      ...(rpc.method !== undefined && { rpc: rpc.method }),
    });
    if (request.method === "GET" && way === "sse") {
      stream = response.writeHead(200, { "content-type": "text/event-stream" });
      return void stream.write("event: endpoint\ndata: /messages?session=1\n\n");
    }
    if (request.method === "DELETE") return void response.writeHead(204).end();
    const results: Readonly<Record<string, object>> = {
      initialize: { protocolVersion: "2025-06-18", capabilities: {}, serverInfo: { name: "r", version: "1" } },
      "tools/list": { tools: [{ name: "add", description: "adds", inputSchema: { type: "object" } }] },
      "tools/call": { content: [{ type: "text", text: `sum ${JSON.stringify(rpc.params?.arguments)}` }] },
    };
    const result = results[rpc.method ?? ""];
    const answer = JSON.stringify({ jsonrpc: "2.0", id: rpc.id, result });
    if (way === "sse") {
      response.writeHead(202).end();
      if (result) stream?.write(`event: message\ndata: ${answer}\n\n`);
      return;
    }
    if (!result) return void response.writeHead(202).end();
    // One in JSON, the others as events: both are allowed.
    const isFirst = rpc.method === "initialize";
    response.writeHead(200, {
      "content-type": isFirst ? "application/json" : "text/event-stream",
      "mcp-session-id": "s1",
    });
    response.end(isFirst ? answer : `event: message\ndata: ${answer}\n\n`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    seen,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

for (const way of ["http", "sse"] as const) {
  test(`a server behind an address is used over ${way}, with the headers of its entry`, async () => {
    await using remote = await startRemote(way);
    const entry = { url: remote.url, transport: way, headers: { authorization: "Bearer of-the-server" } };
    {
      await using bench = await startToolBench({ mcp: { servers: { remote: entry } } });
      await offered(bench, "mcp_remote_add");

      const { text: said } = await bench.use("mcp_remote_add", { a: 1 });

      assert.match(said, /sum \{"a":1\}/);
    }
    assert.ok(remote.seen.every(({ headers }) => headers["authorization"] === "Bearer of-the-server"));
    if (way === "http") {
      const call = remote.seen.find(({ rpc }) => rpc === "tools/call");
      assert.equal(call?.headers["mcp-session-id"], "s1");
      assert.equal(remote.seen.at(-1)?.method, "DELETE");
    }
  });
}
