import assert from "node:assert/strict";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { mock, test } from "node:test";
import { ConnectParams } from "openclaw/plugin-sdk";
import type { GatewayClient } from "openclaw/plugin-sdk";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { connectParams, loggedIn, RawClient, UpgradeRefused } from "../wire/raw-client.ts";
import { startToyGateway } from "../wire/toy-gateway.ts";
import { ask, bearer, json, postHead } from "./ask.ts";
import { RawHttp } from "./raw-http.ts";
import { sample, spoils } from "./spoil.ts";
import type { Schema, Value } from "./spoil.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const ESTABLISHED = join(ROOT, "..", "shared", "spec", "protocol-methods.json");
const TOYS = ["../security/toy-http"];

/** The rest of the world goes on. */
async function assertServes(witness: GatewayClient): Promise<void> {
  assert.equal((await witness.request<{ ok: boolean }>("health", {})).ok, true);
}

/** What each credential may call, by the scope a method needs (protocol.md §7). */
const CREDENTIALS: Record<string, { readonly login: object; readonly opens: readonly string[] }> = {
  none: { login: { client: identity("grant:") }, opens: [] },
  read: { login: { scopes: ["operator.read"] }, opens: ["operator.read"] },
  write: { login: { scopes: ["operator.write"] }, opens: ["operator.read", "operator.write"] },
  approvals: { login: { scopes: ["operator.approvals"] }, opens: ["operator.approvals"] },
  pairing: { login: { scopes: ["operator.pairing"] }, opens: ["operator.pairing"] },
  admin: {
    login: {},
    opens: ["operator.read", "operator.write", "operator.approvals", "operator.pairing", "operator.admin"],
  },
  node: { login: { role: "node" }, opens: ["node"] },
};

function identity(instanceId: string): object {
  return { id: "test", version: "1", platform: "test", mode: "cli", instanceId };
}

/** Scope per method as the manifests of the distro announce it. */
function announcedScopes(): Map<string, string> {
  const scopes = new Map<string, string>();
  const files = globSync(["plugins/*/*/openclaw.plugin.json", "test/wire/toy/openclaw.plugin.json"], { cwd: ROOT });
  for (const file of files) {
    const { contributes } = JSON.parse(readFileSync(join(ROOT, file), "utf8")) as {
      contributes?: { methods?: object };
    };
    const methods = contributes?.methods ?? {};
    const pairs = Array.isArray(methods)
      ? methods.map((name) => [name as string, "operator.admin"])
      : Object.entries(methods);
    for (const [name, scope] of pairs) scopes.set(name as string, scope as string);
  }
  // Its code asks for more than its manifest says; the code decides.
  scopes.set("toy.disguised", "operator.admin");
  return scopes;
}

/** A gateway with the whole stock distro and the toys. */
function startWhole(): Promise<TestGateway> {
  const toys = ["toy", "toy-auth"];
  const paths = toys.map((toy) => join(ROOT, "test", "wire", toy));
  const entries = Object.fromEntries(toys.map((toy) => [toy, { enabled: true }]));
  return startTestGateway({ config: { plugins: { load: { paths }, entries } } });
}

test("S-16 every method of the live table opens to its scope and to no other", async (t) => {
  await using gateway = await startWhole();
  const witness = await gateway.client();
  await witness.request("toy.read", {});
  const announced = announcedScopes();
  // One of the toys has a schema that compiles for nobody.
  const live = (witness.hello?.features.methods ?? []).filter((method) => method !== "toy.broken");
  const unknown = live.filter((method) => !announced.has(method));
  let calls = 0;

  assert.deepEqual(unknown, [], "every live method is announced with a scope");
  for (const [credential, { login, opens }] of Object.entries(CREDENTIALS)) {
    await using client = await loggedIn(gateway, login);
    for (const method of live) {
      const scope = announced.get(method) as string;
      // A list is refused after the access check and before the handler, so nothing happens by calling.
      const { error } = await client.request(method, []);
      const refusal =
        credential === "node"
          ? "unauthorized role: node"
          : scope === "node"
            ? "unauthorized role: operator"
            : `missing scope: ${scope}`;
      const expected = opens.includes(scope) ? `invalid ${method} params: must be object` : refusal;
      // A union of shapes adds what else was tried.
      assert.equal(error?.message.split("; ")[0], expected, `${credential} calls ${method}`);
      calls++;
    }
    await assertServes(witness);
  }
  for (const method of live) {
    await using stranger = await RawClient.open(gateway.url);
    stranger.send({ type: "req", id: 1, method, params: {} });
    assert.equal((await stranger.response(1)).error?.message, "invalid handshake: first request must be connect");
    assert.equal((await stranger.closed()).code, 1008);
    calls++;
  }
  await assertServes(witness);
  assert.ok(calls >= 300, `only ${calls} calls`);
  t.diagnostic(`${live.length} methods, ${calls} calls`);
});

