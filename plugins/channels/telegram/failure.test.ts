import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { failureOf, outcomeOf, TelegramFailure } from "./failure.ts";

suite("failures", () => {
  const api = (error_code: number, description = "x", parameters = {}) =>
    Object.assign(new Error("call failed"), { error_code, description, parameters });
  const network = (code: string, message = "x") => {
    const inner = new TypeError("fetch failed", { cause: Object.assign(new Error(message), { code }) });
    return Object.assign(new Error("Network request failed"), { error: inner });
  };

  test("what never left this machine may be sent again, what may have arrived may not", () => {
    for (const code of ["ECONNREFUSED", "ENOTFOUND", "UND_ERR_CONNECT_TIMEOUT", "CERT_HAS_EXPIRED"]) {
      assert.deepEqual(outcomeOf(failureOf(network(code))), {
        outcome: "not_sent",
        retryable: true,
        reason: `cannot reach Telegram: ${code}`,
      });
    }
    for (const code of ["ECONNRESET", "UND_ERR_SOCKET", "UND_ERR_HEADERS_TIMEOUT", "EPIPE"])
      assert.equal(outcomeOf(failureOf(network(code))).outcome, "unknown", code);
    for (const code of [500, 502, 504]) assert.equal(outcomeOf(failureOf(api(code))).outcome, "unknown");
  });

  test("a wait that is asked for is kept, a refusal is final", () => {
    assert.deepEqual(outcomeOf(failureOf(api(429, "Too Many Requests: retry after 7", { retry_after: 7 }))), {
      outcome: "not_sent",
      retryable: true,
      reason: "Too Many Requests: retry after 7",
      retryAfterMs: 7_000,
    });
    for (const code of [400, 403, 413]) {
      const outcome = outcomeOf(failureOf(api(code)));
      assert.equal(outcome.outcome === "not_sent" && !outcome.retryable, true, String(code));
    }
  });

  test("the end that we wanted is none of Telegram's, a limit that passed is", () => {
    const stopped = AbortSignal.abort();
    const late = AbortSignal.abort(new DOMException("late", "TimeoutError"));

    assert.equal(failureOf(new Error("aborted"), stopped).kind, "stopped");
    assert.equal(failureOf(new Error("aborted"), late).kind, "lost");
    const known = new TelegramFailure("rejected", "x");
    assert.equal(failureOf(known, stopped), known);
  });

  test("no reason holds a token", () => {
    const { message } = failureOf(network("", "request to https://x/bot123:abc-DEF/getMe failed"));

    assert.equal(message.includes("abc-DEF"), false);
  });
});
