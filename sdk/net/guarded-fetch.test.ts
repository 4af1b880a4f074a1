import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { forbiddenAddress, forbiddenHost, guardedFetch } from "./index.ts";
import type { LookupAll } from "./index.ts";

const BLOCKED = { message: "Blocked: private/internal IP address" };

/** A server on loopback that counts who connects. */
async function listener(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  let connections = 0;
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  server.on("connection", () => connections++);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    host: `127.0.0.1:${port}`,
    requests,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const to =
  (...answers: string[]): LookupAll =>
  async () =>
    answers.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));

test("S-29: addresses that are not public, in every range and at both ends of it", (t) => {
  const forbidden = [
    "0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 127.255.255.255",
    "169.254.0.0 169.254.169.254 169.254.255.255 172.16.0.0 172.31.255.255 192.0.0.0 192.0.0.255 192.0.2.1",
    "192.88.99.1 192.168.0.0 192.168.255.255 198.18.0.0 198.19.255.255 198.51.100.7 203.0.113.9",
    "224.0.0.1 239.255.255.255 240.0.0.0 255.255.255.255",
    ":: ::1 ::7f00:1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:8.8.8.8 ::ffff:0:7f00:1 64:ff9b::7f00:1",
    "64:ff9b:1::1 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::",
    "3fff::1 5f00::1 fc00::1 fd12:3456::1 fe80::1 fe80::1%eth0 febf::1 fec0::1 ff02::1",
    "localhost 1.2.3 0x7f.1 2130706433 017700000001 1.2.3.4.5 nonsense",
  ]
    .join(" ")
    .split(" ");
  const open = [
    "1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 169.253.255.255",
    "169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0",
    "223.255.255.255 2606:4700:4700::1111 2a00:1450:4001::1 2001:4860:4860::8888",
  ]
    .join(" ")
    .split(" ");

  for (const address of forbidden) assert.ok(forbiddenAddress(address), address);
  for (const address of open) assert.ok(!forbiddenAddress(address), address);
  t.diagnostic(`${forbidden.length + open.length} addresses`);
});

test("S-29: names of this machine and its network are refused without asking anybody", () => {
  for (const host of "localhost localhost. LOCALHOST a.localhost printer.local metadata.google.internal nas.lan . [::1]".split(
    " ",
  ))
    assert.ok(forbiddenHost(host), host);
  for (const host of ["example.com", "localhost.example.com", "[2606:4700::1]", "8.8.8.8"])
    assert.ok(!forbiddenHost(host), host);
});

test("S-29: no spelling of this machine gets a connection", async (t) => {
  await using server = await listener((_, response) => response.end("secret"));
  const { port } = server;
  const hosts =
    "127.0.0.1 127.1 localhost localhost. LocalHost 0 0x7f.1 0x7f000001 2130706433 017700000001 127.0.0.1. [::1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [64:ff9b::7f00:1] [2002:7f00:1::] ⑫7.0.0.1 127。0。0。1 %31%32%37.0.0.1 sub.localhost".split(
      " ",
    );

  for (const host of hosts) await assert.rejects(guardedFetch(`http://${host}:${port}/`), BLOCKED, host);
  for (const address of ["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.0.0.1", "169.254.169.254"])
    await assert.rejects(guardedFetch(`http://x.example:${port}/`, { lookup: to(address) }), BLOCKED, address);
  await assert.rejects(
    guardedFetch(`http://x.example:${port}/`, { lookup: to("93.184.216.34", "127.0.0.1") }),
    BLOCKED,
    "one bad address among good ones",
  );

  t.diagnostic(`${hosts.length} spellings`);
  assert.equal(server.connections(), 0);
});

