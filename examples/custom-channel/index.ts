import { ChannelError, definePlugin, Messaging } from "openclaw/plugin-sdk";
import type { ChannelAccount, ChannelContext, ChannelDef, DeliveryOutcome, Envelope } from "openclaw/plugin-sdk";
import { endpointProblem } from "openclaw/plugin-sdk/net";

/** What the network sends us. Anything may be missing: it was written by others. */
interface Letter {
  readonly number: number;
  readonly id?: unknown;
  readonly from?: unknown;
  readonly text?: unknown;
  readonly room?: unknown;
  readonly mentions?: unknown;
}

export default definePlugin((gateway) => {
  gateway.hooks
    .of(Messaging)
    .channel.for("pigeon")
    .tap({ label: "Pigeon post" }, () => pigeon);
});

const pigeon: ChannelDef = {
  label: "Pigeon post",
  capabilities: { chatTypes: ["direct", "group"], nativeMentions: true },
  limits: { text: 1_000 },
  restartKeys: ["enabled", "url", "token"],
  repeatsSafely: true,
  reportsConnection: true,
  unconfigured({ config: { url, token } }) {
    if (typeof token !== "string" || token === "") return "there is no token; set channels.pigeon.token";
    return endpointProblem("channels.pigeon.url", url);
  },
  start,
  deliver: async ({ id, address, payload }, account, signal) => {
    const body = JSON.stringify({ id, to: address.to, text: payload.text });
    try {
      await ask(account, "/outbox", signal, body);
      return { outcome: "sent", messageId: id };
    } catch (error) {
      return outcomeOf(error as Error);
    }
  },
};

/** Lives until the signal aborts. Whatever it throws, the gateway starts it again after a pause, or says what is wrong. */
async function start({ account, signal, accept, connected }: ChannelContext): Promise<void> {
  try {
    const { name } = (await ask(account, "/me", signal)) as { readonly name: string };
    connected({ bot: { username: name } });
    for (let after = 0; ;) {
      const { letters } = (await ask(account, `/inbox?after=${after}`, signal)) as { readonly letters: Letter[] };
      for (const letter of letters) {
        const envelope = parse(letter, name);
        // On disk when it resolves. Only then is a later number asked for, which tells the network to forget this one.
        if (envelope) await accept(envelope);
        after = letter.number;
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Who wrote what and where, or nothing for what is no message. */
function parse({ id, from, text, room, mentions }: Letter, self: string): Omit<Envelope, "channel"> | undefined {
  if (typeof id !== "string" || typeof from !== "string" || typeof text !== "string") return undefined;
  const about = { messageId: id, text, sender: { id: from } };
  if (typeof room !== "string") return { ...about, chatType: "direct", chatId: from };
  const names = Array.isArray(mentions) ? mentions : [];
  return {
    ...about,
    chatType: "group",
    chatId: room,
    mentions: { bot: names.includes(self), any: names.length > 0, canDetect: true },
  };
}

/** One question to the network. What goes wrong has the kind that says what to do about it. */
async function ask({ config }: ChannelAccount, path: string, signal?: AbortSignal, body?: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${String(config["token"])}` };
  const init = body === undefined ? { headers } : { headers, method: "POST", body };
  const limit = AbortSignal.any([AbortSignal.timeout(30_000), ...(signal ? [signal] : [])]);
  const response = await fetch(`${String(config["url"])}${path}`, { ...init, signal: limit });
  if (response.ok) return response.json();
  if (response.status === 401) throw new ChannelError("auth", "the network refuses the token", { fix: "get another" });
  const retryAfterMs = Number(response.headers.get("retry-after")) * 1_000;
  if (response.status === 429) throw new ChannelError("throttled", "asked too often", { retryAfterMs });
  throw new ChannelError("transient", `the network answered ${response.status}`);
}

/** The network shows an id once: whatever is not known to have arrived may be sent again. */
function outcomeOf(error: Error): DeliveryOutcome {
  const retryAfterMs = error instanceof ChannelError ? error.retryAfterMs : undefined;
  return { outcome: "not_sent", retryable: true, reason: error.message, ...(retryAfterMs && { retryAfterMs }) };
}
