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
import { HealthShape } from "./shape.ts";

const REFRESH_MS = 60_000;
/** Answers from a younger report make no new one. */
const FRESH_MS = 5_000;
/** Between two reports made without being asked to probe. */
const SPACING_MS = 1_000;
const PENDING = "restart required";

export interface HealthParts {
  readonly kernel: GatewayApi;
  readonly plugins: PluginsApi;
  readonly firstVersion: number;
  readonly stateVersion: () => StateVersion;
}

/** Makes the health report, keeps the last one and tells clients of each new one. */
export function createHealth(gateway: PluginGateway, { kernel, plugins, firstVersion, stateVersion }: HealthParts) {
  const kept = gateway.keep("health", () => ({ version: firstVersion }));
  const emit = gateway.event<HealthReport>("health", { payload: HealthShape });
  let madeAt = -Infinity;
  let soon: NodeJS.Timeout | undefined;
  let running: Promise<HealthReport> | undefined;
  let facts = "";
  let begun = 0;
  let told = 0;

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
      if (probe) return make(true);
      // One that began before the host changed tells what was.
      if (!running || facts !== factsNow()) {
        const made = make(false).finally(() => running === made && (running = undefined));
        running = made;
      }
      return running;
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

  /** Something is amiss, be it required or not (`ready`); a change that waits for a restart is not. */
  function condition(report: HealthReport): { degraded: boolean; reasons: readonly Issue[] } {
    const issues = ((report["issues"] ?? []) as readonly Issue[]).filter(({ message }) => message !== PENDING);
    const paths = new Set(issues.map(({ path }) => path));
    const reasons = [...issues, ...amiss(plugins).filter(({ path }) => !paths.has(path))];
    return { degraded: reasons.length > 0, reasons };
  }

  async function make(probe: boolean): Promise<HealthReport> {
    const startedAt = performance.now();
    const number = ++begun;
    facts = factsNow();
    const base = kernelReport(kernel, plugins);
    const made = (await health.hooks?.health.promise(base, { probe })) ?? base;
    const report = { ...made, ...condition(made), durationMs: Math.round(performance.now() - startedAt) };
    // A slow probe must not replace what is newer.
    if (number < told) return report;
    told = number;
    madeAt = performance.now();
    health.last = report;
    kept.version++;
    emit(report, { stateVersion: stateVersion() });
    return report;
  }

  return health;
}

/** What the host itself knows. Channels, agents and sessions come from their plugins. */
function kernelReport(kernel: GatewayApi, plugins: PluginsApi): HealthReport {
  const { ready, issues, version, uptimeMs, port, bind, authMode, restartPending } = kernel.state();
  const states = plugins.list().map(({ id, state, reason }) => ({ id, state, ...(reason && { reason }) }));
  const pending = restartPending.map((path) => ({ path, message: PENDING }));
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

interface Issue {
  readonly path: string;
  readonly message: string;
}

const AMISS: ReadonlySet<string> = new Set(["failed", "invalid", "missing", "zombie"]);

/** Plugins that should run and do not, or not as they should. */
function amiss(plugins: PluginsApi): Issue[] {
  return plugins
    .list()
    .filter(({ state, error }) => AMISS.has(state) || (state === "active" && error !== undefined))
    .map(({ id, state, error, reason }) => ({
      path: `plugins.entries.${id}`,
      message: state === "active" ? `runs as before, its change failed: ${error}` : `${state}: ${error ?? reason}`,
    }));
}
