import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import { loggedIn } from "./raw-client.ts";

interface Case {
  readonly method: string;
  readonly params?: object;
  readonly scopes?: readonly string[];
  readonly role?: "node";
  /** The established code and words, then the finer kind (protocol.md §16 rows 4 and 25). */
  readonly code: string;
  readonly message: RegExp;
  readonly kind: string | undefined;
  readonly retryable?: true;
}

const ADMIN = ["operator.admin"];

const CASES: readonly Case[] = [
  { method: "no.such", code: "INVALID_REQUEST", message: /^unknown method: no\.such$/, kind: "NOT_FOUND" },
  {
    method: "config.get",
    scopes: ["operator.read"],
    code: "INVALID_REQUEST",
    message: /^missing scope: operator\.admin$/,
    kind: "UNAUTHORIZED",
  },
  {
    method: "health",
    role: "node",
    code: "INVALID_REQUEST",
    message: /^unauthorized role: node$/,
    kind: "UNAUTHORIZED",
  },
  {
    method: "node.event",
    code: "INVALID_REQUEST",
    message: /^unauthorized role: operator$/,
    kind: "UNAUTHORIZED",
  },
  {
    method: "node.list",
    params: { a: 1 },
    code: "INVALID_REQUEST",
    message: /^invalid node\.list params: at root: unexpected property 'a'$/,
    kind: undefined,
  },
  {
    method: "node.describe",
    params: { nodeId: "nobody" },
    code: "INVALID_REQUEST",
    message: /^unknown nodeId$/,
    kind: "NOT_FOUND",
  },
  {
    method: "node.invoke",
    params: { nodeId: "nobody", command: "x", idempotencyKey: "k" },
    code: "UNAVAILABLE",
    message: /^node not connected$/,
    kind: "NOT_CONNECTED",
    retryable: true,
  },
  {
    method: "device.pair.approve",
    params: { requestId: "nobody" },
    code: "INVALID_REQUEST",
    message: /^unknown requestId$/,
    kind: "NOT_FOUND",
  },
  {
    method: "exec.approval.resolve",
    params: { id: "nobody", decision: "deny" },
    code: "INVALID_REQUEST",
    message: /^unknown approval id$/,
    kind: "NOT_FOUND",
  },
];

test("errors keep the established code and words, and say the finer kind beside them", async () => {
  await using gateway = await startTestGateway();

  for (const { method, params, scopes = ADMIN, role, code, message, kind, retryable } of CASES) {
    await using client = await loggedIn(gateway, { scopes: [...scopes], ...(role && { role }) });
    const { ok, payload, error } = await client.request(method, params);

    assert.equal(ok, false, method);
    assert.equal(payload, undefined, method);
    assert.equal(error?.code, code, method);
    assert.match(String(error?.message), message);
    assert.equal((error?.["details"] as { code?: string } | undefined)?.code, kind, method);
    assert.equal(error?.["retryable"], retryable, method);
    const known = new Set(["code", "message", "details", "retryable", "retryAfterMs"]);
    assert.deepEqual(
      Object.keys(error ?? {}).filter((key) => !known.has(key)),
      [],
      method,
    );
  }
});

test("a key that is used again with other parameters is a conflict", async () => {
  await using gateway = await startTestGateway();
  await using client = await loggedIn(gateway, { scopes: ADMIN });

  await client.request("agent", { message: "one", sessionKey: "main", idempotencyKey: "same" });
  const { error } = await client.request("agent", { message: "two", sessionKey: "main", idempotencyKey: "same" });

  assert.deepEqual([error?.code, error?.["details"]], ["INVALID_REQUEST", { code: "CONFLICT" }]);
});

test("configuration and approvals that changed meanwhile are a conflict", async () => {
  await using gateway = await startTestGateway();
  await using client = await loggedIn(gateway, { scopes: ADMIN });
  await client.request("exec.approvals.set", { file: { version: 1 } });

  const config = await client.request("config.set", { raw: "{}", baseHash: "stale" });
  const approvals = await client.request("exec.approvals.set", { file: { version: 1 }, baseHash: "stale" });

  for (const { error } of [config, approvals]) {
    assert.equal(error?.code, "INVALID_REQUEST");
    assert.match(String(error?.message), /changed since last load; re-run \S+\.get and retry$/);
    assert.equal((error?.["details"] as { code?: string } | undefined)?.code, "CONFLICT");
  }
});
