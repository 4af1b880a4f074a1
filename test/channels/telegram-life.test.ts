import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { FAKE_TOKEN, startFakeTelegram } from "../fakes/telegram-server.ts";
import { ANN, message, privateText } from "../fakes/telegram-updates.ts";
import { startTelegram } from "./telegram-gateway.ts";
import type { Setup } from "./telegram-gateway.ts";

const WITHIN_MS = 20_000;
const ANN_ONLY = { allowFrom: [41] };
const SECRET = "webhook-secret-0123456789";

function logOf(stateDir: string): string {
  const folder = join(stateDir, "logs");
  return readdirSync(folder)
    .filter((name) => name.startsWith("openclaw-"))
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("");
}

/** C19: nothing that people or programs read holds a token. */
async function assertKeepsSecrets(bench: Setup): Promise<void> {
  const told = JSON.stringify(await bench.status(true)) + logOf(bench.gateway.stateDir);
  for (const secret of [FAKE_TOKEN, FAKE_TOKEN.split(":")[1] as string, SECRET]) {
    assert.equal(told.includes(secret), false, `${secret} is told`);
  }
}

async function state(bench: Setup, wanted: string, accountId = "default") {
  return eventually(
    `${accountId} is ${wanted}`,
    async () => (await bench.status()).accounts.find((one) => one.accountId === accountId && one.state === wanted),
    WITHIN_MS,
  );
}

test("C15: a token that is rejected stops the account with one issue; nothing is tried again", async () => {
  const fake = await startFakeTelegram();
  fake.mode("auth-fail");
  await using bench = await startTelegram({ fake });

  const failed = await state(bench, "failed");
  const { issues } = await bench.status();

  assert.equal(failed.connected, false);
  assert.equal(issues.length, 1);
  assert.match(issues[0]?.message ?? "", /^Telegram rejected the bot token/);
  assert.match(issues[0]?.fix ?? "", /BotFather/);
  assert.equal(fake.of("getMe").length, 1);
  await assertKeepsSecrets(bench);
  // A new token is tried at once.
  fake.mode("ok");
  fake.addBot("777:another-token-abcdefgh", { id: 7, username: "seventh" });
  bench.gateway.writeConfig(bench.configOf({ botToken: "777:another-token-abcdefgh" }));
  assert.deepEqual((await bench.connected())["bot"], { id: 7, username: "seventh" });
  await fake.close();
});

test("what was accepted and not confirmed comes again after a restart and is known", async () => {
  const home = mkdtempSync(join(tmpdir(), "openclaw-telegram-"));
  await using fake = await startFakeTelegram();
  const first = await startTelegram({ telegram: ANN_ONLY, fake, home });
  await first.connected();
  const update = privateText(ANN, "once");
  fake.push(update);
  await first.sends(1);
  await first[Symbol.asyncDispose]();
  // As if it had not been confirmed, and its file had not been written.
  rmSync(join(first.gateway.stateDir, "telegram"), { recursive: true, force: true });
  fake.push(update);
  fake.push(privateText(ANN, "twice"));

  await using second = await startTelegram({ telegram: ANN_ONLY, fake, home });
  await second.sends(2);
  await eventually("all is confirmed", () => fake.unconfirmed() === 0);

  assert.equal(first.model.requests.length, 1);
  assert.equal(second.model.requests.length, 1);
  const stored = readFileSync(join(second.gateway.stateDir, "telegram", "update-offset-default.json"), "utf8");
  assert.equal((JSON.parse(stored) as { version: number; botId: number }).botId, 1);
  rmSync(home, { recursive: true, force: true });
});

