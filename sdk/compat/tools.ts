import { join } from "node:path";
import { Agents } from "../services/agents.ts";
import type { ToolContext, ToolResult } from "../services/agents.ts";
import { Sessions } from "../services/sessions.ts";
import { isSandboxed } from "../workspace/sandbox-settings.ts";
import type { PluginTool, PluginToolContext, PluginToolFactory, PluginToolOptions } from "./contract.ts";
import type { Established } from "./established.ts";
import { providedLater } from "./provided.ts";
import { toolResult } from "./tool-result.ts";

/** A factory whose tools become known when it is first asked. */
interface Factory {
  readonly make: PluginToolFactory;
  readonly options: PluginToolOptions;
  readonly known: Set<string>;
}

type FindTool = (call: ToolContext) => PluginTool | undefined | Promise<PluginTool | undefined>;

const NO_PARAMETERS = { type: "object", properties: {} };

/** `api.registerTool`. `ready` is called when `register` has returned: a factory may need what comes after it. */
export function createTools(plugin: Established) {
  const { gateway } = plugin;
  const { tool: table, beforeTurn } = gateway.hooks.of(Agents);
  const factories: Factory[] = [];
  let isReady = false;

  function registerTool(given: PluginTool | PluginToolFactory, options: PluginToolOptions = {}): void {
    if (typeof given !== "function") return offer(given, options, () => given);
    const factory: Factory = { make: given, options, known: new Set() };
    if (factories.push(factory) === 1) beforeTurn.tap(async (_, call) => void (await askOpenFactories(call)));
    if (isReady) discover(factory, baseContext(plugin));
  }

  /** Tools of a factory that had none without a session may come with one. */
  async function askOpenFactories(call: { readonly agentId: string; readonly sessionKey: string }): Promise<void> {
    const open = factories.filter(
      ({ known, options }) => known.size === 0 || announced(options).some((name) => !known.has(name)),
    );
    if (open.length === 0) return;
    const context = await sessionContext(plugin, call);
    for (const factory of open) discover(factory, context);
  }

  function discover(factory: Factory, context: PluginToolContext): void {
    for (const tool of toolsOf(factory, context, plugin)) {
      if (factory.known.has(tool.name)) continue;
      factory.known.add(tool.name);
      offer(tool, factory.options, async (call) => {
        const tools = toolsOf(factory, await sessionContext(plugin, call), plugin);
        return tools.find(({ name }) => name === tool.name);
      });
    }
  }

  function offer(tool: PluginTool, { optional }: PluginToolOptions, find: FindTool): void {
    const { name, label, description, parameters } = tool;
    if (typeof name !== "string" || name.trim() === "" || typeof tool.execute !== "function") {
      return gateway.diagnose(`registerTool: "${String(name)}" was skipped; a tool needs a name and execute`);
    }
    const options = {
      description: description ?? "",
      parameters: parameters ?? NO_PARAMETERS,
      yields: true,
      ...(label !== undefined && { label }),
      ...(optional && { optional }),
    };
    table.for(name.trim()).tap(options, async (call) => run(await find(call), call, plugin));
  }

  return {
    registerTool,
    ready() {
      isReady = true;
      for (const factory of factories) discover(factory, baseContext(plugin));
    },
  };
}

/** What a tool throws is a result that the model reads; only an abort is passed on. */
async function run(tool: PluginTool | undefined, call: ToolContext, { logger }: Established): Promise<ToolResult> {
  if (!tool) return failure(`tool "${call.name}" is not available in this session`);
  try {
    const update = (partial: unknown) => call.update(partial);
    return toolResult(await tool.execute(call.toolCallId, call.arguments, call.signal, update));
  } catch (error) {
    call.signal.throwIfAborted();
    logger.warn(`tool "${call.name}" failed`, { err: error });
    return failure(error instanceof Error ? error.message : String(error));
  }
}

function failure(text: string): ToolResult {
  return { content: [{ type: "text", text }], isError: true };
}

function toolsOf({ make }: Factory, context: PluginToolContext, { logger }: Established): PluginTool[] {
  try {
    const made = make(context);
    return [made ?? []].flat().filter((tool) => typeof tool === "object");
  } catch (error) {
    logger.warn("a tool factory failed and was skipped", { err: error });
    return [];
  }
}

function announced({ name, names = [] }: PluginToolOptions): readonly string[] {
  return name === undefined ? names : [name, ...names];
}

function baseContext(plugin: Established): PluginToolContext {
  return { config: plugin.config(), workspaceDir: plugin.workspaceDir(), sandboxed: false };
}

async function sessionContext(
  plugin: Established,
  { agentId, sessionKey }: { readonly agentId: string; readonly sessionKey: string },
): Promise<PluginToolContext> {
  const { gateway } = plugin;
  const session = await providedLater(() => gateway.use(Sessions).get(sessionKey));
  return {
    config: plugin.config(),
    workspaceDir: plugin.workspaceDir(agentId),
    agentDir: join(gateway.paths.stateDir, "agents", agentId, "agent"),
    agentId,
    sessionKey,
    messageChannel: session?.entry.lastChannel ?? session?.entry.channel,
    agentAccountId: session?.entry.lastAccountId,
    sandboxed: isSandboxed(gateway.settings, { agentId, sessionKey }),
  };
}
