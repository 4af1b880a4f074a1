import assert from "node:assert/strict";
import { test } from "node:test";
import { stripMentions } from "./mentions.ts";
import { menuOf } from "./menu.ts";

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

test("what addresses the bot is no part of the text; what addresses another one stays", () => {
  assert.equal(stripMentions("/help@MyBot now", "mybot"), "/help now");
  assert.equal(stripMentions("/help@other", "mybot"), "/help@other");
  assert.equal(stripMentions("hey @mybot  do it", "mybot"), "hey do it");
  assert.equal(stripMentions("@mybotter x", "mybot"), "@mybotter x");
  assert.equal(stripMentions("@mybot x", undefined), "@mybot x");
});
