import { startFakeTelegram } from "../../fakes/telegram-server.ts";
import { numberIn, textOf } from "./network.ts";
import type { Answer, Network } from "./network.ts";

/** Telegram lets 25 messages a second of one bot through. */
const BOTS = 8;
const ACKNOWLEDGED_MS = 60_000;
const FIRST_PERSON = 10_000;

/** Private chats with several bots. Telegram offers no key: it shows what it is sent, as often as it is sent. */
export async function telegramNetwork(): Promise<Network> {
  const fake = await startFakeTelegram();
  const tokens = Array.from({ length: BOTS }, (_, index) => `${1_000 + index}:fake-token-abcdefghijklmno${index}`);
  for (const [index, token] of tokens.entries()) fake.addBot(token, { id: 1_000 + index, username: `bot${index}` });
  const answers: Answer[] = [];
  let looked = 0;
  let lastUpdate = 0;
  return {
    channel: "telegram",
    offersKey: false,
    section: {
      apiRoot: fake.url,
      dmPolicy: "open",
      allowFrom: ["*"],
      accounts: Object.fromEntries(tokens.map((botToken, index) => [`bot${index}`, { botToken }])),
    },
    idOf: (number) => String(number),
    write({ number, conversation }) {
      const id = FIRST_PERSON + conversation;
      const chat = { id, type: "private", first_name: "Ann" };
      const from = { id, first_name: "Ann", is_bot: false };
      const date = Math.floor(Date.now() / 1_000);
      const message = { message_id: number, date, chat, from, text: textOf(number) };
      lastUpdate = fake.push({ message }, tokens[conversation % BOTS]);
    },
    unacknowledged: () => tokens.reduce((sum, token) => sum + fake.unconfirmed(token), 0),
    acknowledgement() {
      const before = lastUpdate + 1;
      // Asking for what follows an update acknowledges it.
      return fake.waitFor(
        ({ method, params }) => method === "getUpdates" && Number(params["offset"]) > before,
        ACKNOWLEDGED_MS,
      );
    },
    connects: () => fake.of("getMe").length,
    shown() {
      for (const { method, params } of fake.calls.slice(looked)) {
        if (method !== "sendMessage") continue;
        answers.push({
          number: numberIn(String(params["text"])),
          conversation: Number(params["chat_id"]) - FIRST_PERSON,
        });
      }
      looked = fake.calls.length;
      return answers;
    },
    [Symbol.asyncDispose]: () => fake.close(),
  };
}
