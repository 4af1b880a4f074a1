import { errorText } from "openclaw/plugin-sdk";
import type {
  Agents,
  HooksOf,
  ModelTool,
  PluginGateway,
  ToolContext,
  ToolOptions,
  ToolResult,
} from "openclaw/plugin-sdk";

type AgentHooks = HooksOf<typeof Agents>;

const TOOL_LIMIT_MS = 120_000;

/** Tools a turn may use: all that are offered, the optional ones only when the policy names them. */
export function offeredTools({ settings }: PluginGateway, { tool }: AgentHooks): ModelTool[] {
  const allowed = new Set([
    ...(settings.get<string[]>("tools.allow") ?? []),
    ...(settings.get<string[]>("tools.alsoAllow") ?? []),
  ]);
  const denied = new Set(settings.get<string[]>("tools.deny") ?? []);
  return [...tool.offers.values()]
    .filter(({ key, options }) => !denied.has(key) && (!options.optional || allowed.has(key)))
    .map(({ key, options }) => ({ name: key, description: options.description, parameters: options.parameters }));
}

/** Run one tool call. Never throws: what goes wrong is a result that the model reads. */
export async function runTool(context: ToolContext, hooks: AgentHooks, gateway: PluginGateway): Promise<ToolResult> {
  const startedAt = performance.now();
  const offer = hooks.tool.offers.get(context.name);
  if (!offer) return failure(`tool "${context.name}" is not available`);
  const verdict = await hooks.beforeTool.promise(context);
  if (verdict?.block !== undefined) return failure(`tool "${context.name}" was refused: ${verdict.block}`);
  const call = verdict?.arguments ? { ...context, arguments: { ...context.arguments, ...verdict.arguments } } : context;
  const problem = gateway.validate(offer.options.parameters, call.arguments);
  if (problem !== undefined) return failure(`invalid arguments for tool "${context.name}": ${problem}`);
  const result = await within(offer.hook.promise(call), offer.options, call);
  void hooks.afterTool.promise(call, result, Math.round(performance.now() - startedAt));
  return result;
}

async function within(
  work: Promise<ToolResult | void>,
  { timeoutMs = TOOL_LIMIT_MS }: ToolOptions,
  call: ToolContext,
): Promise<ToolResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ToolResult>((resolve) => {
    timer = setTimeout(() => resolve(failure(`tool "${call.name}" gave no result within ${timeoutMs} ms`)), timeoutMs);
    call.signal.addEventListener("abort", () => resolve(failure(`tool "${call.name}" was stopped`)), { once: true });
  });
  try {
    return (await Promise.race([work, late])) ?? failure(`tool "${call.name}" gave no result`);
  } catch (error) {
    return failure(errorText(error));
  } finally {
    clearTimeout(timer);
  }
}

function failure(text: string): ToolResult {
  return { content: [{ type: "text", text }], isError: true };
}