test("C17: of three accounts one is broken, one has another's token, and the third works; each is told apart", async () => {
  const folder = mkdtempSync(join(tmpdir(), "openclaw-telegram-"));
  const tokenFile = join(folder, "token");
  writeFileSync(tokenFile, `${FAKE_TOKEN}\n`);
  const accounts = { good: { tokenFile }, twin: { tokenFile }, worse: { botToken: "9:wrong" }, none: {} };
  await using bench = await startTelegram({ telegram: { botToken: undefined, ...ANN_ONLY, accounts } });

  const states = await eventually(
    "every account is where it should be",
    async () => {
      const all = Object.fromEntries((await bench.status()).accounts.map((one) => [one.accountId, one.state]));
      return Object.values(all).filter((one) => one === "failed").length === 2 && all;
    },
    WITHIN_MS,
  );
  const { accounts: told, issues } = await bench.status();

  assert.deepEqual(Object.values(states).toSorted(), ["configured", "connected", "failed", "failed"]);
  assert.equal(told.find(({ accountId }) => accountId === "good")?.["tokenSource"], "file");
  const none = told.find(({ accountId }) => accountId === "none");
  assert.match(String(none?.lastError), /has no token: set channels\.telegram\.accounts\.none\.botToken/);
  assert.ok(issues.some((one) => one.message.includes("has the same bot token as account")));
  bench.fake.push(privateText(ANN, "hello"));
  await bench.sends(1);
  // A change to one account leaves the others alone.
  const starts = bench.fake.of("getMe", FAKE_TOKEN).length;
  const changed = { ...accounts, worse: { botToken: "9:still-wrong" } };
  bench.gateway.writeConfig(bench.configOf({ botToken: undefined, ...ANN_ONLY, accounts: changed }));
  await bench.fake.waitFor(({ token }) => token === "9:still-wrong");
  assert.equal(bench.fake.of("getMe", FAKE_TOKEN).length, starts);
  rmSync(folder, { recursive: true, force: true });
});

test("another process that polls the same bot is an issue, and the account comes back by itself", async () => {
  await using bench = await startTelegram({ telegram: ANN_ONLY });
  await bench.connected();

  bench.fake.mode("conflict");
  await state(bench, "reconnecting");
  const { issues } = await bench.status();
  bench.fake.mode("ok");

  assert.match(issues[0]?.message ?? "", /^another process polls this bot/);
  await bench.connected();
});

test("updates by webhook: only with the secret, and answered once they are durable", async () => {
  const webhook = { webhookUrl: "https://bot.example/telegram-webhook", webhookSecret: SECRET };
  await using bench = await startTelegram({ telegram: { ...ANN_ONLY, ...webhook } });
  const { fake, gateway } = bench;
  const url = `http://127.0.0.1:${gateway.port}/telegram-webhook`;
  assert.equal((await bench.connected())["mode"], "webhook");
  assert.deepEqual(fake.webhook(), { url: webhook.webhookUrl, secret: SECRET });
  const post = async (secret: string, body: string, path = url) => {
    const headers = { "content-type": "application/json", "x-telegram-bot-api-secret-token": secret };
    return (await fetch(path, { method: "POST", headers, body })).status;
  };
  const update = JSON.stringify({ update_id: 1, message: message(ANN, "by webhook") });

  assert.equal(await post("wrong-secret-0123456789", update), 401);
  assert.equal(await post("", update), 401);
  assert.equal(await post(SECRET, "[]"), 400);
  assert.equal(await post(SECRET, `"${"x".repeat(1_048_576)}"`), 413);
  assert.equal(await post(SECRET, update, `${url}/other`), 404);
  assert.equal((await fetch(url)).status, 405);
  assert.equal(await post(SECRET, update), 200);
  assert.equal(await post(SECRET, update), 200);
  await bench.sends(1);
  assert.equal(bench.model.requests.length, 1);
  await assertKeepsSecrets(bench);

  // Leaving the mode takes the webhook away, or no poll would be answered.
  gateway.writeConfig(bench.configOf(ANN_ONLY));
  await eventually("it polls", async () => (await bench.status()).accounts[0]?.["mode"] === "polling", WITHIN_MS);
  await bench.connected();
  assert.equal(fake.webhook().url, "");
  assert.equal(await post(SECRET, update), 404);
});

