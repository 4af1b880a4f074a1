import assert from "node:assert/strict";
import { test } from "node:test";
import { RawHttp } from "../security/raw-http.ts";
import { startHttpBench } from "./http-bench.ts";

const HOOKS = "hook-token-0123456789";
/** Below the largest limit that is not configurable, `/tools/invoke`'s. */
const LARGE = 2_200_000;
const SMALL = 4_096;

interface Route {
  readonly path: string;
  readonly plugin: string;
  readonly method: "GET" | "POST";
  /** The credential it takes; none for who may always ask. */
  readonly token?: "gateway" | "hooks";
}

const ROUTES: readonly Route[] = [
  { path: "/v1/chat/completions", plugin: "openai-http", method: "POST", token: "gateway" },
  { path: "/v1/embeddings", plugin: "openai-http", method: "POST", token: "gateway" },
  { path: "/v1/models", plugin: "openai-http", method: "GET", token: "gateway" },
  { path: "/v1/responses", plugin: "openresponses-http", method: "POST", token: "gateway" },
  { path: "/tools/invoke", plugin: "tools-invoke-http", method: "POST", token: "gateway" },
  { path: "/hooks/wake", plugin: "hooks-http", method: "POST", token: "hooks" },
  { path: "/hooks/agent", plugin: "hooks-http", method: "POST", token: "hooks" },
  { path: "/__openclaw__/media/x", plugin: "messaging", method: "GET", token: "gateway" },
  { path: "/__openclaw__/canvas/", plugin: "canvas-host", method: "GET" },
  { path: "/__openclaw__/a2ui/", plugin: "canvas-host", method: "GET" },
  { path: "/health", plugin: "health-http", method: "GET" },
  { path: "/ready", plugin: "health-http", method: "GET" },
];

const CONFIG = {
  hooks: { enabled: true, token: HOOKS, maxBodyBytes: SMALL },
  gateway: {
    http: {
      endpoints: {
        chatCompletions: { enabled: true, maxBodyBytes: SMALL },
        responses: { enabled: true, maxBodyBytes: SMALL },
      },
    },
  },
};

test("every route holds its method, its credential, its type, its size and its place", async (context) => {
  await using bench = await startHttpBench(CONFIG);
  const { port } = bench.gateway;
  let cases = 0;

  for (const { path, method, token } of ROUTES) {
    const secret = token === "hooks" ? HOOKS : bench.gateway.token;
    const lines = (given: Readonly<Record<string, string | undefined>>) =>
      Object.entries({ Host: `127.0.0.1:${port}`, Authorization: `Bearer ${secret}`, ...given }).flatMap(
        ([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]),
      );
    const status = async (given: Readonly<Record<string, string | undefined>>, as: string = method, body = "") => {
      cases++;
      await using exchange = new RawHttp(port);
      const sized = body === "" || given["Transfer-Encoding"] ? {} : { "Content-Length": String(body.length) };
      exchange.head(`${as} ${path} HTTP/1.1`, ...lines({ ...sized, ...given }));
      exchange.write(given["Transfer-Encoding"] ? `${body.length.toString(16)}\r\n${body}\r\n` : body);
      return (await exchange.answer()).status;
    };

    assert.equal(await status({}, method === "GET" ? "POST" : "GET"), 405, path);
    assert.equal(await status({}, "DELETE"), 405, path);
    assert.equal(await status({}, "OPTIONS"), 405, path);
    assert.equal(await status({ Host: "evil.example" }), 421, path);
    assert.equal(await status({ Origin: "http://evil.example" }), 403, path);
    if (token) {
      assert.equal(await status({ Authorization: undefined }), 401, path);
      assert.equal(await status({ Authorization: "Bearer wrong" }), 401, path);
      assert.equal(await status({ Authorization: `Basic ${btoa(`x:${secret}`)}` }), 401, path);
      const other = token === "hooks" ? bench.gateway.token : HOOKS;
      assert.equal(await status({ Authorization: `Bearer ${other}` }), 401, path);
    }
    if (method === "GET") continue;
    const json = { "Content-Type": "application/json" };
    assert.equal(await status({ "Content-Type": "text/plain" }, method, "{}"), 415, path);
    assert.equal(await status({ "Content-Type": "application/x-www-form-urlencoded" }, method, "a=b"), 415, path);
    assert.equal(await status({ ...json, Authorization: undefined }, method, "x".repeat(LARGE)), 401, path);
    if (path === "/v1/embeddings") continue;
    assert.equal(await status({ ...json, "Content-Length": String(LARGE) }), 413, path);
    assert.equal(await status({ ...json, "Transfer-Encoding": "chunked" }, method, "x".repeat(LARGE)), 413, path);
    for (const body of ["", "{}", "{", "[]", "null", "7", '"x"', '{"__proto__":{}}', "\xff"])
      assert.equal(await status(json, method, body), 400, `${path} ${body}`);
  }
  context.diagnostic(`${cases} requests`);
});

test("what is switched off is not there", async () => {
  // Without messaging there is no gateway to speak of.
  const off = ROUTES.filter(({ plugin }) => plugin !== "messaging");
  const entries = Object.fromEntries(off.map(({ plugin }) => [plugin, { enabled: false }]));
  await using bench = await startHttpBench({ ...CONFIG, plugins: { entries } });

  for (const { path, method, token } of off) {
    const { status } = await bench.ask(path, method === "POST" ? {} : undefined, {
      token: token === "hooks" ? HOOKS : bench.gateway.token,
    });
    assert.equal(status, 404, path);
  }
});