test(
  "S-16 established methods need the established scopes",
  { skip: !existsSync(ESTABLISHED) && "no method list" },
  (t) => {
    const { methods } = JSON.parse(readFileSync(ESTABLISHED, "utf8")) as { methods: { name: string; scope: string }[] };
    const announced = announcedScopes();
    const compared: string[] = [];

    for (const { name, scope } of methods) {
      const ours = announced.get(name);
      if (ours === undefined) continue;
      assert.equal(ours, scope.replace("role:", ""), name);
      compared.push(name);
    }
    assert.ok(compared.length >= 8);
    t.diagnostic(`${compared.length} of ${methods.length} established methods are in the distribution`);
  },
);

test("S-16 every announced route asks for a credential, except those listed as public", async (t) => {
  const folder = join(ROOT, "test", "security", "toy-http");
  const plugins = { load: { paths: [folder] }, entries: { "toy-http": { enabled: true } } };
  // What is off is not there at all.
  const http = { endpoints: { chatCompletions: { enabled: true }, responses: { enabled: true } } };
  await using gateway = await startTestGateway({ config: { plugins, gateway: { http } } });
  const files = globSync(["plugins/*/*/openclaw.plugin.json", "test/security/toy-http/openclaw.plugin.json"], {
    cwd: ROOT,
  });
  const routes = files.flatMap((file) => {
    const { id, contributes } = JSON.parse(readFileSync(join(ROOT, file), "utf8")) as RoutedManifest;
    const runs = gateway.run.plugins().some((plugin) => plugin.id === id && plugin.enabled);
    return runs ? (contributes?.http ?? []) : [];
  });

  for (const { path, auth } of routes) {
    for (const method of ["GET", "POST"]) {
      const { status } = await ask(gateway, path, { method });
      // Of a guarded route a stranger learns no more than its methods.
      if (auth === "gateway") assert.ok(status === 401 || status === 405, `${method} ${path}: ${status}`);
      else assert.notEqual(status, 401, `${method} ${path}`);
    }
  }
  assert.ok(routes.length >= 6);
  t.diagnostic(`${routes.length} routes`);
});

interface RoutedManifest {
  readonly id: string;
  readonly contributes?: { readonly http?: readonly { readonly path: string; readonly auth: "gateway" | "none" }[] };
}

