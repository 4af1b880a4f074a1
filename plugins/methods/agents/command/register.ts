import { errorText, GatewayError, Messaging } from "openclaw/plugin-sdk";
import type { CommandCall, CommandOptions, ReplyPayload } from "openclaw/plugin-sdk";
import { context } from "./context.ts";
import { valueOf } from "./directives.ts";
import { level, think } from "./levels.ts";
import { model } from "./model.ts";
import type { CommandParts } from "./parts.ts";
import { status } from "./status.ts";
import { usage } from "./usage.ts";

/** Commands about the session's agent. Each answers in one message; what is wrong is its answer too. */
export function registerCommands(parts: CommandParts): void {
  const { gateway, sessions } = parts;
  const command = (
    name: string,
    options: CommandOptions,
    answer: (call: CommandCall) => string | Promise<string>,
  ): void => {
    gateway.hooks
      .of(Messaging)
      .command.for(name)
      .tap({ acceptsArgs: true, ...options, yields: true }, async (call): Promise<ReplyPayload> => ({
        text: await said(answer, call),
        format: "plain",
      }));
  };

  command("status", { description: "what answers here and how it is set", acceptsArgs: false }, (call) =>
    status(call, parts),
  );
  command(
    "think",
    { description: "how much the model thinks: off to xhigh", aliases: ["thinking", "t"], accepts: oneWord },
    (call) => think(call, parts),
  );
  for (const [name, alias, description] of [
    ["verbose", "v", "tell of tool calls: off, on or full"],
    ["reasoning", "reason", "show the model's reasoning: off, on or stream"],
    ["elevated", "elev", "run commands outside of the sandbox: off, on, ask or full"],
  ] as const) {
    const options = { description, aliases: [alias], accepts: oneWord };
    command(name, options, (call) => level(name, call, parts));
  }
  command(
    "model",
    { description: "which model answers in this session", aliases: ["models"], accepts: oneWord },
    (call) => model(call, parts),
  );
  command("usage", { description: "say under answers what they used: off, tokens, full; or cost" }, (call) =>
    usage(call, parts),
  );
  command("context", { description: "what fills the prompt: list, detail or json" }, context);
  command("compact", { description: "make a summary of the conversation so far" }, async ({ args, session }) => {
    const outcome = await sessions.compact(session.key, args === "" ? {} : { instructions: args });
    if (!outcome.compacted) return `Nothing was compacted: ${outcome.reason ?? "it is short enough"}.`;
    const { tokensBefore, tokensAfter } = outcome;
    return tokensBefore === undefined ? "Compacted." : `Compacted: about ${tokensBefore} tokens became ${tokensAfter}.`;
  });
  const send = { description: "answer in this conversation at all: on, off or inherit", ownerOnly: true };
  command("send", send, async ({ args, session }) => {
    const policy = ({ on: "allow", off: "deny", inherit: undefined } as Record<string, string | undefined>)[args];
    if (!["on", "off", "inherit"].includes(args)) return `Use /send on, off or inherit.`;
    await sessions.update(session.key, () => ({ sendPolicy: policy }));
    return `Answers here: ${args}.`;
  });
}

/** Words behind the directive are a message of their own: then it counts for that message only. */
function oneWord(args: string): boolean {
  const [first = "", ...others] = args.split(/\s+/);
  return others.length === 0 || (valueOf("thinking", first) === undefined && valueOf("thinking", args) !== undefined);
}

async function said(answer: (call: CommandCall) => string | Promise<string>, call: CommandCall): Promise<string> {
  try {
    return await answer(call);
  } catch (error) {
    if (error instanceof GatewayError) return error.message;
    return `/${call.name} could not be done: ${errorText(error)}`;
  }
}
