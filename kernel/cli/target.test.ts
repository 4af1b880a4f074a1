import assert from "node:assert/strict";
import { test } from "node:test";
import { resolveTargets } from "./target.ts";

const LOCAL = { id: "local", url: "ws://127.0.0.1:18789", source: "local loopback" } as const;
const REMOTE = { url: "wss://far.example", token: "token-of-the-remote" };
const AUTH = { token: "token-of-our-own" };

/** Each target with the token it would get. */
function tokens(
  flags: object,
  env: Record<string, string>,
  mode: "local" | "remote" = "local",
): Record<string, unknown> {
  const targets = resolveTargets(flags, env, { gateway: { mode, auth: AUTH, remote: REMOTE } }, LOCAL);
  return Object.fromEntries(targets.map(({ id, token }) => [id, token]));
}

test("the configuration gives each of its targets its own secret", () => {
  assert.deepEqual(tokens({}, {}), { local: "token-of-our-own", remote: "token-of-the-remote" });
  assert.deepEqual(Object.keys(tokens({}, {}, "remote")), ["remote", "local"]);
});

test("flags and environment are for the one that is meant", () => {
  assert.deepEqual(tokens({ token: "flag" }, { OPENCLAW_GATEWAY_TOKEN: "env" }), {
    local: "flag",
    remote: "token-of-the-remote",
  });
  assert.deepEqual(tokens({}, { OPENCLAW_GATEWAY_TOKEN: "env" }, "remote"), {
    remote: "env",
    local: "token-of-our-own",
  });
});

test("an address that was given gets only what was given with it", () => {
  const url = "ws://given.example";
  assert.equal(tokens({ url }, { OPENCLAW_GATEWAY_TOKEN: "env" })["explicit"], undefined);
  assert.equal(tokens({ url, token: "flag" }, {})["explicit"], "flag");
  assert.equal(tokens({}, { OPENCLAW_GATEWAY_URL: url, OPENCLAW_GATEWAY_TOKEN: "env" })["explicit"], "env");
  assert.equal(tokens({}, { OPENCLAW_GATEWAY_URL: url })["explicit"], undefined);
  assert.equal(tokens({ url }, { OPENCLAW_GATEWAY_URL: url, OPENCLAW_GATEWAY_TOKEN: "env" })["explicit"], "env");
});

test("an address of the environment leaves our own gateway with its own secret", () => {
  const env = { OPENCLAW_GATEWAY_URL: "ws://given.example", OPENCLAW_GATEWAY_TOKEN: "env" };
  assert.equal(tokens({}, env)["local"], "token-of-our-own");
});
