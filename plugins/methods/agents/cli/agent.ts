import { randomUUID } from "node:crypto";
import { CliError, defineCommand, errorText, GatewayError, withHint } from "openclaw/plugin-sdk";
import type { CliArgs, CliContext, GatewayClient } from "openclaw/plugin-sdk";

const TIMEOUT_SECONDS = 600;
/** The gateway ends a run at its limit; the answer needs a moment to arrive. */
const GRACE_MS = 10_000;

interface Final {
  readonly status: "ok" | "error";
  readonly summary: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly result?: { readonly payloads: readonly { readonly text: string; readonly mediaUrl?: string | null }[] };
}

/** `openclaw agent`: one turn, waiting for its end (cli.md §4.2). */
export default defineCommand({
  options: {
    message: { type: "string", alias: "m", describe: "what to say" },
    to: { type: "string", alias: "t", describe: "who it is from or for, such as a phone number" },
    agent: { type: "string", describe: "id of the agent" },
    "session-id": { type: "string", describe: "id of the session" },
    "session-key": { type: "string", describe: "key of the session; by default the main session" },
    thinking: {
      type: "string",
      describe: "thinking level",
      choices: ["off", "minimal", "low", "medium", "high", "xhigh"],
    },
    verbose: { type: "string", describe: "tell of tool calls in this turn", choices: ["off", "on", "full"] },
    channel: { type: "string", describe: "channel of the target" },
    deliver: { type: "boolean", describe: "send the answer to the channel too" },
    "reply-channel": { type: "string", describe: "channel for the answer" },
    "reply-to": { type: "string", describe: "target for the answer" },
    "reply-account": { type: "string", describe: "account for the answer" },
    local: { type: "boolean", describe: "without the gateway: run the agent in this process" },
    timeout: { type: "number", describe: "seconds until the turn is given up", default: TIMEOUT_SECONDS },
    "idempotency-key": { type: "string", describe: "repeat a call without repeating its effect" },
  },
  async run(context) {
    const { args, print } = context;
    const message = args["message"];
    if (typeof message !== "string" || message.trim() === "") {
      throw new CliError("--message is needed", {
        exitCode: 2,
        code: "USAGE",
        hint: 'openclaw agent --message "hello"',
      });
    }
    const seconds = args["timeout"] as number;
    const verbose = args["verbose"] as string | undefined;
    const final = await ask(
      context,
      {
        ...selectors(args),
        message: verbose === undefined ? message : `/verbose ${verbose} ${message}`,
        timeout: seconds,
        idempotencyKey: key(args),
      },
      seconds,
    );
    const text = final.result?.payloads
      .map(({ text: body, mediaUrl }) => [body, mediaUrl].filter(Boolean).join("\n"))
      .join("\n\n");
    if (final.status === "ok") {
      print(final, text ?? "");
      return 0;
    }
    if (context.json) print(final);
    else context.note(final.error?.message ?? final.summary);
    return final.error?.code === "AGENT_TIMEOUT" ? 124 : 1;
  },
});

async function ask(context: CliContext, params: object, seconds: number): Promise<Final> {
  const { client, close } = await clientOf(context);
  const { idempotencyKey: runId } = params as { idempotencyKey: string };
  // Nobody waits for the answer any more: the run is stopped too.
  let isStopped = false;
  const stopped = (exitCode: number) => {
    isStopped = true;
    void sessionOf(params as Selectors, client)
      .then((sessionKey) => client.request("chat.abort", { sessionKey, runId }))
      .then(
        () => "interrupted; the run was told to stop",
        (error: unknown) => `interrupted; the run could not be told to stop: ${errorText(error)}`,
      )
      .then((message) => {
        const error = { code: "INTERRUPTED", message, details: { runId } };
        if (context.json) context.print({ ok: false, error });
        else context.note(message);
        process.exit(exitCode);
      });
  };
  /** Once it is stopped, only that is told. */
  const unlessStopped = <T>(outcome: T): T | Promise<never> =>
    isStopped ? new Promise<never>(() => undefined) : outcome;
  const interrupted = () => stopped(130);
  const terminated = () => stopped(143);
  process.once("SIGINT", interrupted).once("SIGTERM", terminated);
  try {
    const final = await client.request<Final>("agent", params, {
      timeoutMs: seconds === 0 ? 0 : seconds * 1_000 + GRACE_MS,
      onAccepted: () => undefined,
    });
    return await unlessStopped(final);
  } catch (error) {
    await unlessStopped(error);
    if (error instanceof GatewayError && error.message.includes("unknown agent id"))
      throw withHint(error, "openclaw agents list");
    throw error;
  } finally {
    process.off("SIGINT", interrupted).off("SIGTERM", terminated);
    await close();
  }
}

/** The gateway that is asked: the one that runs, or with `--local` one of our own, which ends with us. */
async function clientOf(context: CliContext): Promise<{ client: GatewayClient; close: () => Promise<void> }> {
  if (context.args["local"] !== true) {
    const client = await context.connect();
    return { client, close: () => client.close() };
  }
  if (context.args["url"] !== undefined)
    throw new CliError("--local asks no gateway: leave out --url", { exitCode: 2, code: "USAGE" });
  const { client, stop } = await context.embed();
  return {
    client,
    async close() {
      await client.close();
      await stop();
    },
  };
}

interface Selectors {
  readonly sessionKey?: string;
  readonly sessionId?: string;
  readonly agentId?: string;
}

/** The session that a run was started in, by what was chosen. */
async function sessionOf({ sessionKey, sessionId, agentId }: Selectors, client: GatewayClient): Promise<string> {
  if (sessionKey !== undefined) return sessionKey;
  if (sessionId !== undefined) return (await client.request<{ key: string }>("sessions.resolve", { sessionId })).key;
  return agentId === undefined ? "main" : `agent:${agentId}:main`;
}

/** Without any choice the default agent's main session is meant. */
function selectors(args: CliArgs): object {
  const chosen = {
    to: args["to"],
    agentId: args["agent"],
    sessionId: args["session-id"],
    sessionKey: args["session-key"],
    thinking: args["thinking"],
    channel: args["channel"],
    deliver: args["deliver"],
    replyChannel: args["reply-channel"],
    replyTo: args["reply-to"],
    replyAccountId: args["reply-account"],
  };
  const none = [chosen.to, chosen.agentId, chosen.sessionId, chosen.sessionKey].every((value) => value === undefined);
  const given = Object.entries(chosen).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), ...(none && { sessionKey: "main" }) };
}

function key(args: CliArgs): string {
  return (args["idempotency-key"] as string | undefined) ?? randomUUID();
}
