import assert from "node:assert/strict";
import { test } from "node:test";
import { Messaging } from "openclaw/plugin-sdk";
import type { Envelope, PluginCommand, PluginCommandContext } from "openclaw/plugin-sdk";
import { hostFor } from "./support.ts";
import { sampleWork, SESSION } from "./samples.ts";

type Host = Awaited<ReturnType<typeof hostFor>>;

function run(host: Host, name: string, args = "", envelope: Partial<Envelope> = {}) {
  const offer = host.hooksOf(Messaging).command.offers.get(name);
  assert.ok(offer, `no command ${name}`);
  return offer.hook.promise({ name, args, work: sampleWork(envelope), session: SESSION });
}

test("a command is offered under its name in lower case, with its rules", async () => {
  await using host = await hostFor((api) => {
    api.registerCommand({ name: "Lamp", description: "light", acceptsArgs: true, handler: () => ({ text: "on" }) });
    api.registerCommand({ name: "open", requireAuth: false, handler: () => ({ text: "open" }) });
  });

  const { command } = host.hooksOf(Messaging);
  const rules = (name: string) => {
    const { description, acceptsArgs, requireAuth } = command.offers.get(name)?.options ?? {};
    return [description, acceptsArgs, requireAuth];
  };

  assert.deepEqual(rules("lamp"), ["light", true, true]);
  assert.deepEqual(rules("open"), ["", false, false]);
});

test("the handler sees who asks, from where and what", async () => {
  let context: PluginCommandContext | undefined;
  await using host = await hostFor(
    (api) =>
      api.registerCommand({
        name: "lamp",
        acceptsArgs: true,
        handler: (given) => ({ text: `args ${((context = given), given.args)}` }),
      }),
    { settings: { lamp: 7 } },
  );

  const reply = await run(host, "lamp", "  on\u0007 and\toff ", { threadId: "9" });

  assert.deepEqual(reply, { text: "args on and\toff" });
  assert.deepEqual(context, {
    senderId: "42",
    channel: "telegram",
    channelId: "telegram",
    isAuthorizedSender: true,
    args: "on and\toff",
    commandBody: "/lamp on and\toff",
    config: { lamp: 7 },
    from: "4242",
    to: "4242",
    accountId: "default",
    messageThreadId: "9",
  });
});

test("arguments are cut at 4096 characters, and absent when there are none", async () => {
  const seen: (string | undefined)[] = [];
  await using host = await hostFor((api) =>
    api.registerCommand({ name: "lamp", handler: ({ args }) => (seen.push(args), { text: "" }) }),
  );

  await run(host, "lamp", "x".repeat(5_000));
  await run(host, "lamp", "");

  assert.deepEqual([seen[0]?.length, seen[1]], [4_096, undefined]);
});

test("a reply may carry media, and a promise of one is awaited", async () => {
  await using host = await hostFor((api) =>
    api.registerCommand({ name: "lamp", handler: async () => ({ text: "see", mediaUrls: ["file:///lamp.png"] }) }),
  );

  assert.deepEqual(await run(host, "lamp"), { text: "see", mediaUrls: ["file:///lamp.png"] });
});

test("a throw becomes a general reply, and the cause is logged", async () => {
  await using host = await hostFor((api) =>
    api.registerCommand({
      name: "lamp",
      handler: () => {
        throw new Error("secret cause");
      },
    }),
  );

  const reply = await run(host, "lamp");

  assert.deepEqual(reply, { text: "Command /lamp failed. Please try again later." });
  assert.ok(host.log.some(({ level, message }) => level === "error" && message === "command /lamp failed"));
});

test("from WebChat there is no sender address", async () => {
  let context: PluginCommandContext | undefined;
  await using host = await hostFor((api) =>
    api.registerCommand({ name: "lamp", handler: (given) => ((context = given), { text: "" }) }),
  );
  const { replyTo: _, ...envelope } = sampleWork({ channel: "webchat", sender: { id: "gateway-client" } }).envelope;

  const offer = host.hooksOf(Messaging).command.offers.get("lamp");
  await offer?.hook.promise({ name: "lamp", args: "", work: { ...sampleWork(), envelope }, session: SESSION });

  assert.deepEqual([context?.channel, context?.senderId, context?.from], ["webchat", "gateway-client", undefined]);
});

test("built-in names, bad names, duplicates and commands without handler are skipped with a diagnostic", async () => {
  const handler = () => ({ text: "" });
  await using host = await hostFor((api) => {
    for (const name of ["status", "Help", "9lives", "two words", "lamp", "LAMP"])
      api.registerCommand({ name, handler });
    api.registerCommand({ name: "hollow" } as PluginCommand);
  });

  assert.deepEqual([...host.hooksOf(Messaging).command.offers.keys()], ["lamp"]);
  assert.deepEqual(
    [...host.notes.diagnostics],
    [
      'registerCommand: "/status" was skipped; that is a built-in command',
      'registerCommand: "/help" was skipped; that is a built-in command',
      'registerCommand: "/9lives" was skipped; a name is a letter, then letters, digits, - or _',
      'registerCommand: "/two words" was skipped; a name is a letter, then letters, digits, - or _',
      'registerCommand: "/hollow" was skipped; it has no handler',
      'messaging.command "lamp" belongs to plugin "fixture"; it was not registered again',
    ],
  );
});
