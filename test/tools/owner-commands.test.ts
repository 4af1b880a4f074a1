import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { LAB_PLUGIN, startLab } from "../delivery/lab-gateway.ts";
import type { Lab } from "../delivery/lab-gateway.ts";
import { loggedIn } from "../wire/raw-client.ts";

const OPEN = { dmPolicy: "open", allowFrom: ["*"] };
const ALL_ON = { commands: { config: true, restart: true, debug: true, bash: true, ownerAllowFrom: ["ann"] } };

/** What the next answer to `from` says. */
async function asked(lab: Lab, text: string, from = "ann", more: object = {}): Promise<string> {
  const before = (await lab.sent()).filter(({ to }) => to === from).length;
  await lab.says({ text, from, replyTo: { channel: "lab", accountId: "default", to: from }, ...more });
  return eventually(`the answer to ${text}`, async () => {
    const now = (await lab.sent()).filter(({ to }) => to === from);
    return now.length > before && now[before]?.payload.text;
  });
}

const fileOf = (lab: Lab) => readFileSync(join(lab.gateway.stateDir, "openclaw.json"), "utf8");

test("owners read and change the configuration, which is audited and applied", async () => {
  await using lab = await startLab(OPEN, ALL_ON);

  assert.match(await asked(lab, "/config get commands.debug"), /^commands\.debug: true$/);
  assert.equal(
    await asked(lab, "/config set messages.responsePrefix hi:"),
    "Changed messages.responsePrefix (applied at once).",
  );
  assert.match(fileOf(lab), /responsePrefix:? *"?:? *"hi:"/);
  assert.equal(
    await asked(lab, "/config unset messages.responsePrefix"),
    "Changed messages.responsePrefix (applied at once).",
  );
  assert.match(
    await asked(lab, "/config set messages.queue.cap none"),
    /^\/config was not done: .*messages\.queue\.cap/,
  );
  assert.match(await asked(lab, "/config set"), /^Use \/config show/);
  assert.match(await asked(lab, "/config show"), /^\{[^]*"channels"/);

  const audit = readFileSync(join(lab.gateway.stateDir, "logs", "config-audit.jsonl"), "utf8");
  assert.match(audit, /chat:lab:ann/);
});

test("what opens doors is never written from a chat, in whatever shape", async () => {
  await using lab = await startLab({ ...OPEN, botToken: "abc-123456789" }, ALL_ON);
  const before = fileOf(lab);

  const refused = [
    "gateway.port 1",
    "plugins.enabled false",
    "commands.useAccessGroups false",
    'commands {"bash":true}',
    "approvals.exec.approvers.lab [1]",
    "channels.lab.botToken x",
    "channels.lab {}",
    'channels["lab"].apiRoot http://127.0.0.1:1',
    "channels.lab.configWrites true",
    'channels.imessage {"cliPath":"/tmp/x"}',
    "models.providers.x.baseUrl http://evil.example",
    'models.providers {"x":{"apiKey":"k"}}',
    "tools.exec.security full",
    'tools {"elevated":{"allowFrom":{"lab":["eve"]}}}',
    'agents.list [{"id":"main","tools":{"exec":{"security":"full"}}}]',
    'agents.defaults.cliBackends.x {"command":"/bin/sh"}',
    "env.vars.NODE_OPTIONS x",
    "agents.defaults.workspace /",
    'agents.list [{"id":"main","workspace":"/"}]',
    "tools.fs.workspaceOnly false",
    "logging.file /tmp/x",
    "cron.store /tmp/x",
    "cron.webhook.allowPrivate true",
    'tools.web {"fetch":{"dangerouslyAllowHosts":["127.0.0.1"]}}',
    'skills.load.extraDirs ["/tmp"]',
  ];
  for (const words of refused)
    assert.match(await asked(lab, `/config set ${words}`), /cannot be changed from a chat/, words);
  assert.match(await asked(lab, "/config unset channels.lab"), /cannot be changed from a chat/);
  assert.doesNotMatch(await asked(lab, "/config show channels.lab"), /abc-123456789/);

  assert.equal(fileOf(lab), before);
});

test("each command has its switch, and is for owners only", async () => {
  await using lab = await startLab({ ...OPEN, configWrites: false }, { commands: { ownerAllowFrom: ["ann"] } });

  assert.match(await asked(lab, "/restart"), /^\/restart is off; "openclaw config set commands\.restart true"/);
  assert.match(await asked(lab, "/config show"), /commands\.config true/);
  assert.match(await asked(lab, "/allowlist"), /commands\.config true/);
  assert.match(await asked(lab, "/debug"), /commands\.debug true/);
  assert.match(await asked(lab, "/bash ls"), /commands\.bash true/);
  assert.match(await asked(lab, "/help"), /\/allowlist - who may write[^]*\/config - [^]*\/restart - /);
  await lab.says({ text: "/config show", from: "bob", id: "bobs" });
  await lab.ended("bobs", "refused");

  const path = join(lab.gateway.stateDir, "openclaw.json");
  writeFileSync(
    path,
    JSON.stringify({
      channels: { lab: { ...OPEN, configWrites: false } },
      plugins: LAB_PLUGIN,
      ...ALL_ON,
      gateway: JSON.parse(fileOf(lab)).gateway,
    }),
  );
  await eventually("the switch is seen", async () => /configWrites is false/.test(await asked(lab, "/config show")));
});

test("/allowlist edits the list of the account it is written to, and never lets everybody in", async () => {
  await using lab = await startLab({ dmPolicy: "allowlist", allowFrom: ["ann"] }, ALL_ON);

  assert.equal(await asked(lab, "/allowlist"), "channels.lab.allowFrom: ann");
  assert.match(await asked(lab, "/allowlist add *"), /not done from a chat/);
  assert.match(await asked(lab, "/allowlist add bob"), /^Changed channels\.lab\.allowFrom/);
  assert.equal(await asked(lab, "/allowlist add BOB"), "BOB is on channels.lab.allowFrom.");
  await lab.says({ text: "/whoami", from: "bob" });
  await eventually("bob is heard", async () => (await lab.sent()).some(({ to }) => to === "bob"));
  assert.match(await asked(lab, "/allowlist add group 4711"), /^Changed channels\.lab\.groupAllowFrom/);
  assert.match(await asked(lab, "/allowlist remove bob"), /^Changed channels\.lab\.allowFrom/);
  assert.match(fileOf(lab), /4711/);
});

test("/debug tells what runs; clients of the gateway need the scope of an administrator", async () => {
  await using lab = await startLab(OPEN, ALL_ON);
  await using writer = await loggedIn(lab.gateway, { scopes: ["operator.read", "operator.write"] });

  assert.match(await asked(lab, "/debug"), /Messages without an end: 0/);
  await writer.request("chat.send", { sessionKey: "main", message: "/config show", idempotencyKey: "w1" });
  const trace = await eventually("its end", async () => {
    const found = await lab.trace("w1").catch(() => undefined);
    return found?.state === "refused" && found;
  });
  assert.equal(trace.reason, "command-unauthorized");
});

test("/tts sets whether answers are spoken, for everybody, and wakes its plugin for it", async () => {
  await using lab = await startLab(OPEN, ALL_ON);

  assert.equal(await asked(lab, "/tts"), "Speech: off, provider edge (not served here).");
  assert.equal(await asked(lab, "/tts on"), "Speech: always, provider edge (not served here).");
  assert.match(await asked(lab, "/tts provider elevenlabs"), /^Speech: always, provider elevenlabs/);
  assert.match(await asked(lab, "/tts louder"), /^Use \/tts status/);
  assert.partialDeepStrictEqual(await lab.client.request("tts.status", {}), { auto: "always", provider: "elevenlabs" });
});

test("/restart brings the gateway back in its process", async () => {
  await using lab = await startLab(OPEN, ALL_ON);

  assert.equal(await asked(lab, "/restart"), "Restarting in 2 s.");
  const note = JSON.parse(readFileSync(join(lab.gateway.stateDir, "restart-sentinel.json"), "utf8")) as {
    payload: object;
  };
  assert.partialDeepStrictEqual(note.payload, { kind: "restart", message: "the gateway is back after /restart" });
});

test("/bash and ! run commands for owners who are elevated, as far as the approvals file lets them", async () => {
  await using lab = await startLab(OPEN, {
    ...ALL_ON,
    tools: { elevated: { allowFrom: { lab: ["ann"] } } },
    approvals: { exec: { approvers: { lab: ["bea"] } } },
  });
  const file = join(lab.gateway.stateDir, "exec-approvals.json");
  const defaults = (security: string, ask: string) =>
    writeFileSync(file, JSON.stringify({ version: 1, defaults: { security, ask } }));

  defaults("full", "off");
  assert.match(await asked(lab, "!echo one two"), /^one two\n\n\(completed, exit code 0/);
  assert.match(await asked(lab, "/bash poll"), /^one two/);
  defaults("deny", "off");
  assert.match(await asked(lab, "/bash echo no"), /^The command was refused: commands are switched off/);
  defaults("allowlist", "on-miss");
  const pending = await asked(lab, "/bash echo approved >&2");
  const [, slug] = /approval (\w{8})/.exec(pending) ?? [];
  await lab.says({ text: `/approve ${slug} allow-once`, from: "bea" });
  await eventually("the end is told", async () =>
    (await lab.sent()).some(({ to, payload }) => to === "ann" && payload.text.startsWith("approved\n\n(completed")),
  );
});

test("/bash is closed for an owner who is not elevated, and what runs long is looked after", async () => {
  await using lab = await startLab(OPEN, {
    ...ALL_ON,
    commands: { ...ALL_ON.commands, bashForegroundMs: 50, ownerAllowFrom: ["ann", "bob"] },
    tools: { elevated: { allowFrom: { lab: ["ann"] } } },
  });
  writeFileSync(
    join(lab.gateway.stateDir, "exec-approvals.json"),
    JSON.stringify({ version: 1, defaults: { security: "full", ask: "off" } }),
  );

  assert.match(await asked(lab, "/bash id", "bob"), /tools\.elevated\.allowFrom\.lab does not allow it/);
  // The level of a shared session would hold for those who are.
  assert.match(await asked(lab, "/elevated full", "bob"), /tools\.elevated\.allowFrom\.lab does not allow it/);
  assert.equal(await asked(lab, "/elevated off", "bob"), "Elevated mode set to off.");
  assert.equal(await asked(lab, "/elevated full"), "Elevated mode set to full.");
  assert.match(await asked(lab, "/bash echo begun; sleep 60"), /still runs; \/bash poll/);
  assert.match(await asked(lab, "/bash ls"), /still runs here/);
  assert.match(await asked(lab, "/bash stop"), /^begun\n\n\(killed/);
});

test("/debug set runs over the file and is written nowhere", async () => {
  await using lab = await startLab(OPEN, { ...ALL_ON, messages: { responsePrefix: "file:" } });
  await lab.says({ text: "one", from: "bob", replyTo: { channel: "lab", accountId: "default", to: "bob" } });
  const answers = async () => (await lab.sent()).filter(({ to }) => to === "bob").map(({ payload }) => payload.text);
  await eventually("an answer", async () => (await answers()).length === 1);

  assert.equal(
    await asked(lab, '/debug set messages.responsePrefix="run:"'),
    "Set messages.responsePrefix for this run (applied at once); nothing was written.",
  );
  await lab.says({ text: "two", from: "bob", replyTo: { channel: "lab", accountId: "default", to: "bob" } });
  await eventually("another answer", async () => (await answers()).length === 2);
  assert.match(await asked(lab, "/debug"), /^Set for this run: messages\.responsePrefix = "run:"$/m);
  assert.match(await asked(lab, "/config get messages.responsePrefix"), /"file:"\nOver it runs what \/debug set\./);
  // Another change of the file leaves it standing.
  assert.match(await asked(lab, "/config set messages.queue.cap 7"), /^Changed/);
  assert.match(await asked(lab, "/debug show"), /responsePrefix = "run:"/);
  const written = fileOf(lab);
  assert.match(await asked(lab, "/debug unset messages.responsePrefix"), /^The file counts again for messages\.res/);
  await lab.says({ text: "three", from: "bob", replyTo: { channel: "lab", accountId: "default", to: "bob" } });
  await eventually("a third answer", async () => (await answers()).length === 3);

  assert.deepEqual(
    (await answers()).map((text) => text.split(" ")[0]),
    ["file:", "run:", "file:"],
  );
  assert.equal(fileOf(lab), written);
  const audit = readFileSync(join(lab.gateway.stateDir, "logs", "config-audit.jsonl"), "utf8");
  assert.match(audit, /"chat:lab:ann","paths":\["messages\.responsePrefix"\]/);
});

test("/debug set refuses what a chat may not write, what is wrong and what needs a restart; reset takes all back", async () => {
  await using lab = await startLab(OPEN, { ...ALL_ON, agents: { list: [{ id: "main", name: "One" }] } });

  assert.match(await asked(lab, "/debug set tools.exec.security full"), /cannot be changed from a chat/);
  assert.match(await asked(lab, "/debug set gateway.port 1"), /cannot be changed from a chat/);
  assert.match(await asked(lab, "/debug set messages.queue.cap none"), /^\/debug was not done: .*messages\.queue\.cap/);
  assert.match(await asked(lab, "/debug set logging.levl info"), /^\/debug was not done: invalid config/);
  assert.match(await asked(lab, '/debug set channels.lab.groups {"__proto__":{"enabled":true}}'), /is not allowed/);
  assert.match(await asked(lab, "/debug set bindings[3].agentId main"), /a list|invalid/);
  assert.match(await asked(lab, "/debug unset messages.queue.cap"), /is not set for this run/);
  assert.match(await asked(lab, "/debug set"), /^Use \/debug, /);
  assert.equal(await asked(lab, "/debug show"), "Nothing is set for this run.");

  assert.match(await asked(lab, "/debug set messages.queue.cap 3"), /^Set messages\.queue\.cap/);
  assert.match(await asked(lab, "/debug set channels.lab.configWrites false"), /cannot be changed from a chat/);
  assert.equal(await asked(lab, "/debug reset"), "The file alone counts again; 1 taken back.");
  assert.equal(await asked(lab, "/debug show"), "Nothing is set for this run.");

  assert.match(await asked(lab, "/debug set agents.list[0].name Two"), /^Set agents/);
  // Without the list there is no place for the name.
  assert.match(await asked(lab, "/config unset agents.list"), /^Changed agents\.list/);
  assert.equal(await asked(lab, "/debug show"), "Nothing is set for this run.");
});

test("/exec says where commands run and who is asked; a chat is stricter than the configuration or not heard", async () => {
  await using lab = await startLab(OPEN, { ...ALL_ON, tools: { exec: { security: "allowlist", ask: "on-miss" } } });

  assert.match(await asked(lab, "/exec"), /gateway's machine; security allowlist, ask on-miss/);
  assert.match(await asked(lab, "/exec security=deny ask=always"), /security deny, ask always/);
  assert.match(await asked(lab, "/exec host=node node=Attic"), /Commands run on node Attic/);
  assert.match(await asked(lab, "/exec security=full"), /stricter than tools\.exec, not looser/);
  assert.match(await asked(lab, "/exec ask=off"), /not looser/);
  assert.match(await asked(lab, "/exec sudo"), /"sudo" is not known/);
  assert.match(await asked(lab, "/exec security=some"), /execSecurity.*Use \/exec/);
  assert.match(await asked(lab, "/exec default"), /gateway's machine; security allowlist, ask on-miss/);
});
