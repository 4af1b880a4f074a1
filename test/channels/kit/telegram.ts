import { defineChannelKit } from "openclaw/plugin-sdk/testing";
import type { KitMessage } from "openclaw/plugin-sdk/testing";
import { FAKE_TOKEN, startFakeTelegram } from "../../fakes/telegram-server.ts";
import type { TelegramCall } from "../../fakes/telegram-server.ts";
import { message, TEAM } from "../../fakes/telegram-updates.ts";

/** How the kit plays Telegram. */
export default defineChannelKit({
  channel: "telegram",
  textLimit: 4_096,
  async start() {
    const fake = await startFakeTelegram();
    const person = (number: number) => String(40 + number);
    /** Messages as they were delivered, to be delivered again. */
    const said = new Map<string, object>();

    function update({ from, text, inGroup, mentionsBot, file }: KitMessage): object {
      const sender = { id: Number(person(from)), first_name: `Person ${from}` };
      const written = mentionsBot ? `@mybot ${text}` : text;
      if (!file) return message(sender, written, inGroup ? TEAM : undefined);
      fake.addFile(`file-${file.name}`, file.bytes, `photos/${file.name}`);
      const photo = [{ file_id: `file-${file.name}`, file_unique_id: "u", width: 1, height: 1 }];
      return message(sender, undefined, inGroup ? TEAM : undefined, { photo, caption: written });
    }

    return {
      section: { botToken: FAKE_TOKEN, apiRoot: fake.url },
      identity: "mybot",
      secrets: [FAKE_TOKEN],
      brokenAccount: { botToken: "999:no-such-token" },
      group: { id: "-1001", listed: { groups: { "-1001": {} } }, unlisted: { groups: { "-1002": {} } } },
      person,
      says(given) {
        const content = (given.again === undefined ? undefined : said.get(given.again)) ?? update(given);
        const id = String((content as { message_id: number }).message_id);
        said.set(id, content);
        fake.push({ message: content });
        return id;
      },
      sent: () => fake.arrived.map((call) => ({ to: String(call.params["chat_id"]), ...content(call) })),
      logins: () => fake.of("getMe").length,
      mode: (mode) =>
        mode === "lost"
          ? fake.answerNext("sendMessage", "lost")
          : fake.mode(mode, mode === "rate-limit" ? "sendMessage" : undefined),
      garbage() {
        for (const update of [{}, { message: null }, { message: { message_id: "x" } }, { unheard_of: { a: 1 } }])
          fake.push(update);
      },
      close: () => fake.close(),
    };
  },
});

function content({ params, files }: TelegramCall) {
  return {
    text: String(params["text"] ?? params["caption"] ?? ""),
    files: Object.values(files).map(({ name, bytes }) => ({ name, size: bytes.length })),
  };
}
