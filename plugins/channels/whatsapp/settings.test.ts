import assert from "node:assert/strict";
import { test } from "node:test";
import { ChannelError } from "openclaw/plugin-sdk";
import { INSTALL_COMMAND, loadLibrary } from "./library.ts";
import { logAdapter, quietConsole } from "./log-adapter.ts";
import { qrDataUrl } from "./qr-image.ts";
import { Recent } from "./recent.ts";
import { reconnectDelayMs, reconnectPolicy } from "./reconnect.ts";
import { accountSettings, isSelfChat, settingsProblem, whatsappAccounts } from "./settings.ts";

test("pauses grow within bounds that do not hammer the network", () => {
  const policy = reconnectPolicy(undefined);
  assert.deepEqual(policy, { initialMs: 2_000, maxMs: 30_000, factor: 1.8, jitter: 0.25, maxAttempts: 12 });
  assert.deepEqual(reconnectPolicy({ initialMs: 1, factor: 99, jitter: -1, maxMs: 0, maxAttempts: 0 }), {
    initialMs: 250,
    maxMs: 250,
    factor: 10,
    jitter: 0,
    maxAttempts: 0,
  });
  assert.deepEqual(reconnectPolicy({ initialMs: "soon", factor: Number.NaN }), policy);
  assert.deepEqual(
    [1, 2, 3, 100].map((attempt) => reconnectDelayMs(policy, attempt, 0)),
    [2_000, 3_600, 6_480, 30_000],
  );
  assert.equal(reconnectDelayMs(policy, 1, 1), 2_500);
});

test("keys of an account stand before those of the channel; a folder at the top is that of the default account", () => {
  const settings = { get: () => ({ heartbeatSeconds: 30 }) as never };
  const { list, resolve } = whatsappAccounts(settings);
  const work = { mediaMaxMb: 7, allowFrom: ["+15551110000"] };
  const section = { authDir: "/a", mediaMaxMb: 5, accounts: { default: {}, work } };

  assert.deepEqual(list(section), ["default", "work"]);
  assert.deepEqual(list({}), ["default"]);
  const web = { heartbeatSeconds: 30 };
  assert.deepEqual(resolve(section, "default"), {
    ackReaction: "",
    messagePrefix: "[openclaw]",
    mediaMaxMb: 5,
    authDir: "/a",
    web,
  });
  assert.deepEqual(resolve(section, "work"), { ackReaction: "", messagePrefix: "", ...work, web });
  const folder = (config: object) => accountSettings({ accountId: "a b", config: config as never }, "/state").authDir;
  assert.equal(folder({}), "/state/credentials/whatsapp/a_b");
  assert.equal(folder({ authDir: "wa" }), "/state/wa");
  assert.equal(folder({ authDir: "/elsewhere" }), "/elsewhere");
});

test("what keeps an account from starting is named with its key", () => {
  const problem = (config: object) => settingsProblem({ accountId: "default", config: config as never });

  assert.equal(problem({}), undefined);
  assert.equal(problem({ wsUrl: "ws://127.0.0.1:1/x" }), undefined);
  assert.match(problem({ wsUrl: "ws://chat.example" }) ?? "", /^wsUrl must be/);
  assert.match(problem({ wsUrl: "https://web.whatsapp.com" }) ?? "", /^wsUrl must be/);
  assert.match(problem({ web: { enabled: false } }) ?? "", /^web\.enabled is false/);
});

test("the chat with oneself is wanted when that is said, or one's own number is allowed", () => {
  const self = "15550009999:3@s.whatsapp.net";
  const wanted = (config: object) => isSelfChat({ accountId: "default", config: config as never }, self);

  assert.equal(wanted({}), false);
  assert.equal(wanted({ selfChatMode: true }), true);
  assert.equal(wanted({ allowFrom: ["+1 555 000 9999"] }), true);
  assert.equal(wanted({ allowFrom: ["*", 15550009998] }), false);
});

test("without the library the account fails with the command that installs it and what its licence is", async () => {
  const missing = Object.assign(new Error("Cannot find package '@whiskeysockets/baileys'"), {
    code: "ERR_MODULE_NOT_FOUND",
  });

  await assert.rejects(
    loadLibrary(() => Promise.reject(missing)),
    (error: unknown) => {
      assert.ok(error instanceof ChannelError);
      assert.equal(error.kind, "auth");
      assert.equal(error.fix, INSTALL_COMMAND);
      assert.match(error.message, /npm install --omit=peer @whiskeysockets\/baileys@7\.0\.0-rc14.*GPL-3\.0$/);
      return true;
    },
  );
  await assert.rejects(
    loadLibrary(() => Promise.reject(new Error("broken"))),
    /^Error: broken$/,
  );
});

test("of what the library says only words reach the log", () => {
  const lines: string[] = [];
  const say = (text: string, fields?: object) => void lines.push(text + JSON.stringify(fields ?? ""));
  const logger = logAdapter({ debug: say, info: say, warn: say, error: say }, "default");

  logger.error({ err: new Error("no session"), privKey: "SECRET" }, "could not read");
  logger.child({ class: "x" }).warn("plain words");
  logger.info({ noiseKey: "SECRET" }, "connected");
  logger.error({ key: "SECRET" });

  assert.deepEqual(lines, ['whatsapp/default: could not read: no session""', 'whatsapp/default: plain words""']);
});

test("others may use the console; the filter leaves it as it was", () => {
  const lines: unknown[] = [];
  const say = (...args: unknown[]) => void lines.push(args);
  const target = { log: say, info: say, warn: say, error: say };

  const undo = quietConsole(target);
  target.info("kept", 1);
  undo();

  assert.deepEqual(lines, [["kept", 1]]);
  assert.equal(target.info, say);
});

test("what is remembered is bounded; what was used last stays", () => {
  const recent = new Recent<number>(2);
  recent.set("a", 1);
  recent.set("b", 2);
  recent.get("a");
  recent.set("c", 3);

  assert.deepEqual([recent.get("a"), recent.get("b"), recent.get("c"), recent.size], [1, undefined, 3, 2]);
  const brief = new Recent<number>(2, -1);
  brief.set("a", 1);
  assert.equal(brief.get("a"), undefined);
});

test("a QR code is a picture", () => {
  const url = qrDataUrl([
    [true, false],
    [false, true],
  ]);

  const bytes = Buffer.from(url.replace("data:image/png;base64,", ""), "base64");
  assert.equal(bytes.subarray(1, 4).toString(), "PNG");
  assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [12, 12]);
});
