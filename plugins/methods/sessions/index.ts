import { join } from "node:path";
import { definePlugin, GatewayError, Sessions, Store, System } from "openclaw/plugin-sdk";
import type { SessionKey, SessionsApi } from "openclaw/plugin-sdk";
import { knownAgentId, mainKeyOf, parseKey } from "./key.ts";
import { Lanes } from "./lanes.ts";
import { createLinks } from "./links.ts";
import { createRoster } from "./roster.ts";
import { SessionIndex } from "./session-index.ts";
import { ListParams, listSessions } from "./session-list.ts";
import { PreviewParams, previewSessions } from "./session-preview.ts";
import { createStatus, healthOf } from "./session-reports.ts";
import { ResolveParams, resolveSession } from "./session-resolve.ts";
import { aliasesOf } from "./session-row.ts";
import { Transcripts } from "./transcripts.ts";

/** What waits for what, by kind: turns of a session, changes of its entry, writes to its transcript. */
interface Rows {
  readonly lanes: Lanes;
  readonly updates: Lanes;
  readonly writes: Lanes;
}

export default definePlugin((gateway) => {
  const { stateDir } = gateway.paths;
  const roster = createRoster(gateway.settings, stateDir);
  const links = createLinks(stateDir, gateway.log);

  const api: SessionsApi = {
    parseKey: keyOf,
    mainKey: (agentId = api.defaultAgentId()) => mainKeyOf(knownAgentId(agentId, roster.rules()), roster.rules()),
    defaultAgentId: () => roster.rules().defaultAgentId,
    get: async (key) => index.get(keyOf(key).canonical),
    findById: async (sessionId) => (await index.withSessionId(sessionId))[0],
    open: async (key) => index.open(keyOf(key)),
    update: async (key, change) => index.update(keyOf(key), change),
    list: ({ agentId, ...options } = {}) =>
      index.list({ ...options, ...(agentId !== undefined && { agentId: knownAgentId(agentId, roster.rules()) }) }),
    count: () => index.count(),
    transcript: (session) => transcripts.of(session),
    lane: async (key, work) => rows.lanes.run(keyOf(key).canonical, work),
    directory: (agentId) => join(stateDir, "agents", knownAgentId(agentId, roster.rules()), "sessions"),
  };
  const hooks = gateway.provide(Sessions, api);
  // What comes after a reload of this plugin waits for what runs since before.
  const rows = gateway.keep<Rows>("rows", () => ({ lanes: new Lanes(), updates: new Lanes(), writes: new Lanes() }));

  const transcripts = new Transcripts({
    directory: api.directory,
    workspace: roster.workspace,
    log: gateway.log,
    writes: rows.writes,
    created: (session) => {
      if (session.key === api.mainKey(session.agentId)) links.linkMain(transcripts.pathOf(session));
    },
  });
  const index = new SessionIndex({
    store: gateway.use(Store),
    updates: rows.updates,
    started(session, isFirst) {
      const isMain = session.key === api.mainKey(session.agentId);
      if (isMain && !isFirst) links.linkMain(transcripts.pathOf(session));
      hooks.started.call(session);
    },
  });

  const linkDefaultAgent = () => {
    const { defaultAgentId, isAgent } = roster.rules();
    links.linkDefaultAgent(defaultAgentId, isAgent("default"));
  };
  linkDefaultAgent();
  gateway.hooks.configChanged.tap(linkDefaultAgent);

  const reports = { index, roster, storePath };
  gateway.hooks.of(System).health.tap(async (report) => ({ ...report, sessions: await healthOf(reports) }));
  const status = createStatus(reports);
  gateway.hooks.of(System).status.tap(async (report) => ({ ...report, sessions: await status() }));

  gateway.method({
    name: "sessions.list",
    scope: "operator.read",
    params: ListParams,
    async handle(params) {
      const isRunning = (key: string) => rows.lanes.isBusy(key);
      const sessions = await listSessions(params, { index, transcripts, roster, isRunning });
      const path = storePath(params.agentId);
      return { ts: Date.now(), path, count: sessions.length, defaults: roster.modelDefaults(), sessions };
    },
  });
  gateway.method({
    name: "sessions.preview",
    scope: "operator.read",
    params: PreviewParams,
    handle: async (params) => ({
      ts: Date.now(),
      previews: await previewSessions(params, { find: api.get, transcripts }),
    }),
  });
  gateway.method({
    name: "sessions.resolve",
    scope: "operator.admin",
    params: ResolveParams,
    async handle(params) {
      const rules = roster.rules();
      const { key } = await resolveSession(params, { index, rules, find: api.get });
      return { ok: true, key, aliases: aliasesOf(keyOf(key), rules) };
    },
  });

  function keyOf(text: string): SessionKey {
    const parsed = parseKey(text, roster.rules());
    if ("key" in parsed) return parsed.key;
    throw new GatewayError("INVALID_REQUEST", `session key "${text.slice(0, 80)}" ${parsed.problem}`, {
      details: { code: "INVALID_SESSION_KEY" },
    });
  }

  /** Where the index of an agent's sessions is found by those who look for a file (sessions.md §2). */
  function storePath(agentId?: string): string {
    const ids = roster.ids();
    if (agentId === undefined && ids.length > 1) return "(multiple)";
    return join(api.directory(agentId ?? ids[0] ?? api.defaultAgentId()), "sessions.json");
  }
});
