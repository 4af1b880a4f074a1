import { errorText, isProvided } from "openclaw/plugin-sdk";
import type { ModelsApi, PluginGateway, SessionsApi, SkillsApi } from "openclaw/plugin-sdk";

/**
 * Loads what the first turn would otherwise wait for, as soon as the gateway listens: the library of the default agent's
 * provider and its skills. Without a configured model there is nothing to load, and nothing is ever sent.
 */
export function warmUp(
  gateway: PluginGateway,
  { models, sessions, skills }: { models: ModelsApi; sessions: SessionsApi; skills: SkillsApi },
): void {
  const load = async () => {
    if (gateway.settings.get("agents.defaults.model") === undefined) return;
    const agentId = sessions.defaultAgentId();
    if (isProvided(skills)) await skills.snapshot(agentId);
    const [candidate] = await models.candidates({ agentId });
    // A backend of its own is a program, not a library.
    if (!candidate || candidate.ownsLoop) return;
    const question = { system: "", messages: [], tools: [], reasoning: "off", sessionKey: sessions.mainKey(agentId) };
    try {
      // Asked with a signal that is aborted already: everything is loaded for the request, which is not made.
      for await (const _part of candidate.stream({ ...question, signal: AbortSignal.abort() })) break;
    } catch {
      // That is what an aborted request does.
    }
  };
  gateway.hooks.listening.tap(() => {
    const quietly = () => void load().catch((error: unknown) => gateway.log.debug(`no warm-up: ${errorText(error)}`));
    gateway.setTimeout(quietly, 0).unref();
  });
}
