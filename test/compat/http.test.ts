import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { fetchFrom, fixture, Folders, hostFor, startWith, stateOf } from "./support.ts";

test("a route answers every method, whatever the query and the body", async () => {
  await using gateway = await startWith([fixture("http")]);

  const answers = await Promise.all(
    ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].map(async (method) => {
      const body = method === "GET" ? null : "a=1";
      const response = await fetchFrom(gateway, "/http/echo?x=1", {
        method,
        body,
        headers: { "content-type": "application/x-www-form-urlencoded" },
      });
      return response.json() as Promise<{ method: string; url: string }>;
    }),
  );

  assert.deepEqual(
    answers.map(({ method }) => method),
    ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
  );
  assert.ok(answers.every(({ url }) => url === "/http/echo?x=1"));
});

test("a route is exact: case and a trailing slash matter, a leading slash may be left out", async () => {
  await using gateway = await startWith([fixture("http")]);

  const status = async (path: string) => (await fetchFrom(gateway, path)).status;

  assert.equal(await status("/http/no-slash"), 200);
  assert.equal(await status("/http/echo"), 200);
  assert.equal(await status("/http/echo/"), 404);
  assert.equal(await status("/http/Echo"), 404);
});

test("of two routes at one path the first answers, and the second is a diagnostic", async () => {
  await using gateway = await startWith([fixture("http")]);

  const answer = await fetchFrom(gateway, "/http/echo");

  assert.match(await answer.text(), /"method":"GET"/);
  assert.ok(
    stateOf(gateway, "http").diagnostics.includes("http route /http/echo is registered twice; the first one answers"),
  );
});

test("handlers are asked in order when no route matches, until one has answered", async () => {
  await using gateway = await startWith([fixture("http")]);
  const client = await gateway.client();

  const handled = await fetchFrom(gateway, "/http/handled/x");
  const unknown = await fetchFrom(gateway, "/http/nobody");

  assert.equal(await handled.text(), "handled /http/handled/x");
  assert.equal(unknown.status, 404);
  assert.deepEqual(await client.request("http.asked", {}), [
    "first /http/handled/x",
    "second /http/handled/x",
    "first /http/nobody",
    "second /http/nobody",
    "third /http/nobody",
  ]);
});

test("handlers are not asked for a path that has a route", async () => {
  await using gateway = await startWith([fixture("http")]);

  await fetchFrom(gateway, "/http/echo");

  assert.deepEqual(await (await gateway.client()).request("http.asked", {}), []);
});

test("a throw is 500 in plain text, in routes and handlers", async () => {
  await using gateway = await startWith([fixture("http")]);

  for (const path of ["/http/throw", "/http/handler-throws"]) {
    const response = await fetchFrom(gateway, path);
    assert.equal(response.status, 500);
    assert.match(response.headers.get("content-type") ?? "", /^text\/plain/);
    assert.equal(await response.text(), "Internal Server Error");
  }
  assert.equal(stateOf(gateway, "http").faults, 2);
});

test("a throw after the first bytes cuts the answer", async () => {
  await using gateway = await startWith([fixture("http")]);

  await assert.rejects(async () => (await fetchFrom(gateway, "/http/half")).text());
  assert.equal(stateOf(gateway, "http").faults, 1);
});

test("unknown old plugins serve this machine only, listed routes whom the manifest says", async () => {
  await using gateway = await startWith([fixture("http")]);
  const cross = { headers: { "sec-fetch-site": "cross-site" } };
  const token = { headers: { authorization: `Bearer ${gateway.token}` } };
  const forwarded = { headers: { "x-forwarded-for": "203.0.113.9" } };

  assert.equal((await fetchFrom(gateway, "/http/echo")).status, 200);
  assert.equal((await fetchFrom(gateway, "/http/echo", forwarded)).status, 401);
  assert.equal((await fetchFrom(gateway, "/http/echo", cross)).status, 401);
  assert.equal((await fetchFrom(gateway, "/http/handled/x", forwarded)).status, 401);
  assert.equal((await fetchFrom(gateway, "/http/public", forwarded)).status, 200);
  assert.equal((await fetchFrom(gateway, "/http/guarded")).status, 401);
  assert.equal((await fetchFrom(gateway, "/http/guarded", token)).status, 200);
  const { diagnostics } = stateOf(gateway, "http");
  assert.equal(diagnostics.filter((text) => text.includes("plugins.entries.http.http.public")).length, 1);
});

