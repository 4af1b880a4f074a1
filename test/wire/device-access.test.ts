import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { HelloOk } from "openclaw/plugin-sdk";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import { createDeviceKey } from "./device-key.ts";
import { ALL_SCOPES, attempt, deviceToken } from "./device-login.ts";
import type { LoginOptions } from "./device-login.ts";

const MISMATCH = "unauthorized: gateway token mismatch (set gateway.remote.token to match gateway.auth.token)";
const MISSING = "unauthorized: gateway token missing (set gateway.remote.token to match gateway.auth.token)";
const UNPROVEN = "device identity required";

/** What a cell of the table says: with a device token in the answer, without one, or the refusal. */
type Cell = "with token" | "without token" | string;

interface Row {
  readonly auth: string;
  readonly device: string;
  readonly local: Cell;
  readonly remote: Cell;
  readonly options: (known: Known) => LoginOptions;
}

/** Two devices that are paired as operators with all scopes, and their tokens. */
interface Known {
  readonly shared: { readonly token: string };
  readonly paired: ReturnType<typeof createDeviceKey>;
  readonly token: string;
  readonly otherToken: string;
}

/** protocol.md §3.5, row by row. */
const TABLE: readonly Row[] = [
  {
    auth: "right token",
    device: "none",
    local: "without token",
    remote: "without token",
    options: ({ shared }) => ({ auth: shared }),
  },
  {
    auth: "right token",
    device: "valid, unknown",
    local: "with token",
    remote: "pairing required",
    options: ({ shared }) => ({ auth: shared, key: createDeviceKey() }),
  },
  {
    auth: "right token",
    device: "valid, paired for role and scopes",
    local: "with token",
    remote: "with token",
    options: ({ shared, paired }) => ({ auth: shared, key: paired }),
  },
  {
    auth: "right token",
    device: "valid, signed without nonce",
    local: "with token",
    remote: "device nonce required",
    options: ({ shared, paired }) => ({ auth: shared, key: paired, withoutNonce: true }),
  },
  {
    auth: "its own device token, all scopes",
    device: "valid",
    local: "with token",
    remote: "with token",
    options: ({ token, paired }) => ({ auth: { token }, key: paired }),
  },
  {
    auth: "its own device token, one of its scopes",
    device: "valid",
    local: "with token",
    remote: "with token",
    options: ({ token, paired }) => ({ auth: { token }, key: paired, scopes: ["operator.approvals"] }),
  },
  {
    auth: "its own device token, a scope that is not literally in it",
    device: "valid",
    local: MISMATCH,
    remote: MISMATCH,
    options: ({ token, paired }) => ({ auth: { token }, key: paired, scopes: ["operator.read"] }),
  },
  {
    auth: "device token of another device",
    device: "valid",
    local: MISMATCH,
    remote: MISMATCH,
    options: ({ otherToken, paired }) => ({ auth: { token: otherToken }, key: paired }),
  },
  {
    auth: "device token of another role",
    device: "valid",
    local: MISMATCH.replace(/\(.*/, "(provide gateway auth token)"),
    remote: MISMATCH.replace(/\(.*/, "(provide gateway auth token)"),
    options: ({ token, paired }) => ({
      auth: { token },
      key: paired,
      role: "node",
      scopes: [],
      client: { id: "node-host", mode: "node" },
    }),
  },
  {
    auth: "device token",
    device: "none",
    local: MISMATCH,
    remote: MISMATCH,
    options: ({ token }) => ({ auth: { token } }),
  },
  {
    auth: "device token as a password",
    device: "valid",
    local: MISSING,
    remote: MISSING,
    options: ({ token, paired }) => ({ auth: { password: token }, key: paired }),
  },
  {
    auth: "none",
    device: "valid, paired",
    local: MISSING,
    remote: MISSING,
    options: ({ paired }) => ({ key: paired }),
  },
  {
    auth: "none",
    device: "valid, unknown",
    local: MISSING,
    remote: MISSING,
    options: () => ({ key: createDeviceKey() }),
  },
  { auth: "none", device: "none", local: UNPROVEN, remote: UNPROVEN, options: () => ({}) },
];

suite("which credentials are accepted", () => {
  for (const place of ["local", "remote"] as const) {
    test(`${place}, every row of the table`, async (t) => {
      await using gateway = await startTestGateway();
      const shared = { token: gateway.token };
      const [paired, other] = [createDeviceKey(), createDeviceKey()];
      const known: Known = {
        shared,
        paired,
        token: await deviceToken(gateway, { auth: shared, key: paired }),
        otherToken: await deviceToken(gateway, { auth: shared, key: other }),
      };

      for (const row of TABLE) {
        const { client, answer } = await attempt(gateway, { ...row.options(known), remote: place === "remote" });
        await using open = client;
        const what = `${place}: auth ${row.auth}, device ${row.device}`;
        const { auth } = (answer.payload ?? {}) as unknown as HelloOk;
        const said = answer.ok ? (auth ? "with token" : "without token") : answer.error?.message;
        assert.equal(said, row[place], what);
        if (answer.ok) continue;
        const isPairing = said === "pairing required" || said === UNPROVEN;
        assert.equal(answer.error?.code, isPairing ? "NOT_PAIRED" : "INVALID_REQUEST", what);
        assert.deepEqual(await open.closed(), { code: 1008, reason: said }, what);
      }
      t.diagnostic(`${TABLE.length} rows`);
    });
  }

  test("in password mode the password stands for the token, and a device token still opens", async () => {
    const password = "correct horse battery";
    const config = { gateway: { mode: "local", auth: { mode: "password", password } } };
    await using gateway = await startTestGateway({ config });
    const key = createDeviceKey();
    const token = await deviceToken(gateway, { auth: { password }, key });
    const said = async (options: LoginOptions) => {
      const { client, answer } = await attempt(gateway, options);
      await using _open = client;
      return answer.ok ? "ok" : answer.error?.message;
    };
    const wrong = (kind: string) =>
      `unauthorized: gateway password ${kind} (set gateway.remote.password to match gateway.auth.password)`;

    assert.equal(await said({ auth: { token }, key, remote: true }), "ok");
    assert.equal(await said({ auth: { token, password }, key, remote: true }), "ok");
    assert.equal(await said({ auth: { token, password: "wrong" }, key }), "ok");
    assert.equal(await said({ auth: { password }, key: createDeviceKey(), remote: true }), "pairing required");
    assert.equal(await said({ auth: { token } }), wrong("missing"));
    assert.equal(await said({ auth: { password: "wrong" }, key }), wrong("mismatch"));
  });

  test("what is granted is what was asked for, and the answer tells of the token", async () => {
    await using gateway = await startTestGateway();
    const key = createDeviceKey();
    const first = await attempt(gateway, { auth: { token: gateway.token }, key });
    await using open = first.client;
    const { auth } = first.answer.payload as unknown as HelloOk;

    const narrow = await attempt(gateway, {
      auth: { token: auth?.deviceToken as string },
      key,
      scopes: ["operator.pairing"],
    });
    await using pairing = narrow.client;

    assert.ok(open.isOpen);
    const { deviceToken: token, issuedAtMs, ...rest } = auth as NonNullable<HelloOk["auth"]>;
    assert.match(token, /^[0-9a-f]{32}$/);
    assert.ok(Number.isInteger(issuedAtMs));
    assert.deepEqual(rest, { role: "operator", scopes: ALL_SCOPES });
    assert.deepEqual((narrow.answer.payload as unknown as HelloOk).auth, auth, "the same token all along");
    assert.equal((await pairing.request("device.pair.list")).ok, true);
    assert.equal((await pairing.request("health")).error?.message, "missing scope: operator.read");
  });
});
