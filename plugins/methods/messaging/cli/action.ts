import { randomUUID } from "node:crypto";
import type { CliContext, CliOption } from "openclaw/plugin-sdk";
import { answered, chooseChannel, usage } from "./choose-channel.ts";
import { text } from "./text.ts";

const WAIT_MS = 30_000;

/** Which message is meant, for all commands that do something to one. */
export const MESSAGE_OPTIONS: Readonly<Record<string, CliOption>> = {
  target: { type: "string", alias: "t", describe: "the conversation, in the channel's own syntax" },
  "message-id": { type: "string", describe: "the network's id of the message; by default our last one there" },
  channel: { type: "string", describe: "channel id" },
  account: { type: "string", describe: "account of the channel" },
  "thread-id": { type: "string", describe: "thread or topic of the conversation" },
  "idempotency-key": { type: "string", describe: "repeat a call without doing it twice" },
};

interface Done {
  readonly channel: string;
  readonly accountId: string;
  readonly to: string;
  readonly messageId: string;
}

/** Calls `message.<action>`, and says what was done in the words of `line`. */
export async function act(
  context: CliContext,
  action: "react" | "edit" | "delete",
  params: object,
  line: (done: Done) => string,
): Promise<void> {
  const { args, print } = context;
  const command = `message ${action}`;
  const to = text(args["target"]);
  if (to === undefined) throw usage("--target is needed", command);
  const channel = text(args["channel"]) ?? chooseChannel(context, to, command);
  const idempotencyKey = text(args["idempotency-key"]) ?? randomUUID();
  const [accountId, messageId, threadId] = ["account", "message-id", "thread-id"].map((name) => text(args[name]));
  const client = await context.connect();
  try {
    const call = client.request<Done>(
      `message.${action}`,
      {
        to,
        channel,
        idempotencyKey,
        ...(accountId !== undefined && { accountId }),
        ...(messageId !== undefined && { messageId }),
        ...(threadId !== undefined && { threadId }),
        ...params,
      },
      { timeoutMs: WAIT_MS },
    );
    const done = await answered(call);
    print({ ...done, ok: true, action, target: to, idempotencyKey }, line(done));
  } finally {
    await client.close();
  }
}
