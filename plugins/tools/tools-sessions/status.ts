import { GatewayError, textResult } from "openclaw/plugin-sdk";
import type { ModelsApi, Session, SessionsApi, ToolContext, ToolResult } from "openclaw/plugin-sdk";

/** The tool `session_status`: a card of one session; `model` sets or, with `default`, clears its own model. */
export async function status(
  session: Session,
  { model, call }: { readonly model: string | undefined; readonly call: ToolContext },
  { sessions, models }: { readonly sessions: SessionsApi; readonly models: ModelsApi },
): Promise<ToolResult> {
  const changed = model === undefined ? session : await withModel(session, model, { sessions, models, call });
  const { key, entry, agentId } = changed;
  const { totalTokens = 0, contextTokens } = entry;
  const share = contextTokens ? ` (${Math.round((totalTokens / contextTokens) * 100)} %)` : "";
  const own = entry["modelOverride"] === undefined ? "" : " (chosen for this session)";
  const chosen = [entry["providerOverride"], entry["modelOverride"]].filter((part) => part !== undefined).join("/");
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const lines = [
    `Session ${key} (${entry.sessionId})`,
    `Agent: ${agentId}`,
    `Model: ${chosen === "" ? models.primary(agentId) : chosen}${own}`,
    `Context: ${totalTokens} of ${contextTokens ?? "unknown"} tokens${share}`,
    `Last turn: ${entry.inputTokens ?? 0} tokens in, ${entry.outputTokens ?? 0} out`,
    `Thinking: ${entry.thinkingLevel ?? "default"} · verbose: ${entry.verboseLevel ?? "default"}`,
    `Now: ${new Date().toISOString()} (${zone})`,
  ];
  return textResult(lines.join("\n"), { sessionKey: key, sessionId: entry.sessionId, agentId });
}

async function withModel(
  session: Session,
  model: string,
  { sessions, models, call }: { sessions: SessionsApi; models: ModelsApi; call: ToolContext },
): Promise<Session> {
  if (session.key !== call.sessionKey && !call.isOwner)
    throw new GatewayError("INVALID_REQUEST", "only owners may change the model of another session");
  if (model === "default")
    return sessions.update(session.key, () => ({ modelOverride: undefined, providerOverride: undefined }));
  const chosen = await models.choose(model, session.agentId);
  return sessions.update(session.key, () => ({ modelOverride: chosen.model, providerOverride: chosen.provider }));
}
