import { Agents, definePlugin, Messaging, perConfig, Sessions, System, SystemEvents } from "openclaw/plugin-sdk";
import type { AgentInfo } from "openclaw/plugin-sdk";
import { beat } from "./beat.ts";
import { inHealth, inStatus } from "./report.ts";
import { HeartbeatRunner } from "./runner.ts";
import { heartbeatOf } from "./settings.ts";

/** After the agents have written down theirs. */
const AFTER_AGENTS = 10;

export default definePlugin((gateway) => {
  const messaging = gateway.use(Messaging);
  const sessions = gateway.use(Sessions);
  const agents = gateway.use(Agents);
  const events = gateway.use(SystemEvents);
  const settingsOf = ({ id, isDefault }: AgentInfo) => heartbeatOf(id, isDefault, gateway.settings);
  const now = () => Date.now();
  const runner = new HeartbeatRunner({
    clock: { monotonic: () => performance.now(), setTimeout, clearTimeout },
    log: gateway.log,
    agents: () => agents.list(),
    settingsOf,
    agentOf: (key) => sessions.parseKey(key).agentId,
    beat: (asked) => beat(asked, { gateway, messaging, sessions, events, now }),
    ended: (event) => events.heartbeatEnded(event),
    now,
  });
  gateway.own("rhythm", () => runner.close());

  gateway.hooks.of(SystemEvents).wake.tap((request) => runner.wake(request));
  gateway.hooks.listening.tap(() => runner.configure());
  gateway.hooks.configChanged.tap(({ paths }) => {
    if (paths.some((path) => path === "agents" || path.startsWith("agents."))) runner.configure();
  });
  gateway.hooks.stopping.tap(() => void runner.close());
  const heartbeats = perConfig(gateway.settings, () => inStatus(agents.list(), settingsOf));
  const system = gateway.hooks.of(System);
  system.health.tap({ stage: AFTER_AGENTS }, (report) => inHealth(report, agents.list(), settingsOf));
  system.status.tap((report) => ({ ...report, heartbeat: heartbeats() }));
});