/** State of a plugin whose code is `source`. */
async function stateOf(source: string, manifest: object = {}): Promise<{ state: string; error: string | undefined }> {
  const folder = mkdtempSync(join(tmpdir(), "openclaw-bad-"));
  try {
    writeFileSync(
      join(folder, "openclaw.plugin.json"),
      JSON.stringify({ id: "bad", activation: "startup", ...manifest }),
    );
    writeFileSync(join(folder, "index.js"), `export default (gateway) => {};\n`);
    writeFileSync(
      join(folder, "index.ts"),
      `import { definePlugin, Type } from "openclaw/plugin-sdk";\nexport default definePlugin((gateway) => { ${source} });\n`,
    );
    const plugins = { load: { paths: [folder] }, entries: { bad: { enabled: true } } };
    await using gateway = await startTestGateway({ config: { plugins } });
    await assertServes(await gateway.client());
    const { state, error } = gateway.run.plugins().find(({ id }) => id === "bad") ?? { state: "missing", error: "" };
    return { state, error };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("S-16 a plugin that registers a method or route without saying who may use it is not loaded", async () => {
  const method = (options: string) => `gateway.hooks.method.for("bad.do").tap(${options}, () => ({}));`;
  const route = (options: string) => `gateway.route({ path: "/bad", ${options} handle: () => {} });`;

  assert.deepEqual(await stateOf(method(`{ scope: "operator.read" }`)), { state: "active", error: undefined });
  for (const options of ["{}", `{ scope: "" }`, `{ scope: "operator.none" }`, `{ scope: "none" }`]) {
    const { state, error } = await stateOf(method(options));
    assert.equal(state, "failed", options);
    assert.match(String(error), /method "bad\.do" needs a scope/);
  }
  const { state, error } = await stateOf(route(""));
  assert.equal(state, "failed");
  assert.match(String(error), /route \/bad needs auth/);
});

test("S-25 a public route has to be listed as public", async () => {
  const source = `gateway.route({ path: "/bad", auth: "none", handle: (exchange) => exchange.reply(200, "in") });`;
  const listed = { contributes: { http: [{ path: "/bad", auth: "none" }] } };
  const elsewhere = {
    contributes: {
      http: [
        { path: "/other", auth: "none" },
        { path: "/bad", auth: "gateway" },
      ],
    },
  };

  assert.equal((await stateOf(source, listed)).state, "active");
  for (const manifest of [{}, elsewhere]) {
    const { state, error } = await stateOf(source, manifest);
    assert.equal(state, "failed");
    assert.match(String(error), /route \/bad needs auth/);
  }
});

test("S-17 connect takes no field that is missing, of another type, too long or unknown", async (t) => {
  await using gateway = await startToyGateway();
  const witness = await gateway.client();
  const schema = ConnectParams as unknown as Schema;
  let cases = 0;

  for (const [what, spoil] of spoils(schema)) {
    const params = sample(schema) as Value;
    spoil(params);
    await using client = await RawClient.open(gateway.url);
    const { error } = await client.connect(params);
    assert.match(String(error?.message), /^invalid connect params: /, what);
    assert.equal((await client.closed()).code, 1008, what);
    if (cases++ % 20 === 0) await assertServes(witness);
  }
  // What is not spoiled passes this check and fails at the next.
  await using client = await RawClient.open(gateway.url);
  const { error } = await client.connect({ ...(sample(schema) as object), minProtocol: 3, maxProtocol: 3 });
  assert.equal(error?.message, "invalid role");
  assert.ok(cases >= 240, `only ${cases} cases`);
  t.diagnostic(`${cases} cases`);
});

test("S-17 no method of the live table takes a key that reaches a prototype", async (t) => {
  await using gateway = await startWhole();
  const witness = await gateway.client();
  await using client = await loggedIn(gateway);
  await using node = await loggedIn(gateway, { role: "node" });
  const nodeOnly = new Set([...announcedScopes()].filter(([, scope]) => scope === "node").map(([name]) => name));
  const keys = ["__proto__", "constructor", "prototype"];
  const escaped = (key: string) =>
    key.replace(/^(_?)(.)/, (_, first: string, next: string) => `${first}\\u${hex(next)}`);
  const hex = (letter: string) => letter.charCodeAt(0).toString(16).padStart(4, "0");
  const shapes: [string, (key: string) => string][] = [
    ["root", (key) => `{"${key}":{"polluted":true}}`],
    ["/a/b/0", (key) => `{"a":{"b":[{"${key}":1}]}}`],
    ["root", (key) => `{"${escaped(key)}":{"polluted":true}}`],
    ["/a", (key) => `{"a":{"${escaped(key)}":null}}`],
  ];
  let cases = 0;

  for (const method of witness.hello?.features.methods ?? []) {
    const caller = nodeOnly.has(method) ? node : client;
    for (const key of keys) {
      for (const [where, shape] of shapes) {
        caller.sendRaw(`{"type":"req","id":"p","method":"${method}","params":${shape(key)}}`);
        const { error } = await caller.response("p");
        assert.equal(error?.message, `invalid ${method} params: at ${where}: unexpected property '${key}'`);
        cases++;
      }
    }
    await assertServes(witness);
  }
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  assert.ok(cases >= 400, `only ${cases} cases`);
  t.diagnostic(`${cases} cases`);
});

test("S-18 a request is judged by method, credential, type and size, in this order and before its body", async () => {
  await using gateway = await startToyGateway(TOYS);
  const witness = await gateway.client();
  const body = "{}";
  const huge = { "content-length": String(10 ** 9) };
  const wrong = { authorization: "Bearer wrong" };

  const good = await ask(gateway, "/toy/private", { method: "POST", headers: json(gateway), body });
  assert.deepEqual([good.status, JSON.parse(good.text)], [200, { size: 2, isLocal: true, reached: 1 }]);
  assert.equal((await ask(gateway, "/toy/nowhere", { headers: bearer(gateway) })).status, 404);
  const cases: [string, string, Record<string, string>, number][] = [
    ["/toy/nowhere", "DELETE", { ...wrong, ...huge }, 404],
    ["/toy/private", "DELETE", { ...wrong, ...huge }, 405],
    ["/toy/private", "POST", { ...wrong, ...huge, "content-type": "text/plain" }, 401],
    ["/toy/private", "POST", { ...huge, "content-type": "text/plain" }, 401],
    ["/toy/private", "POST", { ...bearer(gateway), ...huge, "content-type": "text/plain" }, 415],
    ["/toy/private", "POST", { ...json(gateway), ...huge }, 413],
  ];
  for (const [path, method, headers, status] of cases) {
    await using http = new RawHttp(gateway.port);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    http.head(`${method} ${path} HTTP/1.1`, `Host: 127.0.0.1:${gateway.port}`, ...lines);
    // Nothing of the body was sent: the answer comes all the same.
    assert.equal((await http.answer()).status, status, `${method} ${path}`);
    await assertServes(witness);
  }
  const after = await ask(gateway, "/toy/private", { headers: bearer(gateway) });
  assert.equal((JSON.parse(after.text) as { reached: number }).reached, 2, "no handler saw the others");
});

test("S-18 a stranger with a dripping body is told at once and let go soon", async () => {
  await using gateway = await startToyGateway(TOYS);
  const witness = await gateway.client();
  await using http = new RawHttp(gateway.port);
  const startedAt = performance.now();

  http.head(...postHead(gateway, "/toy/private", "Authorization: Bearer wrong", "Transfer-Encoding: chunked"));
  const drip = setInterval(() => http.write("1\r\nx\r\n"), 50);
  const { status } = await http.answer();
  const toldMs = performance.now() - startedAt;
  await http.closed();
  clearInterval(drip);

  assert.equal(status, 401);
  assert.ok(toldMs < 500, `told after ${toldMs} ms`);
  assert.ok(performance.now() - startedAt < 3_000);
  await assertServes(witness);
});

test("S-18 nobody is told to go on before the credential was seen", async () => {
  await using gateway = await startToyGateway(TOYS);
  await using stranger = new RawHttp(gateway.port);
  await using friend = new RawHttp(gateway.port);
  const expect = ["Expect: 100-continue", "Content-Length: 2"];

  stranger.head(...postHead(gateway, "/toy/private", ...expect));
  friend.head(...postHead(gateway, "/toy/private", `Authorization: Bearer ${gateway.token}`, ...expect));

  assert.equal((await stranger.answer()).status, 401);
  assert.equal((await friend.answer()).status, 100);
});

test("S-18 a body beyond the limit gets 413, and the answer arrives", async () => {
  await using gateway = await startToyGateway(TOYS);
  const witness = await gateway.client();
  const body = "x".repeat(400_000);
  const chunked = { ...json(gateway), "transfer-encoding": "chunked" };

  const fits = await ask(gateway, "/toy/private", {
    method: "POST",
    headers: json(gateway),
    body: "x".repeat(262_144),
  });
  assert.equal(fits.status, 200);
  for (const headers of [json(gateway), chunked]) {
    const { status, text } = await ask(gateway, "/toy/private", { method: "POST", headers, body });
    assert.equal(status, 413);
    assert.deepEqual(JSON.parse(text), { error: { message: "payload too large", type: "invalid_request_error" } });
    await assertServes(witness);
  }
});

/** Time that the test moves, for limits that are measured and not waited for. */
function movedTime() {
  const real = performance.now.bind(performance);
  let offset = 0;
  const now = mock.method(performance, "now", () => real() + offset);
  mock.timers.enable({ apis: ["setInterval"] });
  return {
    pass(ms: number) {
      offset += ms;
      mock.timers.tick(ms);
    },
    [Symbol.dispose]() {
      mock.timers.reset();
      now.mock.restore();
    },
  };
}

test("S-18 a body has to come within 15 s, without a pause of 5 s, at 1 KiB a second", async () => {
  using time = movedTime();
  await using gateway = await startToyGateway(TOYS);
  const begin = async () => {
    const http = new RawHttp(gateway.port);
    const more = [`Authorization: Bearer ${gateway.token}`, "Content-Length: 200000", "Expect: 100-continue"];
    http.head(...postHead(gateway, "/toy/private", ...more));
    // Said when the handler has asked for the body.
    await http.continued();
    return http;
  };
  const send = async (http: RawHttp, bytes: number, thenMs: number) => {
    http.write("x".repeat(bytes));
    // Answered after what came before on another socket was read.
    for (let i = 0; i < 2; i++) await ask(gateway, "/toy/public");
    time.pass(thenMs);
  };
  const told = async (http: RawHttp) => {
    const { status, body } = await http.answer();
    return [status, body.includes("body took too long")];
  };

  await using paused = await begin();
  time.pass(5_001);
  assert.deepEqual(await told(paused), [408, true]);

  await using slow = await begin();
  for (let i = 0; i < 3; i++) await send(slow, 500, 2_000);
  assert.deepEqual(await told(slow), [408, true]);

  await using long = await begin();
  for (let i = 0; i < 8; i++) await send(long, 4_000, 2_000);
  assert.deepEqual(await told(long), [408, true]);
});

test("S-18 of 200 slow bodies 32 are read, and everybody else is answered at once", async () => {
  await using gateway = await startToyGateway(TOYS);
  const witness = await gateway.client();
  const head = postHead(gateway, "/toy/private", `Authorization: Bearer ${gateway.token}`, "Content-Length: 1000");
  const slow = Array.from({ length: 200 }, () => new RawHttp(gateway.port));
  for (const http of slow) http.head(...head);
  const refused = slow.map(async (http) => (await http.answer()).status);
  let count = 0;
  for (const status of refused) void status.then((code) => (count += code === 503 ? 1 : 0));
  await eventually("the others' answers", () => count === 168);

  for (let i = 0; i < 10; i++) {
    const startedAt = performance.now();
    assert.equal((await ask(gateway, "/toy/nested/open")).status, 200);
    await assertServes(witness);
    assert.ok(performance.now() - startedAt < 200);
  }
  const { status, headers } = await ask(gateway, "/toy/private", {
    method: "POST",
    headers: json(gateway),
    body: "{}",
  });
  assert.deepEqual([status, headers["retry-after"]], [503, "1"]);
  // A slot that is given back is free at once. Who goes away in the middle is no fault of the plugin.
  for (const http of slow) await http[Symbol.asyncDispose]();
  await eventually(
    "a free slot",
    async () =>
      (await ask(gateway, "/toy/private", { method: "POST", headers: json(gateway), body: "{}" })).status === 200,
  );
});

test("S-19 what a foreign page can send without asking changes nothing", async () => {
  await using gateway = await startToyGateway(TOYS);
  const witness = await gateway.client();
  const post = (headers: Record<string, string>) =>
    ask(gateway, "/toy/private", { method: "POST", headers: { ...bearer(gateway), ...headers }, body: "{}" });
  const own = `http://127.0.0.1:${gateway.port}`;

  for (const type of ["application/json", "application/json; charset=utf-8", "application/merge-patch+json"])
    assert.equal((await post({ "content-type": type, origin: own })).status, 200, type);
  assert.equal((await post({})).status, 200, "a program may leave the type out");
  for (const type of [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/json",
  ])
    assert.equal((await post({ "content-type": type })).status, 415, type);
  assert.equal((await post({ origin: own })).status, 415, "a page may not");
  assert.equal((await post({ "content-type": "application/json", origin: "http://evil.example" })).status, 403);
  const form = { ...bearer(gateway), "content-type": "application/x-www-form-urlencoded" };
  assert.equal((await ask(gateway, "/toy/form", { method: "POST", headers: form, body: "a=1" })).status, 200);
  assert.equal((await ask(gateway, "/toy/form", { method: "POST", headers: json(gateway), body: "{}" })).status, 415);
  await assertServes(witness);
});

test("S-19 no answer opens the gateway to another origin, and no cookie opens it at all", async () => {
  await using gateway = await startToyGateway(TOYS);
  const preflight = (origin: string) => ({
    method: "OPTIONS",
    headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "authorization" },
  });
  const answers = [
    await ask(gateway, "/toy/private", { headers: bearer(gateway) }),
    await ask(gateway, "/toy/private", preflight("http://evil.example")),
    await ask(gateway, "/toy/private", preflight(`http://127.0.0.1:${gateway.port}`)),
    await ask(gateway, "/toy/public", preflight("http://evil.example")),
    await ask(gateway, "/toy/private", {
      headers: { cookie: `token=${gateway.token}; authorization=${gateway.token}` },
    }),
  ];

  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 403, 405, 403, 401],
  );
  for (const { headers } of answers) {
    assert.ok(!Object.keys(headers).some((name) => name.startsWith("access-control-")));
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["set-cookie"], undefined);
  }
});

