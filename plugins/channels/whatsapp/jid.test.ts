import assert from "node:assert/strict";
import { test } from "node:test";
import { bareJid, e164Of, isSameUser, normalizeNumber, parseJid, parseTarget } from "./jid.ts";

test("an address has a user, a server and sometimes a device; the older server is the same", () => {
  assert.deepEqual(parseJid("15551110000:3@s.whatsapp.net"), {
    user: "15551110000",
    device: 3,
    server: "s.whatsapp.net",
  });
  assert.equal(bareJid("15551110000_1:3@c.us"), "15551110000@s.whatsapp.net");
  assert.equal(bareJid("120363000-15@g.us"), "120363000-15@g.us");
  assert.ok(isSameUser("1555:3@lid", "1555@lid"));
  assert.ok(!isSameUser("1555@lid", "1555@s.whatsapp.net"));
  assert.equal(e164Of("1555:3@s.whatsapp.net"), "+1555");
  assert.equal(e164Of("1555@lid"), undefined);
  for (const bad of ["", "ann", "@g.us", "15 55@s.whatsapp.net", "a@b@c", null, undefined]) {
    assert.equal(parseJid(bad), undefined, String(bad));
  }
});

test("a number may be written in many ways; a name is none", () => {
  for (const written of [
    "+15551110000",
    "15551110000",
    "0015551110000",
    " whatsapp:+1 (555) 111-0000 ",
    "15551110000:3",
    "15551110000@s.whatsapp.net",
  ]) {
    assert.equal(normalizeNumber(written), "+15551110000", written);
  }
  for (const bad of ["ann", "@ann", "+1", "123@g.us", "77@lid", "+1555111000012345678", "*"]) {
    assert.equal(normalizeNumber(bad), undefined, bad);
  }
});

test("a target is a number or a group", () => {
  assert.deepEqual(parseTarget("+1 555 111 0000"), { ok: true, to: "15551110000@s.whatsapp.net", kind: "user" });
  assert.deepEqual(parseTarget("120363000000000001@g.us"), { ok: true, to: "120363000000000001@g.us", kind: "group" });
  assert.deepEqual(parseTarget("77@lid"), { ok: true, to: "77@lid", kind: "user" });
  for (const bad of ["ann", "my group", "../../x@g.us", "status@broadcast", "1@newsletter"]) {
    assert.equal(parseTarget(bad).ok, false, bad);
  }
});
