import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { loadChannelKit, runChannelKit } from "openclaw/plugin-sdk/testing";

const root = join(import.meta.dirname, "../../..");
const example = join(root, "examples", "custom-channel");
const folder = mkdtempSync(join(root, "test", "channels", "kit", ".broken-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Rules that a fault must leave alone, checked beside those that it breaks. */
const CONTROLS = ["C1", "C18"];

interface Fault {
  readonly what: string;
  /** Text of the example's channel, and what stands there instead. */
  readonly swap: readonly (readonly [string, string])[];
  readonly breaks: readonly string[];
  readonly reason: RegExp;
  /** It shows by something that does not come: not to be waited for as long as other things. */
  readonly isSilence?: boolean;
}

const FAULTS: readonly Fault[] = [
  {
    what: "acknowledges what is not kept",
    swap: [["await accept(envelope)", "void accept(envelope).catch(() => undefined)"]],
    breaks: ["R01"],
    reason: /an answer to kit-\d+: not within/,
    isSilence: true,
  },
  {
    what: "gives a message another id each time",
    swap: [["messageId: id,", "messageId: `${id}-${Math.random()}`,"]],
    breaks: ["C8"],
    reason: /was answered \d times|had \d turns/,
  },
  {
    what: "sends everything twice",
    swap: [
      [
        'await ask(account, "/outbox", signal, body);',
        'await ask(account, "/outbox", signal, body);\nawait ask(account, "/outbox", signal, body.replace(id, `${id}-again`));',
      ],
    ],
    breaks: ["C8", "C18", "F25"],
    reason: /2 times/,
  },
  {
    what: "shows a send again whose answer was lost",
    swap: [["JSON.stringify({ id,", "JSON.stringify({ id: `${id}-${Math.random()}`,"]],
    breaks: ["F35"],
    reason: /it was shown 2 times/,
  },
  {
    what: "takes it for granted that every event is a message",
    swap: [
      ['if (typeof id !== "string" || typeof from !== "string" || typeof text !== "string") return undefined;', ""],
      ["sender: { id: from } };", "sender: { id: (from as string).trim() } };"],
      ["{ messageId: id, text,", "{ messageId: id as string, text: text as string,"],
      ["chatId: from };", "chatId: from as string };"],
    ],
    breaks: ["F25"],
    reason: /logged in again because of one broken event/,
  },
  {
    what: "has no limit for texts",
    swap: [["limits: { text: 1_000 }", "limits: { text: 100_000 }"]],
    breaks: ["C10"],
    reason: /a message has \d+ characters, more than 1000/,
  },
  {
    what: "says whom it mentions wrongly",
    swap: [["bot: names.includes(self)", "bot: true"]],
    breaks: ["C6"],
    reason: /refused \(group-not-listed, no-mention\): not within/,
    isSilence: true,
  },
  {
    what: "logs in anew for every change",
    swap: [['restartKeys: ["enabled", "url", "token"]', 'restartKeys: ["enabled", "url", "token", "allowFrom"]']],
    breaks: ["C5"],
    reason: /the account logged in again/,
  },
  {
    what: "takes a refused token for a bad day",
    swap: [['new ChannelError("auth",', 'new ChannelError("transient",']],
    breaks: ["C15"],
    reason: /it logged in 3 times with a credential that is refused/,
  },
  {
    what: "gives up what the network wants later",
    swap: [["retryable: true, reason", "retryable: false, reason"]],
    breaks: ["C12"],
    reason: /an answer to kit-\d+: not within/,
    isSilence: true,
  },
  {
    what: "tells the token in its errors",
    swap: [['"the network refuses the token"', '`the network refuses ${String(config["token"])}`']],
    breaks: ["C19"],
    reason: /a secret is in the status of a refused account/,
  },
  {
    what: "does not say who it is",
    swap: [["connected({ bot: { username: name } })", "connected()"]],
    breaks: ["C1"],
    reason: /the status does not say who the account is \(pigeonbot\)/,
  },
];

test("the kit fails exactly the rules that a channel breaks", { concurrency: true }, async (context) => {
  const limit = 4;
  const waiting = [...FAULTS];
  const lane = async () => {
    for (let fault = waiting.shift(); fault; fault = waiting.shift()) {
      const { what, swap, breaks, reason, isSilence } = fault;
      await context.test(`a channel that ${what}`, async () => {
        const path = brokenChannel(what, swap);

        const kit = await loadChannelKit(path);
        const controls = CONTROLS.filter((id) => !breaks.includes(id));
        const options = { path, watchMs: 100, concurrency: 2 };
        const [report, control] = await Promise.all([
          runChannelKit(kit, { ...options, only: breaks, patience: isSilence ? 0.4 : 3 }),
          runChannelKit(kit, { ...options, only: controls, patience: 3 }),
        ]);

        const failed = [...report.results, ...control.results].filter(({ outcome }) => outcome === "failed");
        assert.deepEqual(failed.map(({ id }) => id).toSorted(), [...breaks].toSorted(), JSON.stringify(failed));
        for (const result of failed) assert.match(result.reason ?? "", reason);
      });
    }
  };
  await Promise.all(Array.from({ length: limit }, lane));
});

test("a channel that leaves a timer or a server behind fails C16, by name", async () => {
  const path = brokenChannel("leaves things behind", [
    ["for (let after = 0; ;) {", "setInterval(() => undefined, 60_000).unref();\nfor (let after = 0; ;) {"],
  ]);

  const report = await runChannelKit(await loadChannelKit(path), { path, only: ["C1", "C16"], patience: 2 });

  assert.deepEqual(
    report.results.map(({ id, outcome }) => [id, outcome]),
    [
      ["C1", "passed"],
      ["C16", "failed"],
    ],
  );
  assert.match(report.results[1]?.reason ?? "", /left behind: an interval begun at .*index\.ts/);
  assert.equal(report.grade, "bronze");
});

test("a kit file with a gap fails the rule that needs it; what a network lacks is told, and a rule must exist", async () => {
  const kit = await loadChannelKit(example);
  const { start } = kit;
  const without = {
    ...kit,
    async start() {
      const { garbage: _, ...network } = await start();
      return network;
    },
  };

  const report = await runChannelKit(without, { path: example, only: ["C11", "F25"], patience: 2 });

  assert.deepEqual(
    report.results.map(({ id, outcome, reason }) => [id, outcome, reason]),
    [
      ["C11", "n/a", "pigeons carry texts only"],
      ["F25", "failed", 'the kit file has no "garbage"; give it, or say in lacks["events"] why there is none'],
    ],
  );
  assert.equal(report.grade, "none");
  await assert.rejects(runChannelKit(kit, { only: ["C99"] }), /there is no rule C99; there are C1, C2,/);
  await assert.rejects(loadChannelKit(join(root, "examples", "hello-method")), /has no channel\.kit\.ts/);
});

/** The example with a fault. */
function brokenChannel(what: string, swap: Fault["swap"]): string {
  const path = join(folder, what.replaceAll(" ", "-"));
  cpSync(example, path, { recursive: true });
  let text = readFileSync(join(path, "index.ts"), "utf8");
  for (const [from, to] of swap) {
    assert.ok(text.includes(from), `the example has no "${from}" any more`);
    text = text.replace(from, () => to);
  }
  writeFileSync(join(path, "index.ts"), text);
  return path;
}