test("S-20 a secret in a query is refused and not written down", async () => {
  await using gateway = await startToyGateway(TOYS, { options: { consoleLevel: "silent" } });
  const witness = await gateway.client();
  const { token } = gateway;

  assert.equal((await ask(gateway, "/toy/public?q=1")).status, 200);
  for (const query of [
    `token=${token}`,
    `a=1&token=${token}`,
    `Token=${token}`,
    `access_token=${token}`,
    `%74oken=${token}`,
  ]) {
    for (const path of ["/toy/public", "/toy/private", "/nowhere"]) {
      const { status, text } = await ask(gateway, `${path}?${query}`, { headers: bearer(gateway) });
      assert.equal(status, 400);
      assert.ok(!text.includes(token));
    }
    await assert.rejects(RawClient.open(gateway.url, { path: `/?${query}` }), new UpgradeRefused(400));
    await assertServes(witness);
  }
  const log = gateway.run.log.file;
  await eventually("the log", () => log !== undefined && existsSync(log));
  for (const file of globSync(join(dirname(String(log)), "*")))
    assert.ok(!readFileSync(file, "utf8").includes(token), file);
});

test("S-07 wrong secrets over HTTP are counted with those of the socket", async () => {
  const password = "correct horse";
  const config = { gateway: { mode: "local", auth: { mode: "password", password } } };
  await using gateway = await startToyGateway(TOYS, { config });
  const get = (secret: string) => ask(gateway, "/toy/private", { headers: { authorization: `Bearer ${secret}` } });

  assert.equal((await get(password)).status, 200);
  assert.equal((await ask(gateway, "/toy/private")).status, 401);
  for (let i = 0; i < 10; i++) assert.equal((await get("wrong")).status, 401);
  const limited = await get("wrong");
  assert.deepEqual([limited.status, limited.headers["retry-after"]], [429, "1"]);
  assert.equal((await get(password)).status, 429, "a password is not looked at");
  await using client = await RawClient.open(gateway.url);
  const { error } = await client.connect(connectParams(undefined, { auth: { password } }));
  assert.equal(error?.message, "unauthorized: too many failed attempts; try again later");
});

