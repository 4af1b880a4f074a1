import { defineChannelKit } from "openclaw/plugin-sdk/testing";
import type { KitMessage } from "openclaw/plugin-sdk/testing";
import { FAKE_BOT, startFakeDiscord } from "../../fakes/discord-server.ts";
import type { FakeCall, FakeUser, SaidMessage } from "../../fakes/discord-server.ts";
import { GUILD, ROOM, TEAM } from "../discord-gateway.ts";

const SEND = /^POST \/channels\/\d+\/messages$/;

/** How the kit plays Discord: REST and gateway. */
export default defineChannelKit({
  channel: "discord",
  textLimit: 2_000,
  async start() {
    const fake = await startFakeDiscord({ guilds: [TEAM] });
    const person = (number: number) => `10000000000000000${number}`;
    const said = new Map<string, Record<string, unknown>>();

    function written({ from, text, inGroup, mentionsBot, file }: KitMessage): SaidMessage {
      const user: FakeUser = { id: person(from), username: `person${from}` };
      return {
        from: user,
        text: mentionsBot ? `<@${FAKE_BOT.id}> ${text}` : text,
        ...(inGroup && { channelId: ROOM, guildId: GUILD }),
        ...(mentionsBot && { mentions: [FAKE_BOT] }),
        ...(file && {
          attachments: [
            {
              id: "1",
              filename: file.name,
              size: file.bytes.length,
              content_type: file.type,
              url: fake.file(file.name, file.bytes, file.type),
            },
          ],
        }),
      };
    }

    return {
      section: { token: FAKE_BOT.token, apiRoot: fake.url },
      identity: FAKE_BOT.username,
      secrets: [FAKE_BOT.token],
      brokenAccount: { token: "no-such-token.for-tests" },
      group: {
        id: ROOM,
        target: `channel:${ROOM}`,
        listed: { guilds: { [GUILD]: { channels: { [ROOM]: {} } } } },
        unlisted: { guilds: { [GUILD]: { channels: { "300000000000000002": {} } } } },
      },
      person,
      target: (number) => `user:${person(number)}`,
      says(message) {
        const before = message.again === undefined ? undefined : said.get(message.again);
        if (before) {
          fake.push({ t: "MESSAGE_CREATE", d: before });
          return String(before["id"]);
        }
        const made = fake.says(written(message));
        said.set(String(made["id"]), made);
        return String(made["id"]);
      },
      sent: () =>
        fake.posted.map(({ channel_id, content, attachments, poll }) => ({
          to: personOf(String(channel_id)),
          text: `${String(content)}${poll ? JSON.stringify(poll) : ""}`,
          files: (attachments as { filename: string; size: number }[]).map(({ filename, size }) => ({
            name: filename,
            size,
          })),
        })),
      logins: () => fake.calls.filter(({ path }) => path === "/gateway/bot").length + fake.gateway.opened,
      mode(mode) {
        const sends = fake.calls.filter(isSend).length;
        fake.mode(mode, mode === "lost" || mode === "rate-limit" ? SEND : undefined);
        if (mode === "lost") {
          const isNext = (call: FakeCall) => isSend(call) && fake.calls.filter(isSend).length > sends;
          void fake.waitFor(isNext, 60_000).then(() => fake.mode("ok"));
        }
        fake.gateway.mode = mode === "drop" ? "refuse" : "ok";
        if (mode === "drop") fake.gateway.drop();
      },
      garbage() {
        for (const d of [{}, { id: 7 }, { id: "x", author: null, content: {} }]) fake.push({ t: "MESSAGE_CREATE", d });
        fake.push({ t: "NOTHING_KNOWN", d: { a: 1 } });
      },
      close: () => fake.close(),
    };
  },
});

function isSend({ method, path }: FakeCall): boolean {
  return SEND.test(`${method} ${path}`);
}

/** A direct channel has the id of its person behind a 7. */
function personOf(channelId: string): string {
  return channelId === ROOM ? ROOM : channelId.replace(/^7/, "");
}
