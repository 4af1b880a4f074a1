import { eventually } from "openclaw/plugin-sdk/testing";
import { modelConfig } from "../fakes/openai-server.ts";
import type { FakeOpenAi } from "../fakes/openai-server.ts";
import { FAKE_TOKEN, startFakeTelegram } from "../fakes/telegram-server.ts";
import type { FakeTelegram, TelegramCall } from "../fakes/telegram-server.ts";
import { startChannelGateway, WITHIN_MS } from "./channel-gateway.ts";
import type { ChannelGateway } from "./channel-gateway.ts";
import { lastPrompt, startPongModel } from "./pong-model.ts";

/** A gateway with a bot at the fake, a model that answers as the test says, and what a test asks about them. */
export interface Setup extends ChannelGateway {
  readonly fake: FakeTelegram;
  readonly model: FakeOpenAi;
  /** Waits until so many messages were sent. */
  sends(count: number): Promise<TelegramCall[]>;
  /** What the model was asked last. */
  lastPrompt(): string;
  /** Waits until the message was refused or answered, by its Telegram id. */
  ended(messageId: number, state: string): Promise<{ readonly state: string; readonly reason?: string }>;
}

export interface SetupOptions {
  readonly telegram?: object;
  readonly rest?: object;
  readonly fake?: FakeTelegram;
  readonly home?: string;
}

export async function startTelegram({ telegram, rest, fake: given, home }: SetupOptions = {}): Promise<Setup> {
  const fake = given ?? (await startFakeTelegram());
  const model = await startPongModel();
  const base = { botToken: FAKE_TOKEN, apiRoot: fake.url };
  const options = { channel: "telegram", base, section: telegram, rest, home, model: modelConfig(model) };
  const channel = await startChannelGateway(options);
  return {
    ...channel,
    fake,
    model,
    sends: (count) =>
      eventually(
        `${count} messages`,
        () => {
          const sent = fake.calls.filter(({ method }) => /^send(?!ChatAction)/.test(method));
          return sent.length >= count && sent;
        },
        WITHIN_MS,
      ),
    lastPrompt: () => lastPrompt(model),
    ended: (messageId, state) =>
      eventually(
        `message ${messageId} is ${state}`,
        async () => {
          const trace = await channel.client.request<{ state: string; reason?: string }>("trace.get", {
            id: String(messageId),
          });
          return trace.state === state && trace;
        },
        WITHIN_MS,
      ),
    async [Symbol.asyncDispose]() {
      await channel[Symbol.asyncDispose]();
      await model[Symbol.asyncDispose]();
      if (!given) await fake.close();
    },
  };
}
