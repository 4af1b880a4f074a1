import { startFakeOpenAi } from "../fakes/openai-server.ts";
import type { FakeOpenAi } from "../fakes/openai-server.ts";

/** A model that answers `pong`, unless the test says otherwise. */
export async function startPongModel(): Promise<FakeOpenAi> {
  const model = await startFakeOpenAi();
  model.otherwise = (reply) => {
    reply.text("pong");
    reply.end();
  };
  return model;
}

/** What the model was asked last, as text. */
export function lastPrompt(model: FakeOpenAi): string {
  return JSON.stringify(model.requests.at(-1)?.body.messages.at(-1)?.content);
}
