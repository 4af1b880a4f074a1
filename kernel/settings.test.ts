import assert from "node:assert/strict";
import { test } from "node:test";
import type { Env, Json } from "openclaw/plugin-sdk/config";
import { resolveAuth } from "./settings.ts";
import type { StartFlags } from "./settings.ts";

/** protocol.md §3.4: flags, then either name of the environment, then the file; and which kind of secret counts. */
const CASES: readonly (readonly [string, StartFlags, Env, object, object])[] = [
  ["nothing", {}, {}, {}, { mode: "token", token: undefined, password: undefined }],
  ["the file", {}, {}, { token: "file" }, { mode: "token", token: "file", password: undefined }],
  ["the old name", {}, { CLAWDBOT_GATEWAY_TOKEN: "old" }, {}, { mode: "token", token: "old", password: undefined }],
  [
    "both names",
    {},
    { OPENCLAW_GATEWAY_TOKEN: "env", CLAWDBOT_GATEWAY_TOKEN: "old" },
    { token: "file" },
    { mode: "token", token: "env", password: undefined },
  ],
  [
    "a flag",
    { token: "flag" },
    { OPENCLAW_GATEWAY_TOKEN: "env" },
    { token: "file" },
    { mode: "token", token: "flag", password: undefined },
  ],
  [
    "an empty variable",
    {},
    { OPENCLAW_GATEWAY_TOKEN: "" },
    { token: "file" },
    { mode: "token", token: "file", password: undefined },
  ],
  ["a password", {}, { CLAWDBOT_GATEWAY_PASSWORD: "old" }, {}, { mode: "password", token: undefined, password: "old" }],
  ["both kinds", {}, {}, { token: "t", password: "p" }, { mode: "password", token: "t", password: "p" }],
  ["a mode", {}, {}, { mode: "token", token: "t", password: "p" }, { mode: "token", token: "t", password: "p" }],
  [
    "a flag's mode",
    { auth: "password" },
    {},
    { mode: "token", password: "p" },
    { mode: "password", token: undefined, password: "p" },
  ],
];

for (const [what, flags, env, auth, expected] of CASES) {
  test(`with ${what} given the gateway's secret is found`, () => {
    assert.deepEqual(resolveAuth(flags, env, { gateway: { auth } } as Json), expected);
  });
}
