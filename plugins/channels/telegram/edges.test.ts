import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import type { ChannelAccount } from "openclaw/plugin-sdk";
import { offersButtons, tokenOf, unconfigured } from "./account.ts";
import { Backoff } from "./backoff.ts";
import { failureOf, outcomeOf, TelegramFailure } from "./failure.ts";
import { stripMentions } from "./mentions.ts";
import { menuOf } from "./menu.ts";
import { userIdOf } from "./people.ts";
import { parseTarget } from "./target.ts";

function account(config: object, accountId = "default"): ChannelAccount {
  return { accountId, config: config as ChannelAccount["config"] };
}

suite("targets", () => {
  const forms = {
    "41": ["41", undefined],
    "-1001234": ["-1001234", undefined],
    "tg:41": ["41", undefined],
    "group:-1001": ["-1001", undefined],
    "-1001:topic:9": ["-1001", "9"],
    "-1001:9": ["-1001", "9"],
    "@news_room": ["@news_room", undefined],
    "t.me/news_room": ["@news_room", undefined],
    "https://t.me/news_room/5?x": ["@news_room", undefined],
  } as const;
  for (const [raw, [to, threadId]] of Object.entries(forms)) {
    test(`${raw} is an address`, () => {
      const target = parseTarget(raw);

      assert.ok(target.ok);
      assert.deepEqual([target.to, target.threadId], [to, threadId]);
    });
  }

  test("anything else is none", () => {
    for (const raw of ["ann", "@a", "--5", "41:topic:", "4 1", "t.me/", "https://evil.example/t.me/x"])
      assert.equal(parseTarget(raw).ok, false, raw);
  });
});

test("only ids are people: names can be taken over", () => {
  assert.deepEqual(["41", "tg:41", "telegram: 41", " 41 "].map(userIdOf), ["41", "41", "41", "41"]);
  assert.deepEqual(
    ["@ann", "ann", "-1001", "41x", ""].map(userIdOf),
    Array.from({ length: 5 }, () => undefined),
  );
});

test("what addresses the bot is no part of the text; what addresses another one stays", () => {
  assert.equal(stripMentions("/help@MyBot now", "mybot"), "/help now");
  assert.equal(stripMentions("/help@other", "mybot"), "/help@other");
  assert.equal(stripMentions("hey @mybot  do it", "mybot"), "hey do it");
  assert.equal(stripMentions("@mybotter x", "mybot"), "@mybotter x");
  assert.equal(stripMentions("@mybot x", undefined), "@mybot x");
});

test("a menu has each name once, in the form that Telegram takes, and at most a hundred", () => {
  const listed = { acceptsArgs: false, ownerOnly: false, aliases: [] };
  const commands = [
    { name: "help", description: "list", ...listed },
    { name: "my-skill", description: " ", ...listed },
    { name: "ünicode", description: "x", ...listed },
  ];
  const custom = [
    { command: "/help", description: "mine" },
    ...Array.from({ length: 120 }, (_, index) => ({ command: `c${index}`, description: "x".repeat(300) })),
  ];

  const menu = menuOf(commands, custom);

  assert.equal(menu.length, 100);
  assert.deepEqual(menu.slice(0, 2), [
    { command: "help", description: "list" },
    { command: "my_skill", description: "my_skill" },
  ]);
  assert.equal(menu[2]?.description.length, 256);
});

test("pauses grow to half a minute, and begin anew only after a minute of health", () => {
  const backoff = new Backoff();

  assert.deepEqual(
    [1, 2, 3].map(() => Math.round(backoff.failed(0, 0))),
    [2_000, 3_600, 6_480],
  );
  for (let time = 0; time < 20; time++) backoff.failed(0, 1);
  assert.equal(backoff.failed(0, 1), 30_000);
  backoff.succeeded(1_000);
  assert.equal(backoff.failed(2_000, 1), 30_000);
  backoff.succeeded(3_000);
  assert.equal(backoff.failed(63_000, 0), 2_000);
});

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

suite("accounts", () => {
  test("a token comes from the configuration, else from a file, else from the environment of the default account", () => {
    const folder = mkdtempSync(join(tmpdir(), "openclaw-telegram-"));
    const tokenFile = join(folder, "token");
    writeFileSync(tokenFile, "2:file\n");
    const env = { TELEGRAM_BOT_TOKEN: "3:env" };

    assert.deepEqual(tokenOf(account({ botToken: "1:config", tokenFile }), env)?.source, "config");
    assert.deepEqual(tokenOf(account({ tokenFile }), env), { value: "2:file", source: "file" });
    assert.deepEqual(tokenOf(account({}), env), { value: "3:env", source: "env" });
    assert.equal(tokenOf(account({}, "other"), env), undefined);
    assert.match(unconfigured(account({ tokenFile: "/none" }), env) ?? "", /cannot read \/none/);
    assert.match(unconfigured(account({}), {}) ?? "", /set channels\.telegram\.botToken.*or TELEGRAM_BOT_TOKEN$/);
    rmSync(folder, { recursive: true, force: true });
  });

  test("buttons are offered where they are wanted", () => {
    const scope = (inlineButtons?: string) =>
      [true, false].map((isDirect) => offersButtons(account({ capabilities: { inlineButtons } }), isDirect));

    assert.deepEqual(scope("off"), [false, false]);
    assert.deepEqual(scope("dm"), [true, false]);
    assert.deepEqual(scope("group"), [false, true]);
    assert.deepEqual(scope(), [true, true]);
  });
});