test("S-07 over HTTP too the right token gets in during the back-off", async () => {
  await using gateway = await startToyGateway(TOYS);
  const wrong = { headers: { authorization: "Bearer wrong" } };

  for (let i = 0; i < 10; i++) assert.equal((await ask(gateway, "/toy/private", wrong)).status, 401);
  assert.equal((await ask(gateway, "/toy/private", wrong)).status, 429);
  assert.equal((await ask(gateway, "/toy/private", { headers: bearer(gateway) })).status, 200);
});

test("S-25 a route is public where it says so and nowhere else, and limited like the others", async () => {
  await using gateway = await startToyGateway(TOYS);
  const witness = await gateway.client();

  assert.equal((await ask(gateway, "/toy/public")).status, 200);
  assert.equal((await ask(gateway, "/toy/nested/open")).status, 200);
  for (const path of [
    "/toy/private",
    "/toy/nested",
    "/toy/nested/x",
    "/toy/nested/open/x",
    "/toy/nested/open%2f..",
    "/toy/public/../private",
  ])
    assert.equal((await ask(gateway, path)).status, 401, path);
  for (const path of ["/toy/publi", "/toy/public/x", "/TOY/public", "/toy/private/x"])
    assert.equal((await ask(gateway, path, { headers: bearer(gateway) })).status, 404, path);
  for (const path of ["//toy/public", "/\\toy/public"]) {
    await using http = new RawHttp(gateway.port);
    http.head(`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${gateway.port}`);
    assert.equal((await http.answer()).status, 400, path);
  }
  const headers = { "content-type": "application/json" };
  const big = await ask(gateway, "/toy/public", { method: "POST", headers, body: "x".repeat(1_025) });
  assert.equal(big.status, 413);
  await assertServes(witness);
});

test("S-18 what a handler throws is nobody's business", async () => {
  await using gateway = await startToyGateway(TOYS);

  const { status, text } = await ask(gateway, "/toy/throw", { headers: bearer(gateway) });

  assert.deepEqual([status, text], [500, "Internal Server Error"]);
});