test("routes that the manifest lists need no remark", async () => {
  const contributes = { http: [{ path: "/open", auth: "none" as const }] };
  await using host = await hostFor((api) => api.registerHttpRoute({ path: "/open", handler: () => undefined }), {
    manifest: { contributes },
  });

  assert.equal(host.hooks.http.offers.get("/open")?.options.auth, "none");
  assert.equal(host.notes.diagnostics.size, 0);
});

test("the operator opens a plugin's routes and handlers to all", async () => {
  await using gateway = await startWith([fixture("http")], { entries: { http: { http: { public: true } } } });
  const forwarded = { headers: { "x-forwarded-for": "203.0.113.9" } };

  assert.equal((await fetchFrom(gateway, "/http/echo", forwarded)).status, 200);
  assert.equal((await fetchFrom(gateway, "/http/handled/x", forwarded)).status, 200);
  assert.ok(!stateOf(gateway, "http").diagnostics.some((text) => text.includes("gateway token")));
});

test("a body past the limit is 413 and never reaches the handler whole", async () => {
  await using gateway = await startWith([fixture("http")]);
  const part = Buffer.alloc(1024 * 1024, "x");

  const announced = await fetchFrom(gateway, "/http/echo", { method: "POST", body: Buffer.alloc(21 * part.length) });
  const status = await sendChunked(gateway.port, "/http/echo", part, 24);

  assert.equal(announced.status, 413);
  assert.match(status, /^HTTP\/1\.1 413 /);
});

test("a route can be mounted and taken down at any time", async () => {
  await using gateway = await startWith([fixture("http")]);
  const client = await gateway.client();
  const status = async () => (await fetchFrom(gateway, "/http/late")).status;

  const before = await status();
  await client.request("http.mount", {});
  const mounted = await fetchFrom(gateway, "/http/late");
  await client.request("http.unmount", {});
  const after = await status();
  await client.request("http.mount", {});

  assert.deepEqual([before, mounted.status, await mounted.text(), after], [404, 200, "late", 404]);
  assert.equal(await status(), 200);
});

test("a path of the stock distro is not taken", async () => {
  using folders = new Folders();
  const stock = folders.plugin("group/owner", {
    "openclaw.plugin.json": JSON.stringify({
      id: "owner",
      contributes: { http: [{ path: "/owned", auth: "gateway" }] },
    }),
    "index.js": "export default { activate() {} };",
  });
  const greedy = folders.plugin("greedy", {
    "index.js": `export default (api) => api.registerHttpRoute({ path: "/owned", handler: (_, res) => res.end("mine") });`,
  });

  await using gateway = await startWith([stock, greedy]);

  assert.ok(
    stateOf(gateway, "greedy").diagnostics.includes(
      'http "/owned" belongs to plugin "owner"; it was not registered again',
    ),
  );
});

test("a route that needs the token says so itself, and one may answer below its path", async () => {
  await using host = await hostFor((api) => {
    api.registerHttpRoute({ path: "/tree", match: "prefix", auth: "gateway", handler: () => undefined });
  });

  const { options } = host.hooks.http.offers.get("/tree") ?? {};

  assert.deepEqual([options?.auth, options?.match], ["gateway", "prefix"]);
});

test("a route and a handler that are none are skipped with a diagnostic", async () => {
  await using host = await hostFor((api) => {
    api.registerHttpRoute({} as never);
    api.registerHttpHandler("handler" as never);
  });

  assert.equal(host.notes.diagnostics.size, 2);
  assert.equal(host.hooks.http.offers.size + host.hooks.unrouted.offers.size, 0);
});

/** The first line of the answer to a chunked body of `count` parts. */
function sendChunked(port: number, path: string, part: Buffer, count: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect(port, "127.0.0.1");
  socket.once("data", (data) => {
    resolve(data.toString().split("\r\n")[0] ?? "");
    socket.destroy();
  });
  socket.on("error", reject);
  socket.write(`POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nTransfer-Encoding: chunked\r\n\r\n`);
  for (let sent = 0; sent < count; sent++) {
    socket.write(`${part.length.toString(16)}\r\n`);
    socket.write(part);
    socket.write("\r\n");
  }
  socket.write("0\r\n\r\n");
  return promise;
}
