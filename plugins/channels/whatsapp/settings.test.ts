import assert from "node:assert/strict";
import { test } from "node:test";
import { accountSettings, isSelfChat, settingsProblem, whatsappAccounts } from "./settings.ts";

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
