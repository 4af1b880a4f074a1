import { definePlugin, Gateway, Models, Plugins } from "openclaw/plugin-sdk";
import type { ModelPart, ModelRequest } from "openclaw/plugin-sdk";
import { respond } from "./respond.ts";

const CHARACTERS_PER_TOKEN = 4;

/** A deterministic responder, so that a fresh install answers. Streams word by word like a model would. */
export default definePlugin((gateway) => {
  const kernel = gateway.use(Gateway);
  const plugins = gateway.use(Plugins);
  const around = { state: () => kernel.state(), plugins: () => plugins.list() };

  gateway.hooks
    .of(Models)
    .api.for("offline")
    .tap(
      { label: "Offline responder", provider: { api: "offline", keyless: true } },
      () => (request) => stream(request, () => respond(question(request), around)),
    );
});

async function* stream({ messages, signal }: ModelRequest, answer: () => string): AsyncGenerator<ModelPart> {
  const text = answer();
  for (const word of text.split(/(?<=\s)/)) {
    signal.throwIfAborted();
    yield { type: "text-delta", text: word };
  }
  const heard = messages.reduce((sum, message) => sum + JSON.stringify(message.content).length, 0);
  const usage = { input: tokens(heard), output: tokens(text.length), cacheRead: 0, cacheWrite: 0 };
  yield { type: "finish", reason: "stop", usage };
}

/** The newest thing the user said, without the time stamp in front of it. */
function question({ messages }: ModelRequest): string {
  const last = messages.findLast((message) => message.role === "user");
  const text = last?.content.map((block) => (block.type === "text" ? block.text : "")).join(" ") ?? "";
  return text.replace(/^\[[^\]]*\]\s*/, "").trim();
}

function tokens(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}
