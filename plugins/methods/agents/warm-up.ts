import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { errorText, whenCalm, zonedStamp } from "openclaw/plugin-sdk";
import type { PluginGateway } from "openclaw/plugin-sdk";
import { rehearse } from "./rehearsal.ts";
import type { TurnParts } from "./turn/turn-parts.ts";

/** The second time the code is run by what the first one has seen of it. */
const TIMES = 2;

/**
 * Makes ready what the first turn would otherwise wait for, right after the start: the library of the default
 * agent's provider, the plugins of its tools, its skills, and the code of a turn. Without a configured model there is
 * nothing to load, and nothing leaves the machine.
 */
export function warmUp(gateway: PluginGateway, turnParts: () => TurnParts): void {
  const load = async () => {
    if (gateway.settings.get("agents.defaults.model") === undefined) return;
    const parts = turnParts();
    const [candidate] = await parts.models.candidates({ agentId: parts.sessions.defaultAgentId() });
    // A backend of its own is a program, not a library.
    if (!candidate || candidate.ownsLoop) return;
    prepareTimes(gateway.settings.get<string>("agents.defaults.userTimezone"));
    await prepareRequests();
    for (let time = 0; time < TIMES && !gateway.signal.aborted; time++) await rehearse(parts);
  };
  gateway.hooks.listening.tap(() => {
    const quietly = () => void load().catch((error: unknown) => gateway.log.debug(`no warm-up: ${errorText(error)}`));
    // Whoever connects at once goes first; a first message takes somebody a moment longer.
    whenCalm(gateway, quietly, { soonestMs: 250, latestMs: 1_000 });
  });
}

/** The tables of time zones are read when the first time is written. */
function prepareTimes(timeZone: string | undefined): void {
  zonedStamp(new Date(), timeZone);
  Intl.DateTimeFormat().resolvedOptions();
}

/** The parser of HTTP answers is compiled when the first connection is made: here to a page that is gone right after. */
async function prepareRequests(): Promise<void> {
  const { modelFetch } = await import("openclaw/plugin-sdk/ai-sdk");
  const server = createServer((_request, response) => void response.setHeader("Connection", "close").end());
  server.listen(0, "127.0.0.1").unref();
  await once(server, "listening");
  try {
    const { port } = server.address() as AddressInfo;
    await (await modelFetch(`http://127.0.0.1:${port}/`, { method: "POST", body: "{}" })).arrayBuffer();
  } finally {
    server.close();
  }
}
