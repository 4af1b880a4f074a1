import { defineChannelKit } from "openclaw/plugin-sdk/testing";
import { startPigeonPost, TOKEN } from "./network.ts";

/** How the kit plays the network: openclaw plugins test examples/custom-channel */
export default defineChannelKit({
  channel: "pigeon",
  textLimit: 1_000,
  lacks: {
    media: "pigeons carry texts only",
  },
  async start() {
    const post = await startPigeonPost();
    let count = 0;
    return {
      section: { url: post.url, token: TOKEN },
      identity: "pigeonbot",
      secrets: [TOKEN],
      brokenAccount: { token: "no-such-token" },
      group: { id: "loft", listed: { groups: { loft: {} } }, unlisted: { groups: { barn: {} } } },
      person: (number) => `person-${number}`,
      says({ from, text, inGroup, mentionsBot, again }) {
        const id = again ?? `letter-${++count}`;
        const room = inGroup ? { room: "loft", mentions: mentionsBot ? ["pigeonbot"] : [] } : {};
        post.push({ id, from: `person-${from}`, text, ...room });
        return id;
      },
      sent: () => post.arrived,
      logins: post.logins,
      mode: post.mode,
      garbage() {
        for (const broken of [{}, { id: 7, from: null }, { id: "x", from: ["y"], text: {} }])
          post.push(broken as never);
      },
      close: post.close,
    };
  },
});
