import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { startToolBench } from "./bench.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function site(answer: Answer) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const PAGE = `<!doctype html><html><head><title>A  page</title><style>p{}</style></head><body>
<nav><a href="/menu">menu</a></nav>
<main><h1>Head &amp; line</h1><p>First <b>bold</b> <a href="/two">two</a>
words.</p><ul><li>one</li><li>two<ol><li>inner</li></ol></li></ul><pre>a
  b</pre><script>alert(1)</script><p>${"More text. ".repeat(40)}</p>
<a href="javascript:alert(1)">bad</a></main><footer>foot</footer></body></html>`;

test("web_fetch gives the main part of a page, marked as the words of others, once a quarter of an hour", async () => {
  await using server = await site((_, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(PAGE);
  });
  await using bench = await startToolBench({ tools: { web: { fetch: { dangerouslyAllowHosts: [server.host] } } } });
  const url = `http://${server.host}/page`;

  const page = await bench.use("web_fetch", { url });
  const plain = await bench.use("web_fetch", { url, extractMode: "text" });
  const again = await bench.use("web_fetch", { url, maxChars: 100 });

  assert.match(
    page.text,
    /^<<<UNTRUSTED ([0-9a-f]+)>>>\nFrom http:[^\n]+\n\nA page\n\n# Head & line\n\nFirst \*\*bold\*\*/,
  );
  assert.match(page.text, new RegExp(`\\[two\\]\\(http://${server.host}/two\\)`));
  assert.match(page.text, /\n- one\n- two\n\s+1\. inner\n/);
  assert.match(page.text, /```\na\n {2}b\n```/);
  assert.match(page.text, /<<<END UNTRUSTED [0-9a-f]+>>>$/);
  assert.doesNotMatch(page.text, /alert|menu|foot|javascript/);
  assert.match(plain.text, /\n\nHead & line\n\nFirst bold two words\./);
  assert.match(again.text, /\[the rest was left out\]/);
  assert.partialDeepStrictEqual(again.details, { cached: true, truncated: true, length: 100 });
  assert.equal(server.requests.length, 2);
});

test("web_fetch reaches nothing of this machine or its network, and says so", async () => {
  await using server = await site((_, response) => response.end("secret"));
  await using bench = await startToolBench();
  const port = server.host.split(":")[1];

  for (const host of ["127.0.0.1", "localhost", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254"]) {
    const result = await bench.use("web_fetch", { url: `http://${host}:${port}/` });
    assert.equal(result.text, "Blocked: private/internal IP address", host);
    assert.ok(result.isError);
  }
  const gateway = await bench.use("web_fetch", { url: bench.gateway.url.replace("ws", "http") });
  assert.equal(gateway.text, "Blocked: private/internal IP address");
  assert.equal(server.requests.length, 0);
});

test("web_fetch passes JSON on, refuses what is no text, and tells of a failure", async () => {
  await using server = await site((request, response) => {
    if (request.url === "/json") response.writeHead(200, { "content-type": "application/json" }).end('{"a":1}');
    else if (request.url === "/zip") response.writeHead(200, { "content-type": "application/zip" }).end("PK");
    else response.writeHead(404, { "content-type": "text/plain" }).end("nothing here");
  });
  await using bench = await startToolBench({ tools: { web: { fetch: { dangerouslyAllowHosts: [server.host] } } } });
  const get = (path: string) => bench.use("web_fetch", { url: `http://${server.host}${path}` });

  assert.match((await get("/json")).text, /\n\{"a":1\}\n/);
  assert.match((await get("/zip")).text, /is application\/zip, which is no text/);
  const missing = await get("/none");
  assert.match(missing.text, /HTTP status 404\n\nnothing here/);
  assert.ok(missing.isError);
});

test("web_search is there with a key, and its results are the words of others", async () => {
  await using server = await site((request, response) => {
    const isRight = request.headers["x-subscription-token"] === "right-key";
    const results = [{ title: "<strong>Cats</strong>", url: "https://cats.example/", description: "All &amp; more" }];
    response.writeHead(isRight ? 200 : 401, { "content-type": "application/json" });
    response.end(JSON.stringify({ web: { results } }));
  });
  const search = { apiKey: "right-key", baseUrl: `http://${server.host}` };
  await using bench = await startToolBench({ tools: { web: { search } } });

  const found = await bench.use("web_search", { query: "cats & dogs", count: 3 });
  await bench.use("web_search", { query: "cats & dogs", count: 3 });

  assert.match(found.text, /^<<<UNTRUSTED .*\nFrom a web search with brave\./);
  assert.match(found.text, /1\. Cats\n {3}https:\/\/cats\.example\/\n {3}All & more/);
  assert.equal(server.requests.length, 1);
  assert.equal(server.requests[0]?.url, "/res/v1/web/search?q=cats+%26+dogs&count=3");

  const patch = async (raw: string) => {
    const { hash } = await bench.client.request<{ hash: string }>("config.get", {});
    await bench.client.request("config.patch", { raw, baseHash: hash });
  };
  await patch('{tools:{web:{search:{apiKey:"wrong-key"}}}}');
  const refused = await bench.use("web_search", { query: "birds" });
  assert.match(refused.text, /brave refused the key \(401\); set tools\.web\.search\.apiKey or BRAVE_API_KEY/);
  await patch("{tools:{web:{search:{apiKey:null}}}}");
  await bench.say("hello");
  assert.ok(bench.offered().includes("web_fetch") && !bench.offered().includes("web_search"));
});
