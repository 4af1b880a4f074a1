import assert from "node:assert/strict";
import { test } from "node:test";
import { lacking } from "./permission.ts";
import type { Channel, Guild } from "./places.ts";

const VIEW = 1n << 10n;
const SEND = 1n << 11n;
const guild = (everyone: bigint, more: Partial<Guild> = {}): Guild => ({
  id: "g",
  name: "Team",
  ownerId: "1",
  roles: new Map([
    ["g", everyone],
    ["admin", 8n],
    ["talker", SEND],
  ]),
  ownRoles: new Set(),
  ...more,
});
const room = (...overwrites: [string, bigint, bigint][]): Channel => ({
  id: "c",
  guildId: "g",
  type: 0,
  name: "plans",
  overwrites: overwrites.map(([id, deny, allow]) => ({ id, type: 0, deny: String(deny), allow: String(allow) })),
});

test("what the bot lacks follows from everyone, its roles and the channel, in that order", () => {
  assert.deepEqual(lacking(room(), guild(VIEW | SEND), "bot"), []);
  assert.deepEqual(lacking(room(), guild(0n), "bot"), ["View Channel", "Send Messages"]);
  assert.deepEqual(lacking(room(), guild(VIEW, { ownRoles: new Set(["talker"]) }), "bot"), []);
  assert.deepEqual(lacking(room(["g", VIEW, 0n]), guild(VIEW | SEND), "bot"), ["View Channel"]);
  assert.deepEqual(
    lacking(room(["g", SEND, 0n], ["talker", 0n, SEND]), guild(VIEW, { ownRoles: new Set(["talker"]) }), "bot"),
    [],
  );
  assert.deepEqual(
    lacking(
      room(["talker", SEND, 0n], ["bot", 0n, SEND]),
      guild(VIEW | SEND, { ownRoles: new Set(["talker"]) }),
      "bot",
    ),
    [],
  );
  assert.deepEqual(lacking(room(["g", VIEW | SEND, 0n]), guild(0n, { ownRoles: new Set(["admin"]) }), "bot"), []);
  assert.deepEqual(lacking(room(["g", VIEW | SEND, 0n]), guild(0n, { ownerId: "bot" }), "bot"), []);
  assert.deepEqual(lacking({ ...room(), parentId: "p" }, guild(VIEW | SEND), "bot"), ["Send Messages in Threads"]);
});
