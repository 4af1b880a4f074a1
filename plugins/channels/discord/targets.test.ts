import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTarget, personId } from "./targets.ts";

const ID = "123456789012345678";
const none = () => [];

test("each form of a target stands for a person or a channel", () => {
  const table: [string, string][] = [
    [`user:${ID}`, `user:${ID}`],
    [`<@${ID}>`, `user:${ID}`],
    [`<@!${ID}>`, `user:${ID}`],
    [`@${ID}`, `user:${ID}`],
    [`channel:${ID}`, `channel:${ID}`],
    [`thread:${ID}`, `channel:${ID}`],
    [`<#${ID}>`, `channel:${ID}`],
  ];
  for (const [raw, to] of table) {
    const target = parseTarget(raw, none);
    assert.equal(target.ok && target.to, to, raw);
  }
});

test("names are looked up, and must stand for one channel", () => {
  const find = (name: string, guild?: string) => (name === "plans" ? (guild === "Team" ? [ID] : [ID, "2"]) : []);
  assert.deepEqual(parseTarget("Team/#plans", find), { ok: true, to: `channel:${ID}`, kind: "channel" });
  const error = (raw: string) => {
    const target = parseTarget(raw, find);
    return target.ok ? "" : target.error;
  };
  assert.match(error("#plans"), /2 channels have that name: write channel:<id>/);
  assert.match(error("#ghost"), /sees no channel of that name/);
  assert.match(error(ID), new RegExp(`write channel:${ID} or user:${ID}`));
  assert.match(error("ann"), /neither an id nor the name of a channel/);
  assert.match(error("user:12"), /12 is not an id of Discord/);
  assert.match(error("channel:../x"), /neither/);
});

test("entries of allowlists are ids in any spelling; names are none", () => {
  for (const entry of [ID, `user:${ID}`, `<@${ID}>`, `<@!${ID}>`, `discord:${ID}`, ` ${ID} `])
    assert.equal(personId(entry), ID);
  for (const entry of ["ann", "ann#1234", "@ann", "12", `${ID}x`, ""]) assert.equal(personId(entry), undefined);
});
