import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";

const example = join(import.meta.dirname, "netcat");

function config(port: number, netcat: object = {}): object {
  return {
    channels: { netcat: { port, allowFrom: ["ann"], ...netcat } },
    plugins: { load: { paths: [example] }, entries: { netcat: { enabled: true } } },
  };
}

/** A person on the netcat network. */
class Person {
  readonly #socket: Socket;
  heard = "";

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("utf8").on("data", (text: string) => (this.heard += text));
    socket.on("error", () => undefined);
  }

  static async join(port: number, name: string): Promise<Person> {
    const socket = await eventually("the channel listens", async () => {
      const attempt = connect(port, "127.0.0.1");
      await once(attempt, "connect");
      return attempt;
    });
    const person = new Person(socket);
    await person.hears(/Who are you/);
    person.says(name);
    return person;
  }

  says(text: string): void {
    this.#socket.write(`${text}\n`);
  }

  hears(pattern: RegExp): Promise<true> {
    return eventually(`hears ${pattern}`, () => pattern.test(this.heard) as true);
  }

  leave(): void {
    this.#socket.destroy();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

test("a message for somebody who is away waits, and arrives once when he comes", async () => {
  const port = await freePort();
  await using gateway = await startTestGateway({ config: config(port) });
  const client = await gateway.client();
  const params = { to: "carl", channel: "netcat", message: "you have mail", idempotencyKey: "mail-1" };
  const sending = client.request<{ messageId?: string; status?: string }>("send", params, { timeoutMs: 20_000 });

  const carl = await Person.join(port, "carl");

  assert.ok((await sending).messageId);
  await carl.hears(/you have mail/);
  const again = await client.request<{ messageId?: string }>("send", params);
  assert.equal(again.messageId, (await sending).messageId);
  assert.equal(carl.heard.match(/you have mail/g)?.length, 1);
  carl.leave();
});

test("agent with deliver answers the caller and the channel", async () => {
  const port = await freePort();
  await using gateway = await startTestGateway({ config: config(port) });
  const client = await gateway.client();
  const dora = await Person.join(port, "dora");

  const final = await client.request<{ result: { delivery: { status: string } } }>(
    "agent",
    { message: "hello", sessionKey: "main", deliver: true, channel: "netcat", to: "dora", idempotencyKey: "deliver-1" },
    { onAccepted: () => undefined },
  );

  assert.equal(final.result.delivery.status, "sent");
  await dora.hears(/Hello! Your gateway works/);
  dora.leave();
});

test("send names an unknown channel, and text over the channel's limit is split", async () => {
  const port = await freePort();
  await using gateway = await startTestGateway({ config: config(port) });
  const client = await gateway.client();
  const eve = await Person.join(port, "eve");
  const long = Array.from({ length: 1_500 }, (_, i) => `word${i}`).join(" ");

  await assert.rejects(client.request("send", { to: "x", channel: "ghost", message: "x", idempotencyKey: "s1" }), {
    message: "unsupported channel: ghost",
  });
  await client.request("send", { to: "eve", channel: "netcat", message: long, idempotencyKey: "s2" });

  await eve.hears(/word1499/);
  const received = eve.heard.split("\n").filter((line) => line.startsWith("word"));
  assert.ok(received.length > 2 && received.every((line) => line.length <= 4_000));
  assert.equal(received.join(" "), long);
  eve.leave();
});

test("channels.status and health tell a channel's state, and its plugin goes without closing a client", async () => {
  const port = await freePort();
  await using gateway = await startTestGateway({ config: config(port) });
  const client = await gateway.client();
  await Person.join(port, "ann").then((ann) => ann.leave());
  let closed = false;
  client.on("disconnected", () => (closed = true));

  const before = await client.request<{ channelAccounts: Record<string, { running: boolean }[]> }>(
    "channels.status",
    {},
  );
  gateway.writeConfig({
    ...config(port),
    plugins: { load: { paths: [example] }, entries: { netcat: { enabled: false } } },
  });

  assert.equal(before.channelAccounts["netcat"]?.[0]?.running, true);
  await eventually("the channel is gone", async () => {
    const { channelOrder } = await client.request<{ channelOrder: string[] }>("channels.status", {});
    return !channelOrder.includes("netcat");
  });
  await eventually("its port is closed", async () => {
    const attempt = connect(port, "127.0.0.1");
    const [error] = (await Promise.race([
      once(attempt, "error"),
      once(attempt, "connect").then(() => [undefined]),
    ])) as [Error | undefined];
    attempt.destroy();
    return error !== undefined;
  });
  assert.equal(closed, false);
});