test("S-29: a name server that changes its mind is asked once", async () => {
  await using server = await listener((_, response) => response.end("secret"));
  let asked = 0;
  const rebinding: LookupAll = async () => {
    asked++;
    // A public address that nobody answers at; then this machine.
    return [{ address: asked === 1 ? "192.0.2.1" : "127.0.0.1", family: 4 }];
  };

  // The first answer is of a documentation range, which is refused as it is; so is every later one.
  await assert.rejects(guardedFetch(`http://x.example:${server.port}/`, { lookup: rebinding }), BLOCKED);
  await assert.rejects(guardedFetch(`http://x.example:${server.port}/`, { lookup: rebinding }), BLOCKED);
  // The connection goes to what was checked: with an allowed host, to the only answer that was given.
  asked = 0;
  const once: LookupAll = async () => {
    asked++;
    return [{ address: asked === 1 ? "127.0.0.1" : "192.0.2.1", family: 4 }];
  };
  const host = `x.example:${server.port}`;
  const { body } = await guardedFetch(`http://${host}/`, { lookup: once, allowHosts: [host] });

  assert.equal(String(body), "secret");
  assert.equal(asked, 1);
  assert.equal(server.connections(), 1);
});

test("S-29, S-30: every redirect is a new question, three at most, and headers stay with their origin", async () => {
  await using inner = await listener((_, response) => response.end("secret"));
  await using outer = await listener((request, response) => {
    const [, kind] = (request.url ?? "").split("/");
    const next: Record<string, string> = {
      local: `http://127.0.0.1:${inner.port}/`,
      name: `http://localhost:${inner.port}/`,
      file: "file:///etc/passwd",
      user: `http://user:pass@${request.headers.host}/end`,
      loop: "/loop",
      other: `http://other.example:${inner.port}/`,
      allowed: `http://${inner.host}/`,
      end: "",
    };
    if (!kind || kind === "end") return response.end("the end");
    response.writeHead(302, { location: next[kind] ?? "/end" }).end();
  });
  const allowHosts = [outer.host];
  const get = (path: string, more: object = {}) =>
    guardedFetch(`http://${outer.host}/${path}`, { allowHosts, lookup: to("127.0.0.1"), ...more });

  for (const path of ["local", "name", "other"]) await assert.rejects(get(path), BLOCKED, path);
  assert.equal(inner.connections(), 0);
  await assert.rejects(get("file"), { message: /addresses with file: are not fetched/ });
  await assert.rejects(get("user"), { message: /may not carry a user name/ });
  await assert.rejects(get("loop"), { message: /redirects too often/ });
  assert.equal(String((await get("end")).body), "the end");
  await get("allowed", { allowHosts: [outer.host, inner.host], headers: { authorization: "Bearer secret" } });
  assert.equal(outer.requests.at(-1)?.headers.authorization, "Bearer secret");
  assert.equal(inner.requests.at(-1)?.headers.authorization, undefined);
});

test("S-29: what is large, compressed, endless or slow is cut off", async () => {
  await using server = await listener((request, response) => {
    if (request.url === "/bomb") {
      response.writeHead(200, { "content-encoding": "gzip" });
      return response.end(gzipSync(Buffer.alloc(50_000_000)));
    }
    if (request.url === "/lying") {
      response.writeHead(200, { "content-length": "999999999" });
      return response.write("x");
    }
    const timer = setInterval(() => response.write(Buffer.alloc(65_536, "x")), 1);
    response.on("close", () => clearInterval(timer));
  });
  const get = (path: string, more: object = {}) =>
    guardedFetch(`http://${server.host}${path}`, { allowHosts: [server.host], ...more });

  const endless = await get("/endless");
  const bomb = await get("/bomb");

  assert.ok(endless.isCut && endless.body.length === 2 * 1024 * 1024);
  assert.ok(bomb.isCut && bomb.body.length === 2 * 1024 * 1024);
  await assert.rejects(get("/endless", { maxBytes: 1_000, refuseLonger: true }), { message: /larger than 1000 bytes/ });
  await assert.rejects(get("/lying", { timeoutMs: 200 }), { message: /gave no answer: it took too long/ });
  const stop = new AbortController();
  const stopped = get("/lying", { signal: stop.signal });
  stop.abort();
  await assert.rejects(stopped, { name: "AbortError" });
});

test("what is no address to fetch is refused with what to give", async () => {
  for (const url of [
    "",
    "example.com",
    "ftp://example.com",
    "javascript:alert(1)",
    "http://",
    `http://${"x".repeat(9_000)}`,
  ])
    await assert.rejects(guardedFetch(url), { code: "INVALID_REQUEST" }, url);
  await assert.rejects(guardedFetch("http://nobody.example/", { lookup: to() }), { message: /is not known/ });
});
