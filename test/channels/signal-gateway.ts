import { eventually } from "openclaw/plugin-sdk/testing";
import { modelConfig } from "../fakes/openai-server.ts";
import type { FakeOpenAi } from "../fakes/openai-server.ts";
import { ACCOUNT, startFakeSignal } from "../fakes/signal-server.ts";
import type { FakeSignal, RpcCall } from "../fakes/signal-server.ts";
import { startChannelGateway, WITHIN_MS } from "./channel-gateway.ts";
import type { ChannelGateway } from "./channel-gateway.ts";
import { lastPrompt, startPongModel } from "./pong-model.ts";

/** A gateway with an account at the fake daemon, and a model that answers `pong`. */
export interface Setup extends ChannelGateway {
  readonly fake: FakeSignal;
  readonly model: FakeOpenAi;
  /** Waits until so many messages were sent. */
  sends(count: number): Promise<RpcCall[]>;
  lastPrompt(): string;
}

export async function startSignal(signal: object = {}, given?: FakeSignal): Promise<Setup> {
  const fake = given ?? (await startFakeSignal());
  const model = await startPongModel();
  const base = { account: ACCOUNT, httpUrl: fake.url };
  const channel = await startChannelGateway({ channel: "signal", base, section: signal, model: modelConfig(model) });
  return {
    ...channel,
    fake,
    model,
    sends: (count) =>
      eventually(
        `${count} messages`,
        () => {
          const sent = fake.calls.filter(({ method }) => method === "send");
          return sent.length >= count && sent;
        },
        WITHIN_MS,
      ),
    lastPrompt: () => lastPrompt(model),
    async [Symbol.asyncDispose]() {
      await channel[Symbol.asyncDispose]();
      await model[Symbol.asyncDispose]();
      if (!given) await fake.close();
    },
  };
}
