import { Messaging } from "../services/messaging.ts";
import type { CommandCall, ReplyPayload } from "../services/messaging.ts";
import type { PluginCommand, PluginCommandContext, PluginReply } from "./contract.ts";
import type { Established } from "./established.ts";

const NAME = /^[a-z][a-z0-9_-]*$/;
const MAX_ARGS = 4_096;
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** Commands of the product itself: a plugin's stands before them, so it must not have their names. */
const BUILT_IN = new Set(
  `activation allowlist approve bash commands compact config context debug dock elevated exec help id kill model models
  new queue reasoning reset restart send skill status steer stop subagents tell think tts usage verbose whoami`.split(
    /\s+/,
  ),
);

/** `api.registerCommand`: slash commands that answer without a model. */
export function createRegisterCommand(plugin: Established): (command: PluginCommand) => void {
  const { gateway } = plugin;
  return (command) => {
    const name = String(command?.name ?? "")
      .trim()
      .replace(/^\//, "")
      .toLowerCase();
    const skip = (reason: string) => gateway.diagnose(`registerCommand: "/${name}" was skipped; ${reason}`);
    if (!NAME.test(name)) return skip("a name is a letter, then letters, digits, - or _");
    if (typeof command.handler !== "function") return skip("it has no handler");
    if (BUILT_IN.has(name)) return skip("that is a built-in command");
    const options = {
      description: command.description ?? "",
      acceptsArgs: command.acceptsArgs === true,
      requireAuth: command.requireAuth !== false,
      yields: true,
    };
    gateway.hooks
      .of(Messaging)
      .command.for(name)
      .tap(options, (call) => answer(command, call, plugin));
  };
}

async function answer(command: PluginCommand, call: CommandCall, plugin: Established): Promise<ReplyPayload> {
  try {
    return replyPayload(await command.handler(contextOf(command, call, plugin)));
  } catch (error) {
    plugin.logger.error(`command /${call.name} failed`, { err: error });
    return { text: `Command /${call.name} failed. Please try again later.` };
  }
}

function contextOf(
  { requireAuth }: PluginCommand,
  { name, args, work }: CommandCall,
  plugin: Established,
): PluginCommandContext {
  const { channel, accountId, sender, replyTo, threadId, chatId } = work.envelope;
  const clean = args.replaceAll(CONTROL, "").slice(0, MAX_ARGS).trim();
  const isChat = channel !== "webchat";
  return {
    senderId: sender.id,
    channel,
    channelId: channel,
    // Who may use it was decided before: nobody else gets here unless the command lets everybody in.
    isAuthorizedSender: requireAuth !== false,
    ...(clean !== "" && { args: clean }),
    commandBody: clean === "" ? `/${name}` : `/${name} ${clean}`,
    config: plugin.config(),
    ...(isChat && { from: chatId }),
    ...((replyTo ?? isChat) && { to: replyTo?.to ?? chatId }),
    ...(accountId !== undefined && { accountId }),
    ...(threadId !== undefined && { messageThreadId: threadId }),
  };
}

export function replyPayload({ text = "", mediaUrl, mediaUrls }: PluginReply = {}): ReplyPayload {
  return { text, ...(mediaUrl !== undefined && { mediaUrl }), ...(mediaUrls !== undefined && { mediaUrls }) };
}
