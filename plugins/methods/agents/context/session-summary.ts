import type {
  Agents,
  Compacted,
  CompactOptions,
  HooksOf,
  ModelsApi,
  PluginGateway,
  Session,
  SessionsApi,
} from "openclaw/plugin-sdk";
import { compact } from "./compactor.ts";

/** For `sessions.compact`: a summary where a model can make one; nothing where only the offline responder is there. */
export async function compactSession(
  session: Session,
  { instructions }: CompactOptions,
  {
    gateway,
    sessions,
    models,
    hooks,
  }: { gateway: PluginGateway; sessions: SessionsApi; models: ModelsApi; hooks: HooksOf<typeof Agents> },
): Promise<Compacted | void> {
  const [candidate] = await models.candidates({ agentId: session.agentId, session });
  if (!candidate || candidate.provider === "offline" || candidate.ownsLoop) return undefined;
  const transcript = sessions.transcript(session);
  const outcome = await compact(
    {
      session,
      transcript,
      candidate,
      signal: gateway.signal,
      hooks,
      ...(instructions !== undefined && { instructions }),
    },
    sessions,
    gateway.settings,
  );
  return outcome ? { compacted: true, ...outcome } : { compacted: false, reason: "nothing to compact" };
}
