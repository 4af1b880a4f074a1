import { AsyncLocalStorage } from "node:async_hooks";
import { join } from "node:path";
import { errorText, Plugins, whenCalm, zonedStamp } from "openclaw/plugin-sdk";
import type { PluginGateway, Stage } from "openclaw/plugin-sdk";
import { rehearse } from "./rehearsal.ts";
import type { TurnParts } from "./turn/turn-parts.ts";

/** The first time loads and compiles; each of the next makes a turn faster, by less and less. */
const TIMES = 8;
/** With what they require: whoever carries a message from its request to the answer. */
const CAST = ["agents", "chat", "skills", "tool-policy", "offline"];

/**
 * Makes ready what the first turn would otherwise wait for, right after the start: the library of the default
 * agent's provider, the plugins of its tools, its skills, and the code of a turn. First with the provider and the tools
 * that turns have, then the way of a message through all plugins, on a stage of its own. Without a configured model there
 * is nothing to load, and nothing leaves the machine.
 */
export function warmUp(gateway: PluginGateway, turnParts: () => TurnParts): void {
  const load = async () => {
    if (gateway.settings.get("agents.defaults.model") === undefined) return;
    const parts = turnParts();
    const [candidate] = await parts.models.candidates({ agentId: parts.sessions.defaultAgentId() });
    // A backend of its own is a program, not a library.
    if (!candidate || candidate.ownsLoop) return;
    prepareTimes(gateway.settings.get<string>("agents.defaults.userTimezone"));
    await rehearse(parts);
    // No workspace of anybody's, whatever the environment names.
    const workspace = join(gateway.paths.stateDir, "cache", "rehearsal", "workspace");
    // What goes wrong in it is this plugin's, not the kernel's, which calls it.
    const play = AsyncLocalStorage.bind(async (stage: Stage) => {
      for (let time = 0; time < TIMES && !gateway.signal.aborted; time++) {
        await rehearse(parts);
        const request = { message: "hello", sessionKey: `agent:main:${time}`, idempotencyKey: `${time}` };
        await stage.request("agent", request);
      }
    });
    await gateway.use(Plugins).rehearse({ plugins: CAST, settings: { agents: { defaults: { workspace } } } }, play);
  };
  gateway.hooks.listening.tap(() => {
    const quietly = () => {
      const over = load().catch((error: unknown) => gateway.log.debug(`no warm-up: ${errorText(error)}`));
      gateway.own("warm-up", () => over);
    };
    // Whoever connects at once goes first; a first message takes somebody a moment longer.
    whenCalm(gateway, quietly, { soonestMs: 250, latestMs: 1_000 });
  });
}

/** The tables of time zones are read when the first time is written. */
function prepareTimes(timeZone: string | undefined): void {
  zonedStamp(new Date(), timeZone);
  Intl.DateTimeFormat().resolvedOptions();
}
