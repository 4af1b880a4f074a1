import { defineChannelKit } from "openclaw/plugin-sdk/testing";
import type { KitMessage } from "openclaw/plugin-sdk/testing";
import { directId, FAKE_APP, startFakeSlack } from "../../fakes/slack-server.ts";
import type { FakeUser, Message, Said } from "../../fakes/slack-server.ts";
import { CHANNELS, OTHER, ROOM } from "../slack-gateway.ts";

const SEND = /^chat\.postMessage$/;

/** How the kit plays Slack: the Web API and Socket Mode. */
export default defineChannelKit({
  channel: "slack",
  textLimit: 40_000,
  async start() {
    const fake = await startFakeSlack({ channels: CHANNELS });
    const person = (number: number) => `U0PERSON${number}`;
    const said = new Map<string, Message>();

    function written({ from, text, inGroup, mentionsBot, file }: KitMessage): Said {
      const user: FakeUser = { id: person(from), name: `person${from}` };
      const url = file && fake.file(file.name, file.bytes, file.type);
      return {
        from: user,
        text: mentionsBot ? `<@${FAKE_APP.userId}> ${text}` : text,
        ...(inGroup && { channel: ROOM }),
        ...(file && {
          subtype: "file_share",
          files: [{ id: "F1", name: file.name, mimetype: file.type, size: file.bytes.length, url_private: url }],
        }),
      };
    }

    return {
      section: { botToken: FAKE_APP.botToken, appToken: FAKE_APP.appToken, apiRoot: fake.url },
      identity: FAKE_APP.name,
      secrets: [FAKE_APP.botToken, FAKE_APP.appToken],
      brokenAccount: { botToken: "xoxb-no-such-token", appToken: "xapp-no-such-token" },
      group: {
        id: ROOM,
        target: `channel:${ROOM}`,
        listed: { channels: { [ROOM]: {} } },
        unlisted: { channels: { [OTHER]: {} } },
      },
      person,
      says(message) {
        const before = message.again === undefined ? undefined : said.get(message.again);
        if (before) {
          fake.push({ ...before, channel_type: before.channel === ROOM ? "channel" : "im" });
          return before.ts;
        }
        const made = fake.says(written(message));
        said.set(made.ts, made);
        return made.ts;
      },
      sent: () =>
        [...fake.posted.map(({ ts, channel, text }) => ({ ts, channel, text, files: [] })), ...fake.shared]
          .toSorted((a, b) => (a.ts < b.ts ? -1 : 1))
          .map(({ channel, text, files }) => ({ to: personIn(channel), text: String(text), files })),
      logins: () => fake.calls.filter(({ method }) => method === "auth.test").length + fake.socket.opened,
      mode(mode) {
        const sends = fake.calls.filter(({ method }) => SEND.test(method)).length;
        fake.mode(mode, mode === "lost" || mode === "rate-limit" ? SEND : undefined);
        if (mode === "lost") {
          const isNext = ({ method }: { readonly method: string }) =>
            SEND.test(method) && fake.calls.filter((call) => SEND.test(call.method)).length > sends;
          void fake.waitFor(isNext, 60_000).then(() => fake.mode("ok"));
        }
        fake.socket.mode = mode === "drop" ? "refuse" : "ok";
        if (mode === "drop") fake.socket.drop();
      },
      garbage() {
        for (const event of [{}, { type: "message" }, { type: "message", channel: 7, user: null, ts: {}, text: [] }])
          fake.push(event);
        fake.push({ type: "nothing_known", a: 1 });
        for (const frame of [null, { type: "events_api" }, { type: "events_api", payload: { event: null } }])
          fake.socket.raw(JSON.stringify(frame));
      },
      close: () => fake.close(),
    };
  },
});

/** A direct channel has the id of its person behind a D. */
function personIn(channelId: string): string {
  const userId = `U${channelId.slice(1)}`;
  return directId(userId) === channelId ? userId : channelId;
}
