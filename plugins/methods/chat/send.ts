import { anyThinkingLevel, errorText, GatewayError, readAttachments, saveImage } from "openclaw/plugin-sdk";
import type { AgentsApi, Call, MessagingApi, PluginGateway, SessionsApi, Static, Work } from "openclaw/plugin-sdk";
import { assistantMessage } from "./chat-events.ts";
import type { SendParams } from "./send-params.ts";
import type { ChatEvents } from "./chat-events.ts";
import type { createInject } from "./inject.ts";
import type { Stop } from "./stop.ts";

/** Whole messages that stop what runs instead of starting something (protocol.md §9.3). */
const STOP_WORDS: ReadonlySet<string> = new Set(["/stop", "stop", "esc", "abort", "wait", "exit", "interrupt"]);
const RESET_TRIGGERS = ["/new", "/reset"];

export interface SendParts {
  readonly gateway: PluginGateway;
  readonly messaging: MessagingApi;
  readonly sessions: SessionsApi;
  readonly agents: AgentsApi;
  readonly events: ChatEvents;
  readonly inject: ReturnType<typeof createInject>;
  readonly stop: Stop;
  readonly pending: Map<string, Pending>;
}

/** A message that has no end yet, by its run id. Shared by the generations of this plugin. */
export interface Pending {
  readonly sessionKey: string;
  /** Known as soon as it is durable. */
  workId?: string;
}

/** `chat.send`: durable, then `started`; how it goes on is told by events (protocol.md §9.3). */
export function createSend(parts: SendParts) {
  const { gateway, messaging, sessions, agents, events, inject, stop, pending } = parts;

  // Whoever came before has been told to go, and its messages have not come to their end.
  for (const [runId, { workId }] of pending) if (workId !== undefined) void follow(runId, workId);

  return async (
    { sessionKey, message, thinking, attachments = [], timeoutMs, idempotencyKey: runId }: Static<typeof SendParams>,
    { client }: Call,
  ): Promise<object> => {
    const { canonical: key, agentId } = sessions.parseKey(sessionKey);
    const said = message.trim();
    if (said === "" && attachments.length === 0) throw refused("message or attachment required");
    if (STOP_WORDS.has(said.toLowerCase())) return stop(key, "stop");
    if (!agents.list().some(({ id }) => id === agentId))
      throw refused(`unknown agent id "${agentId}"; see agents.list`);
    const { images, dropped } = readAttachments(attachments);
    const text = [message, ...dropped.map((label) => `[attachment left out: ${label} is no image]`)]
      .filter((part) => part !== "")
      .join("\n");
    await sessions.assertMaySay(key, said);
    if (beginsAnew(said) && !pending.has(runId)) await stop(key, "stop");
    const media = await Promise.all(images.map((image) => saveImage(image, gateway.paths.stateDir)));
    if (client.caps.has("tool-events")) agents.watch(runId, client.connId);
    const position = [...pending.values()].filter((other) => other.sessionKey === key).length;
    // Before it is known to be durable: whoever stops the session meanwhile has to find it.
    const isNew = !pending.has(runId);
    const entry: Pending = { sessionKey: key };
    if (isNew) pending.set(runId, entry);
    const { work, duplicate } = await messaging
      .accept({
        channel: "webchat",
        messageId: `chat:${runId}`,
        runId,
        sessionKey: key,
        chatId: key,
        chatType: "direct",
        text,
        sender: { id: client.deviceId ?? client.connect.client.id },
        ...(media.length > 0 && { media }),
        options: {
          ...(timeoutMs !== undefined && { timeoutMs }),
          ...(thinking !== undefined && { thinking: anyThinkingLevel(thinking) }),
          scopes: [...client.scopes].toSorted(),
        },
      })
      .catch((error: unknown) => {
        if (isNew) pending.delete(runId);
        throw error;
      });
    if (duplicate) {
      if (isNew) pending.delete(runId);
      return repeated(work, text, key);
    }
    entry.workId = work.id;
    void follow(runId, work.id);
    const mode = position > 0 ? await messaging.queueMode(key, "webchat") : undefined;
    return { runId, status: "started", ...(position > 0 && { queued: { mode, position } }) };
  };

  function beginsAnew(message: string): boolean {
    const triggers = gateway.settings.get<readonly string[]>("session.resetTriggers") ?? RESET_TRIGGERS;
    const [word = ""] = message.toLowerCase().split(/\s/);
    return triggers.some((trigger) => trigger.trim().toLowerCase() === word);
  }

  /** The answer to a key that was used before: what has become of it. */
  function repeated({ runId, sessionKey, state, result, envelope, asked }: Work, text: string, key: string): object {
    if ((asked ?? envelope).text !== text || sessionKey !== key) {
      throw new GatewayError("INVALID_REQUEST", "idempotency key was used with other parameters", {
        details: { code: "CONFLICT" },
      });
    }
    if (state === "queued" || state === "running") return { runId, status: "in_flight" };
    if (result?.status === "ok") return { runId, status: "ok" };
    return { runId, status: "error", summary: result?.error?.message ?? state };
  }

  /** Work that ends without a run, such as a command, gets its chat event here. */
  async function follow(runId: string, workId: string): Promise<void> {
    try {
      await tellEnd(await messaging.ended(workId, gateway.signal));
    } catch (error) {
      // The next generation waits for it.
      if (gateway.signal.aborted) return;
      gateway.log.error(`the end of ${runId} was not told: ${errorText(error)}`);
    }
    pending.delete(runId);
  }

  async function tellEnd({ runId, sessionKey, state, reason, result, mergedInto }: Work): Promise<void> {
    if (events.isAborted(runId) || agents.run(runId)) return;
    if (state === "merged" && mergedInto !== undefined) {
      const owner = await messaging.get(mergedInto);
      return events.collected(runId, sessionKey, owner?.runId ?? mergedInto);
    }
    if (state === "interrupted" && reason === "dropped") return events.aborted(runId, sessionKey, "dropped");
    const text = result?.payloads.map((payload) => payload.text).join("\n\n") ?? "";
    // What a model said stands in the transcript already, whoever still knows of its run.
    const isOfModel = result?.meta["agentMeta"] !== undefined;
    if (result?.status === "ok" && text !== "" && !isOfModel) {
      // The answer of a command is the first thing that is said in a new session.
      await sessions.open(sessionKey);
      await inject(sessionKey, text, "gateway-injected", { run: { runId, seq: 1 } });
    } else if (result?.status === "error") events.failed(runId, sessionKey, result.error?.message ?? "failed");
    else events.final(runId, sessionKey, 1, text === "" ? undefined : assistantMessage(text));
  }
}

function refused(message: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", message);
}
