import { randomUUID } from "node:crypto";
import { defineCommand } from "openclaw/plugin-sdk";
import { answered, chooseChannel, usage } from "./choose-channel.ts";
import { text } from "./text.ts";

const WAIT_MS = 30_000;
const COMMAND = "message poll";

interface Sent {
  readonly runId: string;
  readonly messageId?: string;
  readonly status?: "queued" | "unknown";
  readonly queueId?: string;
}

/** `openclaw message poll` (cli.md §4.1). */
export default defineCommand({
  options: {
    target: { type: "string", alias: "t", describe: "who gets it, in the channel's own syntax" },
    "poll-question": { type: "string", alias: "q", describe: "the question" },
    "poll-option": { type: "array", alias: "o", describe: "an answer to choose from; two to twelve of them" },
    "poll-multi": { type: "number", describe: "how many answers may be chosen" },
    "poll-duration-hours": { type: "number", describe: "how long it is open" },
    channel: { type: "string", describe: "channel id" },
    account: { type: "string", describe: "account of the channel" },
    "idempotency-key": { type: "string", describe: "repeat a call without sending twice" },
  },
  async run(context) {
    const { args, print } = context;
    const to = text(args["target"]);
    const question = text(args["poll-question"]);
    const options = ((args["poll-option"] as readonly unknown[] | undefined) ?? []).map(String);
    if (to === undefined) throw usage("--target is needed", COMMAND);
    if (question === undefined) throw usage("--poll-question is needed", COMMAND);
    if (options.length < 2 || options.length > 12) throw usage("two to twelve --poll-option are needed", COMMAND);
    const idempotencyKey = text(args["idempotency-key"]) ?? randomUUID();
    const channel = text(args["channel"]) ?? chooseChannel(context, to, COMMAND);
    const accountId = text(args["account"]);
    const maxSelections = args["poll-multi"];
    const durationHours = args["poll-duration-hours"];
    const client = await context.connect();
    try {
      const params = {
        to,
        question,
        options,
        channel,
        idempotencyKey,
        ...(maxSelections !== undefined && { maxSelections }),
        ...(durationHours !== undefined && { durationHours }),
        ...(accountId !== undefined && { accountId }),
      };
      const sent = await answered(client.request<Sent>("poll", params, { timeoutMs: WAIT_MS }));
      const base = { ok: true, action: "poll", channel, target: to, to, idempotencyKey };
      const line =
        sent.status === undefined
          ? `Sent a poll via ${channel} to ${to} (id ${sent.messageId})`
          : `The poll for ${channel} to ${to} is ${sent.status} (queue id ${sent.queueId})`;
      print({ ...base, messageId: sent.messageId, payload: sent }, line);
    } finally {
      await client.close();
    }
  },
});
