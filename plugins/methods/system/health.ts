import type {
  GatewayApi,
  HealthReport,
  HealthRequest,
  HooksOf,
  PluginGateway,
  PluginsApi,
  StateVersion,
  System,
} from "openclaw/plugin-sdk";

const REFRESH_MS = 60_000;
/** Answers from a younger report make no new one. */
const FRESH_MS = 5_000;
/** Between two reports made without being asked to probe. */
const SPACING_MS = 1_000;

export interface HealthParts {
  readonly kernel: GatewayApi;
  readonly plugins: PluginsApi;
  readonly firstVersion: number;
  readonly stateVersion: () => StateVersion;
}

/** Makes the health report, keeps the last one and tells clients of each new one. */
export function createHealth(gateway: PluginGateway, { kernel, plugins, firstVersion, stateVersion }: HealthParts) {
  const kept = gateway.keep("health", () => ({ version: firstVersion }));
  const emit = gateway.event<HealthReport>("health");
  let madeAt = -Infinity;
  let soon: NodeJS.Timeout | undefined;
  let running: Promise<HealthReport> | undefined;
  let facts = "";

  const health = {
    get version(): number {
      return kept.version;
    },
    last: undefined as HealthReport | undefined,
    hooks: undefined as HooksOf<typeof System> | undefined,

    /** The last report while it is young enough and the host is as it was, else a new one. `probe` always makes one. */
    async report({ probe }: HealthRequest): Promise<HealthReport> {
      const age = performance.now() - madeAt;
      if (!probe && health.last && age < REFRESH_MS && facts === factsNow()) {
        if (age > FRESH_MS) health.changed();
        return health.last;
      }
      return probe ? make(true) : (running ??= make(false).finally(() => (running = undefined)));
    },

    changed(): void {
      const wait = Math.max(0, madeAt + SPACING_MS - performance.now());
      soon ??= gateway.setTimeout(() => {
        soon = undefined;
        void make(false);
      }, wait);
    },
  };
  gateway.setInterval(() => void make(false), REFRESH_MS);

  gateway.hooks.pluginState.tap(() => void (facts = ""));

  /** What else the host knows without asking anybody, but for the time. */
  function factsNow(): string {
    const { ready, issues, restartPending } = kernel.state();
    return JSON.stringify([ready, issues, restartPending]);
  }

  async function make(probe: boolean): Promise<HealthReport> {
    const startedAt = performance.now();
    facts = factsNow();
    const base = kernelReport(kernel, plugins);
    const report = (await health.hooks?.health.promise(base, { probe })) ?? base;
    madeAt = performance.now();
    health.last = { ...report, durationMs: Math.round(madeAt - startedAt) };
    kept.version++;
    emit(health.last, { stateVersion: stateVersion() });
    return health.last;
  }

  return health;
}

/** What the host itself knows. Channels, agents and sessions come from their plugins. */
function kernelReport(kernel: GatewayApi, plugins: PluginsApi): HealthReport {
  const { ready, issues, version, uptimeMs, port, bind, authMode, restartPending } = kernel.state();
  const states = plugins.list().map(({ id, state, reason }) => ({ id, state, ...(reason && { reason }) }));
  const pending = restartPending.map((path) => ({ path, message: "restart required" }));
  return {
    ok: true,
    ts: Date.now(),
    durationMs: 0,
    channels: {},
    channelOrder: [],
    channelLabels: {},
    channelStates: {},
    heartbeatSeconds: 0,
    defaultAgentId: "main",
    agents: [],
    sessions: { path: "", count: 0, recent: [] },
    version,
    uptime: Math.floor(uptimeMs / 1_000),
    uptimeMs,
    gateway: { port, bind, auth: authMode },
    models: {},
    linkChannel: null,
    plugins: states,
    issues: [...issues, ...pending],
    ready: ready && issues.length === 0,
  };
}
