import { Agents, definePlugin, GatewayError, jsonResult, Messaging, Sessions, Workspace } from "openclaw/plugin-sdk";
import type { OutboxEntry, ReplyAddress, ReplyPayload, ToolContext, ToolResult } from "openclaw/plugin-sdk";
import { addressesOf } from "./addresses.ts";
import { MessageParameters } from "./parameters.ts";
import { SaidAlready } from "./said.ts";

/** How long the tool waits for the network before it says that the message is on its way. */
const SEND_WAIT_MS = 10_000;
/** After every other plugin has had its say about an answer. */
const LAST = 1_000_000;

export default definePlugin((gateway) => {
  const { settings } = gateway;
  const messaging = gateway.use(Messaging);
  const sessions = gateway.use(Sessions);
  const workspace = gateway.use(Workspace);
  const said = gateway.keep("said", () => new SaidAlready());
  const agents = gateway.hooks.of(Agents);

  agents.runEvent.tap(({ runId, stream, data }) => {
    if (stream === "lifecycle" && (data["phase"] === "end" || data["phase"] === "error")) said.ended(runId);
  });
  gateway.hooks.of(Messaging).outbound.tap({ stage: LAST }, (payload, address) => {
    const isPlain = !payload.mediaUrl && !payload.mediaUrls?.length && !payload.poll && !payload.card;
    return isPlain && said.takes(address, payload.text) ? { text: "" } : payload;
  });

  agents.tool.for("message").tap(
    {
      label: "Message",
      description:
        "Send a message, a poll or a reaction through a chat network, or change or take back one of yours. Your answer to this conversation is sent by itself: use this for other conversations, media, buttons, polls and reactions.",
      parameters: MessageParameters,
    },
    async (call) => {
      // The arguments were checked against the schema before the tool is called.
      const args = call.arguments as MessageParameters;
      const addresses = await addressesOf(call, args, { messaging, sessions, settings });
      if (args.dryRun) return jsonResult({ dryRun: true, addresses });
      if ((await sessions.sendPolicy(call.sessionKey)) === "deny")
        throw new GatewayError("INVALID_REQUEST", "the send policy of this session allows no messages; see /send on");
      if (args.action === "react") return react(call, args, addresses);
      if (args.action === "edit" || args.action === "delete") return change(args, addresses);
      return send(call, await payloadOf(call, args), addresses);
    },
  );

  async function send(
    { runId, toolCallId }: ToolContext,
    payload: ReplyPayload,
    addresses: readonly ReplyAddress[],
  ): Promise<ToolResult> {
    const results: object[] = [];
    for (const [index, address] of addresses.entries()) {
      // The same call is one message, whatever happens in between.
      const entry = await messaging.deliver(address, payload, `message:${runId}:${toolCallId}:${index}`);
      const settled = await messaging.delivered(entry.id, SEND_WAIT_MS);
      if (settled.state === "sent" || settled.state === "pending" || settled.state === "attempting")
        said.sent(runId, address, payload.text);
      const { channel, to, accountId } = address;
      results.push({ channel, to, accountId, ...outcomeOf(settled) });
    }
    const isFailed = results.every((one) => "error" in one);
    return { ...jsonResult({ ok: !isFailed, results }), ...(isFailed && { isError: true }) };
  }

  async function react(
    { envelope }: ToolContext,
    { messageId = envelope?.messageId, emoji }: MessageParameters,
    addresses: readonly ReplyAddress[],
  ): Promise<ToolResult> {
    const [address] = addresses;
    if (!address || messageId === undefined || emoji === undefined)
      throw new GatewayError("INVALID_REQUEST", "react needs emoji and messageId");
    await messaging.react(address, messageId, emoji);
    return jsonResult({ ok: true, messageId, emoji });
  }

  async function change(
    { action, messageId, message = "" }: MessageParameters,
    [address]: readonly ReplyAddress[],
  ): Promise<ToolResult> {
    if (!address) throw new GatewayError("INVALID_REQUEST", `${action} needs a target`);
    if (action === "delete") return jsonResult({ ok: true, messageId: await messaging.remove(address, messageId) });
    if (message.trim() === "") throw new GatewayError("INVALID_REQUEST", "edit needs message");
    return jsonResult({ ok: true, messageId: await messaging.edit(address, messageId, message) });
  }

  async function payloadOf(call: ToolContext, args: MessageParameters): Promise<ReplyPayload> {
    const { action, message = "", media, replyTo, silent, asVoice, gifPlayback, buttons } = args;
    const { pollQuestion, pollOptions, pollMulti, pollDurationHours } = args;
    if (action === "poll") {
      if (pollQuestion === undefined || !pollOptions)
        throw new GatewayError("INVALID_REQUEST", "poll needs pollQuestion and pollOptions");
      const poll = {
        question: pollQuestion,
        options: pollOptions,
        ...(pollMulti && { maxSelections: pollOptions.length }),
        ...(pollDurationHours !== undefined && { durationHours: pollDurationHours }),
      };
      return { text: message, poll };
    }
    if (message.trim() === "" && media === undefined)
      throw new GatewayError("INVALID_REQUEST", "send needs message or media");
    return {
      text: message,
      ...(media !== undefined && { mediaUrl: await mediaOf(call, media) }),
      ...(replyTo !== undefined && { replyToId: replyTo }),
      ...(silent !== undefined && { silent }),
      ...(asVoice !== undefined && { asVoice }),
      ...(gifPlayback !== undefined && { gifPlayback }),
      ...(buttons && { buttons }),
    };
  }

  /** Files only from where the agent may read (security.md S-32). */
  async function mediaOf(call: ToolContext, media: string): Promise<string> {
    if (/^https?:\/\//i.test(media)) return media;
    return workspace.resolve(call, media, "read");
  }
});

function outcomeOf({ id, state, reason }: OutboxEntry): object {
  if (state === "sent") return { status: "sent", id };
  if (state === "pending" || state === "attempting") return { status: "queued", id };
  if (state === "unknown") return { status: "unknown", id, note: "it may have arrived; do not send it again" };
  return { status: "failed", id, error: reason ?? state };
}
