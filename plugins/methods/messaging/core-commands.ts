import { Messaging } from "openclaw/plugin-sdk";
import type {
  CommandCall,
  CommandOptions,
  ListedCommand,
  PluginGateway,
  PluginsApi,
  ReplyPayload,
  SessionsApi,
} from "openclaw/plugin-sdk";
import type { Channels } from "./channels.ts";
import { furtherCommands } from "./command.ts";
import { dock, docks } from "./dock.ts";
import { isQueueCommand, queueCommand } from "./queue-command.ts";
import type { Intake, MessagingHooks } from "./intake.ts";

export interface CommandParts {
  readonly sessions: SessionsApi;
  readonly intake: () => Intake;
  readonly hooks: () => MessagingHooks;
  readonly plugins: PluginsApi;
  readonly channels: Channels;
}

/** Commands about messages themselves; others come from the plugins they are about (channels.md §1.15). */
export function registerCommands(
  gateway: PluginGateway,
  { sessions, intake, hooks, plugins, channels }: CommandParts,
): void {
  const command = (
    name: string,
    options: CommandOptions,
    answer: (call: CommandCall) => string | Promise<string>,
  ): void => {
    gateway.hooks
      .of(Messaging)
      .command.for(name)
      .tap({ ...options, yields: true }, async (call): Promise<ReplyPayload> => ({
        text: await answer(call),
        format: "plain",
      }));
  };

  const list = { description: "list the commands", aliases: ["commands"] };
  command("help", list, async () => {
    await wakeCommands(hooks(), plugins);
    return helpText(hooks());
  });
  command("whoami", { description: "tell your id on this network", aliases: ["id"] }, ({ work }) => whoami(work));
  command("stop", { description: "stop what runs and what waits in this conversation" }, ({ work }) => {
    const stopped = intake().abort(work.sessionKey, undefined, work.id).length;
    if (stopped === 0) return "Nothing was running.";
    return stopped === 1 ? "Stopped 1 run." : `Stopped ${stopped} runs.`;
  });
  const queue = {
    description: "what becomes of messages that come while a turn runs",
    acceptsArgs: true,
    accepts: isQueueCommand,
  };
  command("queue", queue, (call) => queueCommand(call, sessions, gateway.settings));
  const parts = { channels, sessions, settings: gateway.settings };
  const docking = { description: "be written to on another network", acceptsArgs: true, further: () => docks(parts) };
  command("dock", docking, (call) => dock(call, parts));
  const activation = { description: "answer in this group: mention or always", acceptsArgs: true, ownerOnly: true };
  command("activation", activation, async ({ args, work }) => {
    const mode = args.toLowerCase();
    if (work.envelope.chatType === "direct") return "This is no group: every message is answered.";
    if (mode !== "mention" && mode !== "always") return "Use /activation mention or /activation always.";
    await sessions.update(work.sessionKey, () => ({ groupActivation: mode }));
    return mode === "always" ? "Every message is answered here now." : "Only mentions are answered here now.";
  });
}

function whoami({ envelope: { channel, sender } }: CommandCall["work"]): string {
  const name = sender.name ?? sender.username;
  return `Your id on ${channel}: ${sender.id}${name === undefined ? "" : ` (${name})`}`;
}

/** What menus show: the commands by name, then the further ways to call them. */
export function menuCommands(hooks: MessagingHooks): ListedCommand[] {
  const further = furtherCommands(hooks.command).flatMap(({ name, description, isListed }): ListedCommand[] =>
    isListed ? [{ name, description, acceptsArgs: true, ownerOnly: false, aliases: [], isFurther: true }] : [],
  );
  return [...listCommands(hooks), ...further];
}

/** What is offered, by name. */
function listCommands({ command }: MessagingHooks): ListedCommand[] {
  const listed = [...command.offers.values()].map(({ key, options }): ListedCommand => ({
    name: key,
    description: options.description,
    acceptsArgs: options.acceptsArgs === true,
    ownerOnly: options.ownerOnly === true,
    aliases: options.aliases ?? [],
  }));
  return listed.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Commands of plugins that nobody has used yet have no description. */
async function wakeCommands({ command }: MessagingHooks, plugins: PluginsApi): Promise<void> {
  const announced = plugins.list().filter(({ enabled }) => enabled);
  const names = announced.flatMap(({ contributes }) => contributes["commands"] ?? []);
  await Promise.all(names.filter((name) => !command.offers.has(name)).map((name) => command.resolve(name)));
}

function helpText(hooks: MessagingHooks): string {
  return listCommands(hooks)
    .map(({ name, description }) => `/${name} - ${description}`)
    .join("\n");
}
