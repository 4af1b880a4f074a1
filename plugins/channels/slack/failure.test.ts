import assert from "node:assert/strict";
import { test } from "node:test";
import { failureOf, outcomeOf, startError } from "./failure.ts";
import type { Failure } from "./failure.ts";

const platform = (data: object) => ({ code: "slack_webapi_platform_error", data });
const request = (original: unknown) => ({ code: "slack_webapi_request_error", original });
const caused = (code: string) => Object.assign(new TypeError("fetch failed"), { cause: { code } });

const cases: readonly (readonly [string, unknown, Failure["kind"], RegExp, ReturnType<typeof outcomeOf>["outcome"]])[] =
  [
    ["a wait", { code: "slack_webapi_rate_limited_error", retryAfter: 7 }, "throttled", /for 7 s/, "not_sent"],
    [
      "a wait of unknown length",
      new Error("Retry header did not contain a valid timeout (url)"),
      "throttled",
      /1 s/,
      "not_sent",
    ],
    ["a wait said in the body", platform({ error: "ratelimited" }), "throttled", /1 s/, "not_sent"],
    ["a token", platform({ error: "token_revoked" }), "auth", /token_revoked/, "not_sent"],
    [
      "a scope",
      platform({ error: "missing_scope", needed: "files:write", provided: "a,b" }),
      "refused",
      /add files:write .*it has a,b/,
      "not_sent",
    ],
    ["a place", platform({ error: "not_in_channel" }), "refused", /invite the bot/, "not_sent"],
    ["a word of Slack that is new", platform({ error: "something_new" }), "refused", /^something_new$/, "not_sent"],
    [
      "a word that is a member of every object",
      platform({ error: "constructor" }),
      "refused",
      /^constructor$/,
      "not_sent",
    ],
    ["an illness of Slack", platform({ error: "internal_error" }), "lost", /internal_error/, "unknown"],
    [
      "a page of somebody in between",
      platform({ error: "<html>welcome</html>" }),
      "lost",
      /not one of Slack/,
      "unknown",
    ],
    ["a server error", { code: "slack_webapi_http_error", statusCode: 503 }, "server", /503/, "unknown"],
    ["a page that is missing", { code: "slack_webapi_http_error", statusCode: 404 }, "refused", /404/, "not_sent"],
    ["nobody there", request(caused("ECONNREFUSED")), "unreached", /cannot be reached \(ECONNREFUSED\)/, "not_sent"],
    ["a broken connection", request(caused("ECONNRESET")), "lost", /ECONNRESET/, "unknown"],
    ["silence", new DOMException("late", "TimeoutError"), "lost", /in time/, "unknown"],
    ["nothing", undefined, "lost", /broke/, "unknown"],
  ];

for (const [name, error, kind, text, outcome] of cases) {
  test(`${name} is ${kind}, and a message is then ${outcome}`, () => {
    const failure = failureOf(error);

    assert.equal(failure.kind, kind);
    assert.match(failure.text, text);
    assert.equal(outcomeOf(failure).outcome, outcome);
  });
}

test("what ends an account names the token and the page", () => {
  const of = (error: string, token: "botToken" | "appToken") =>
    startError(failureOf(platform({ error })), "channels.slack", token);

  assert.match(of("invalid_auth", "botToken").fix ?? "", /channels\.slack\.botToken$/);
  assert.match(of("invalid_auth", "appToken").fix ?? "", /App-Level Tokens.*channels\.slack\.appToken$/);
  assert.match(of("not_allowed_token_type", "appToken").fix ?? "", /xoxb-.*xapp-/);
  assert.match(of("missing_scope", "appToken").message, /opens no connection/);
  assert.deepEqual(
    [of("ratelimited", "botToken").kind, of("internal_error", "botToken").kind, of("not_in_channel", "botToken").kind],
    ["throttled", "transient", "auth"],
  );
});
