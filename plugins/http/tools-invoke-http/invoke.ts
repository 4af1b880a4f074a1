import { randomUUID } from "node:crypto";
import type {
  AgentsApi,
  Envelope,
  HttpCaller,
  ModelTool,
  PluginGateway,
  SessionsApi,
  ToolResult,
  ToolTurn,
} from "openclaw/plugin-sdk";
import { badRequest } from "openclaw/plugin-sdk/http-api";
import { isDenied } from "./deny-list.ts";
import type { InvokeRequest } from "./request.ts";

export interface Answer {
  readonly status: number;
  readonly body: object;
}

/** Runs one tool and says how it went. Aborting the signal stops the tool. */
export function createInvoke(gateway: PluginGateway, agents: AgentsApi, sessions: SessionsApi) {
  return async (asked: InvokeRequest, caller: HttpCaller, signal: AbortSignal): Promise<Answer> => {
    const { agentId, sessionKey } = place(asked, agents, sessions);
    const runId = `tools-invoke-${randomUUID()}`;
    const turn: ToolTurn = {
      agentId,
      sessionKey,
      runId,
      // The gateway's own secret is the owner's.
      isOwner: caller.kind === "shared" || caller.scopes.includes("operator.admin"),
      ...(asked.channel !== undefined && { envelope: envelopeOf(asked, asked.channel, sessionKey, runId) }),
    };
    const tool = isDenied(asked.tool, gateway.settings)
      ? undefined
      : (await agents.toolsOf(turn)).find(({ name }) => name === asked.tool);
    if (!tool) return problem(404, "not_found", `Tool not available: ${asked.tool}`);
    const args = withAction(asked, tool);
    if (asked.dryRun) {
      const wrong = gateway.validate(tool.parameters, args);
      if (wrong !== undefined) return problem(400, "tool_error", `invalid arguments for tool "${tool.name}": ${wrong}`);
      return { status: 200, body: { ok: true, dryRun: true } };
    }
    const result = await agents.useTool(turn, { name: tool.name, toolCallId: runId, arguments: args, signal });
    return result ? answerOf(result) : problem(404, "not_found", `Tool not available: ${asked.tool}`);
  };
}

/** The session that the tool is used in, which has to be one of an agent that is there. */
function place({ sessionKey, agentId }: InvokeRequest, agents: AgentsApi, sessions: SessionsApi) {
  const known = agents.list();
  if (agentId !== undefined && !known.some(({ id }) => id === agentId))
    throw badRequest(`Unknown agent '${agentId}'.`, "agentId");
  const isMain = sessionKey === undefined || sessionKey === "main";
  const key = sessions.parseKey(isMain ? sessions.mainKey(agentId) : sessionKey);
  if (!known.some(({ id }) => id === key.agentId)) throw badRequest(`Unknown agent '${key.agentId}'.`, "sessionKey");
  if (agentId !== undefined && key.agentId !== agentId)
    throw badRequest(`agent "${agentId}" does not match session key agent "${key.agentId}"`, "sessionKey");
  return { agentId: key.agentId, sessionKey: key.canonical };
}

/** What policies of a place go by. Nothing was said there. */
function envelopeOf({ accountId }: InvokeRequest, channel: string, chatId: string, messageId: string): Envelope {
  const sender = { id: "tools-invoke" };
  return {
    channel,
    messageId,
    text: "",
    sender,
    chatType: "direct",
    chatId,
    ...(accountId !== undefined && { accountId }),
  };
}

/** `action` beside the arguments is for tools that have such an argument. */
function withAction({ action, args }: InvokeRequest, { parameters }: ModelTool): Record<string, unknown> {
  const { properties = {} } = parameters as { readonly properties?: object };
  const takes = action !== undefined && Object.hasOwn(properties, "action") && !Object.hasOwn(args, "action");
  return takes ? { ...args, action } : { ...args };
}

function answerOf(result: ToolResult): Answer {
  const { content, details, isError } = result;
  const { reason, status } = (details ?? {}) as { readonly reason?: unknown; readonly status?: unknown };
  if (status === "approval-pending")
    return problem(403, "forbidden", "the call needs an approval, which nobody can give here");
  if (isError !== true)
    return { status: 200, body: { ok: true, result: { content, ...(details !== undefined && { details }) } } };
  const text = content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n");
  if (reason === "blocked") return problem(403, "forbidden", text);
  if (reason === "timeout") return problem(504, "timeout_error", text);
  return problem(400, "tool_error", text);
}

function problem(status: number, type: string, message: string): Answer {
  return { status, body: { ok: false, error: { type, message } } };
}
