import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { errorText, isProvided, WARM_UP, zonedStamp } from "openclaw/plugin-sdk";
import type { Agents, HooksOf, ModelsApi, PluginGateway, SessionsApi, SkillsApi } from "openclaw/plugin-sdk";

export interface WarmUpParts {
  readonly models: ModelsApi;
  readonly sessions: SessionsApi;
  readonly skills: SkillsApi;
  readonly hooks: () => HooksOf<typeof Agents>;
}

/**
 * Loads what the first turn would otherwise wait for, as soon as the gateway listens: the library of the default agent's
 * provider, the plugins of its tools, its skills and what requests and answers need. Without a configured model there is
 * nothing to load, and nothing leaves the machine.
 */
export function warmUp(gateway: PluginGateway, { models, sessions, skills, hooks }: WarmUpParts): void {
  const load = async () => {
    if (gateway.settings.get("agents.defaults.model") === undefined) return;
    const agentId = sessions.defaultAgentId();
    if (isProvided(skills)) await skills.snapshot(agentId);
    const [candidate] = await models.candidates({ agentId });
    // A backend of its own is a program, not a library.
    if (!candidate || candidate.ownsLoop) return;
    prepareTimes(gateway.settings.get<string>("agents.defaults.userTimezone"));
    await prepareRequests();
    await hooks().tool.all();
    const question = { system: "", messages: [], tools: [], reasoning: "off", sessionKey: sessions.mainKey(agentId) };
    try {
      // Everything is loaded for the request and its answer; it is not made.
      for await (const _part of candidate.stream({ ...question, signal: WARM_UP }));
    } catch {
      // That is what an aborted request does.
    }
  };
  gateway.hooks.listening.tap(() => {
    const quietly = () => void load().catch((error: unknown) => gateway.log.debug(`no warm-up: ${errorText(error)}`));
    gateway.setTimeout(quietly, 0).unref();
  });
}

/** The tables of time zones are read when the first time is written. */
function prepareTimes(timeZone: string | undefined): void {
  zonedStamp(new Date(), timeZone);
  Intl.DateTimeFormat().resolvedOptions();
}

/** The parser of HTTP answers is compiled when the first connection is made: here to a page that is gone right after. */
async function prepareRequests(): Promise<void> {
  const server = createServer((_request, response) => void response.setHeader("Connection", "close").end());
  server.listen(0, "127.0.0.1").unref();
  await once(server, "listening");
  try {
    await (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)).arrayBuffer();
  } finally {
    server.close();
  }
}