test("a webhook without a secret, an address in clear and a wrong proxy are refused before anything is asked", async () => {
  const accounts = {
    open: { webhookUrl: "https://bot.example/x" },
    clear: { apiRoot: "http://bot.example" },
    proxied: { proxy: "socks5://127.0.0.1:1" },
    elsewhere: { webhookUrl: "https://bot.example/x", webhookSecret: SECRET, webhookPath: "/api/x" },
  };
  await using bench = await startTelegram({ telegram: { accounts } });

  const told = await eventually("all are told", async () => {
    const all = (await bench.status()).accounts;
    return all.length === 4 && Object.fromEntries(all.map((one) => [one.accountId, String(one.lastError)]));
  });

  assert.match(told["open"] ?? "", /webhookSecret must be 16 to 256/);
  assert.match(told["clear"] ?? "", /apiRoot must be a URL that begins with https:/);
  assert.match(told["proxied"] ?? "", /proxy must be a URL that begins with http/);
  assert.match(told["elsewhere"] ?? "", /webhookPath must be \/telegram-webhook or below it/);
  assert.equal(bench.fake.calls.length, 0);
});

test("the menu has the gateway's commands and one's own, and is taken away without a new connection", async () => {
  const customCommands = [
    { command: "backup", description: "Make a backup" },
    { command: "help", description: "Not this one" },
  ];
  await using bench = await startTelegram({ telegram: { customCommands } });
  const { fake } = bench;
  await bench.connected();
  const { params } = await fake.waitFor(({ method }) => method === "setMyCommands");
  const menu = params["commands"] as { command: string; description: string }[];

  assert.ok(menu.some(({ command, description }) => command === "backup" && description === "Make a backup"));
  assert.equal(menu.filter(({ command }) => command === "help").length, 1);
  const names = () => {
    const shown = fake.of("setMyCommands").at(-1)?.params["commands"] as { command: string }[];
    return shown.map(({ command }) => command);
  };
  await eventually("skills stand behind them", () => names().indexOf("skill_author") > names().indexOf("backup"));
  bench.gateway.writeConfig(bench.configOf({ customCommands }, { commands: { nativeSkills: false } }));
  await eventually("skills are taken away", () => !names().includes("skill_author"));
  assert.ok(names().includes("skill") && names().includes("backup"));
  bench.gateway.writeConfig(bench.configOf({ customCommands, commands: { native: false } }));
  await fake.waitFor(({ method }) => method === "deleteMyCommands");
  assert.equal(fake.of("getMe").length, 1);
});

test("a group that becomes a supergroup keeps what the configuration says of it", async () => {
  const groups = { "-9": { requireMention: false } };
  await using bench = await startTelegram({ telegram: { groups } });
  const { fake, gateway } = bench;
  await bench.connected();

  fake.push({ message: message(ANN, undefined, { id: -9, type: "group" }, { migrate_to_chat_id: -1009 }) });

  await eventually("the file is changed", () => {
    const { channels } = JSON.parse(readFileSync(gateway.configPath, "utf8")) as {
      channels: { telegram: { groups: object } };
    };
    return JSON.stringify(channels.telegram.groups) === '{"-1009":{"requireMention":false}}';
  });
});

test("names in lists and a bot that may not see what it should are issues with a remedy", async () => {
  const fake = await startFakeTelegram();
  fake.addBot("5:shy-bot-abcdefghijkl", { id: 5, username: "shy", readsAll: false });
  const telegram = {
    botToken: "5:shy-bot-abcdefghijkl",
    allowFrom: ["@ann", 41],
    groups: { "-1001": { requireMention: false } },
  };
  await using bench = await startTelegram({ telegram, fake });
  await bench.connected();

  const { issues } = await bench.status();

  assert.deepEqual(
    issues.map(({ kind }) => kind),
    ["config", "permissions"],
  );
  assert.match(issues[0]?.message ?? "", /^"@ann" is no Telegram user id/);
  assert.match(issues[1]?.fix ?? "", /setprivacy/);
  await fake.close();
});
