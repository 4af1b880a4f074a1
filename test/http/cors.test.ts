import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { connectParams, RawClient } from "../wire/raw-client.ts";
import { startHttpBench } from "./http-bench.ts";
import type { HttpBench } from "./http-bench.ts";

const APP = "https://app.example";
const CHAT = "/v1/chat/completions";
const ASKED = { model: "openclaw", messages: [{ role: "user", content: "hello" }] };

const configOf = (cors?: object) => ({
  gateway: {
    http: { endpoints: { chatCompletions: { enabled: true } }, ...(cors && { cors }) },
    reload: { debounceMs: 10 },
  },
});

/** What a browser asks before it lets a page of `origin` ask. */
async function preflight({ origin: gateway }: HttpBench, origin: string, path = CHAT) {
  const { status, headers } = await fetch(`${gateway}${path}`, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type,x-stainless-lang",
    },
  });
  return { status, headers, allowed: headers.get("access-control-allow-origin") };
}

test("pages of listed origins may ask the programs' endpoints, and read what they are told", async () => {
  await using bench = await startHttpBench(configOf({ allowedOrigins: [APP, "http://localhost:5173"], maxAge: 60 }));
  const from = (more: object) => ({ headers: { origin: APP, ...more } });

  const asked = await preflight(bench, APP);
  const plain = await bench.ask(CHAT, ASKED, from({}));
  const streamed = await bench.ask(CHAT, { ...ASKED, stream: true }, from({}));
  const refused = await bench.ask(CHAT, ASKED, { ...from({}), token: "wrong" });
  const invoked = await bench.ask("/tools/invoke", { tool: "agents_list" }, from({}));

  assert.equal(asked.status, 204);
  assert.deepEqual(
    ["allow-methods", "allow-headers", "max-age", "allow-credentials"].map((name) =>
      asked.headers.get(`access-control-${name}`),
    ),
    ["POST", "authorization,content-type,x-stainless-lang", "60", null],
  );
  assert.deepEqual(
    [plain, streamed, refused, invoked].map(({ status }) => status),
    [200, 200, 401, 200],
  );
  for (const { headers } of [asked, plain, streamed, refused, invoked]) {
    assert.equal(headers.get("access-control-allow-origin"), APP);
    assert.match(headers.get("vary") ?? "", /origin/i);
  }
  assert.equal((await preflight(bench, "http://localhost:5173")).allowed, "http://localhost:5173");
});

test("nothing else is opened by it: no other origin, no other path, no socket", async () => {
  await using bench = await startHttpBench(configOf({ allowedOrigins: [APP], allowCredentials: true }));
  const { gateway } = bench;

  for (const origin of ["https://evil.example", "http://app.example", `${APP}:8443`, `${APP}.evil.example`, "null"]) {
    const { status, allowed } = await preflight(bench, origin);
    assert.deepEqual([status, allowed], [403, null], origin);
    assert.equal((await bench.ask(CHAT, ASKED, { headers: { origin } })).status, 403, origin);
  }
  for (const path of ["/health", "/__openclaw__/canvas/", "/hooks/wake", "/nothing"]) {
    const { status, allowed } = await preflight(bench, APP, path);
    assert.deepEqual([status, allowed], [403, null], path);
    assert.equal((await bench.ask(path, undefined, { headers: { origin: APP } })).status, 403, path);
  }
  await using page = await RawClient.open(gateway.url, { headers: { origin: APP } });
  assert.match((await page.connect(connectParams(gateway.token))).error?.message ?? "", /^origin not allowed/);
  assert.equal((await preflight(bench, APP)).headers.get("access-control-allow-credentials"), "true");
  const own = await preflight(bench, bench.origin);
  assert.deepEqual([own.status, own.allowed], [405, null]);
});

test("it is off unless configured, follows the configuration, and takes whole origins only", async () => {
  await using bench = await startHttpBench(configOf());
  assert.equal((await preflight(bench, APP)).status, 403);

  bench.gateway.writeConfig(configOf({ allowedOrigins: [APP] }));
  await eventually("the origin is allowed", async () => (await preflight(bench, APP)).status === 204);

  for (const origin of ["*", "https://*.example", "app.example", `${APP}/path`, "null", "ftp://app.example"])
    await assert.rejects(
      startTestGateway({ config: configOf({ allowedOrigins: [origin] }) }),
      /gateway\.http\.cors\.allowedOrigins/,
      origin,
    );
});
