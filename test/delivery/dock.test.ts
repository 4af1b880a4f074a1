import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { startLab } from "./lab-gateway.ts";
import type { Lab } from "./lab-gateway.ts";

const OPEN = { dmPolicy: "open", allowFrom: ["*"] };
/** Beside the scripted network one on which nobody is there, so that what is sent waits. */
const BESIDE = {
  plugins: {
    load: { paths: [join(import.meta.dirname, "lab"), join(import.meta.dirname, "netcat")] },
    entries: { lab: { enabled: true }, netcat: { enabled: true } },
  },
  channels: { netcat: { port: 65_531 } },
  session: { identityLinks: { ann: ["lab:ann", "netcat:Ann-there"], bob: ["lab:bob", "bob-there"] } },
};

/** Says it on the scripted network and resolves with the answer there. */
async function asked(lab: Lab, text: string, from = "ann"): Promise<string> {
  const mine = async () => (await lab.sent()).filter(({ to }) => to === from);
  const before = (await mine()).length;
  await lab.says({ text, from, replyTo: { channel: "lab", accountId: "default", to: from } });
  return eventually(`the answer to ${text}`, async () => (await mine())[before]?.payload.text);
}

async function routeOf(lab: Lab): Promise<object | undefined> {
  const { sessions } = await lab.client.request<{ sessions: { key: string; deliveryContext?: object }[] }>(
    "sessions.list",
    {},
  );
  return sessions.find(({ key }) => key === "agent:main:main")?.deliveryContext;
}

test("/dock-<channel> moves what comes unasked to the same person elsewhere, and no answer", async () => {
  await using lab = await startLab(OPEN, BESIDE);
  await asked(lab, "hello");
  assert.deepEqual(await routeOf(lab), { channel: "lab", to: "ann", accountId: "default" });

  assert.match(await asked(lab, "/dock-netcat"), /^What comes unasked in this session .* on Netcat now/);
  assert.deepEqual(await routeOf(lab), { channel: "netcat", to: "Ann-there", accountId: "default" });
  await lab.client.request("agent", { message: "news", sessionKey: "main", deliver: true, idempotencyKey: "news" });
  const waiting = await eventually("what waits there", async () => {
    const { out } = await lab.client.request<{ out: { channel: string; to: string }[] }>("queue.list", {});
    return out.length > 0 && out.map(({ channel, to }) => `${channel} ${to}`);
  });
  assert.deepEqual(waiting, ["netcat Ann-there"]);

  // What is asked here is answered here, and moves the session back.
  assert.match(await asked(lab, "and here?"), /and here\?/);
  assert.deepEqual(await routeOf(lab), { channel: "lab", to: "ann", accountId: "default" });
});

test("/dock is for who is linked to that channel, alone with the assistant, and says what is missing", async () => {
  await using lab = await startLab(
    { ...OPEN, groupAllowFrom: ["ann"], groups: { "*": { requireMention: false } } },
    BESIDE,
  );

  assert.match(await asked(lab, "/dock-netcat", "eve"), /^Nobody linked you to Netcat: list "lab:eve" under your name/);
  // An id without its network could be anybody's.
  assert.match(await asked(lab, "/dock_netcat", "bob"), /list "netcat:<your id there>" under your name/);
  assert.match(await asked(lab, "/dock-lab"), /^This is Lab already\./);
  assert.match(await asked(lab, "/dock nowhere"), /^There is no channel nowhere here\./);
  assert.match(await asked(lab, "/dock"), /^Use \/dock-<channel>/);
  await lab.says({
    text: "/dock-netcat",
    chatType: "group",
    chatId: "room",
    replyTo: { channel: "lab", accountId: "default", to: "room" },
  });
  const [answer] = await eventually("the answer in the room", async () => {
    const told = (await lab.sent()).filter(({ to }) => to === "room");
    return told.length > 0 && told;
  });
  assert.match(answer?.payload.text ?? "", /several people is not moved to one of them/);
  assert.equal(await routeOf(lab), undefined);
});
