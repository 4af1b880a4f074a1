import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { Agents, definePlugin, errorText, GatewayError, Messaging, Sessions, Store, System } from "openclaw/plugin-sdk";
import type { Session, SessionKey, SessionsApi, Work } from "openclaw/plugin-sdk";
import { ChangeEvents } from "./change-events.ts";
import { deriveKey } from "./derive-key.ts";
import { isStale } from "./freshness.ts";
import { Flusher } from "./flusher.ts";
import { knownAgentId, mainKeyOf, parseKey, seedSpelling } from "./key.ts";
import { Lanes } from "./lanes.ts";
import { createLinks } from "./links.ts";
import { cleanUp } from "./maintenance.ts";
import { registerMethods } from "./methods.ts";
import { createQuiet } from "./quiet.ts";
import { afterTrigger, resetTriggerOf } from "./reset-trigger.ts";
import { createRoster } from "./roster.ts";
import { liftsPolicy, SEND_BLOCKED, sendPolicyOf } from "./send-policy.ts";
import { RowCache } from "./row-cache.ts";
import { compactSession } from "./session-compact.ts";
import { deleteSession } from "./session-delete.ts";
import { SessionExport } from "./session-export.ts";
import { importSessions } from "./session-import.ts";
import { SessionIndex } from "./session-index.ts";
import { createStatus, healthOf } from "./session-reports.ts";
import { resetEntry } from "./session-reset.ts";
import { Transcripts } from "./transcripts.ts";
import { registerUsage } from "./usage/methods.ts";

/** What waits for what, by kind: turns of a session, changes of its entry, writes to its transcript. */
interface Rows {
  readonly lanes: Lanes;
  readonly updates: Lanes;
  readonly writes: Lanes;
}

/** After everybody else has said that a message may go on. */
const LAST = 1_000;
const FIRST_CLEANUP_MS = 5 * 60_000;
const CLEANUP_EVERY_MS = 30 * 60_000;

export default definePlugin(async (gateway) => {
  const { settings, log } = gateway;
  const { stateDir } = gateway.paths;
  const roster = createRoster(settings, stateDir);
  const links = createLinks(stateDir, log);

  const api: SessionsApi = {
    parseKey: keyOf,
    deriveKey(conversation) {
      const rules = roster.rules();
      const agentId = knownAgentId(conversation.agentId ?? rules.defaultAgentId, rules);
      return keyOf(deriveKey(conversation, agentId, rules, settings));
    },
    formatKey: (key, style) => (style === "seed" ? seedSpelling(keyOf(key), roster.rules()) : keyOf(key).canonical),
    mainKey: (agentId = api.defaultAgentId()) => mainKeyOf(knownAgentId(agentId, roster.rules()), roster.rules()),
    defaultAgentId: () => roster.rules().defaultAgentId,
    get: async (key) => index.get(keyOf(key).canonical),
    findById: async (sessionId) => (await index.withSessionId(sessionId))[0],
    open: async (key) => index.open(keyOf(key)),
    update: async (key, change) => index.update(keyOf(key), change),
    list: ({ agentId, ...options } = {}) =>
      index.list({ ...options, ...(agentId !== undefined && { agentId: knownAgentId(agentId, roster.rules()) }) }),
    count: () => index.count(),
    async sendPolicy(text) {
      const key = keyOf(text);
      return sendPolicyOf(key, (await index.get(key.canonical))?.entry, settings);
    },
    async assertMaySay(key, text) {
      if (liftsPolicy(text) || (await api.sendPolicy(key)) === "allow") return;
      throw new GatewayError("INVALID_REQUEST", SEND_BLOCKED);
    },
    async reset(text) {
      const key = keyOf(text);
      await quiet(key.canonical);
      return index.change(key, resetEntry, "reset");
    },
    remove: (key, { deleteTranscript = true } = {}) =>
      deleteSession(keyOf(key).canonical, deleteTranscript, { index, transcripts, isMain, quiet }),
    async compact(text, options = {}) {
      const key = keyOf(text).canonical;
      const isRunning = (one: string) => rows.lanes.isBusy(one);
      const summarize = (...asked: Parameters<typeof hooks.compact.promise>) => hooks.compact.promise(...asked);
      const outcome = await compactSession(key, options, { index, transcripts, isRunning, summarize });
      if (outcome.compacted) hooks.changed.call(key, "compacted");
      return outcome;
    },
    transcript: (session) => transcripts.of(session),
    lane: async (key, work) => rows.lanes.run(keyOf(key).canonical, work),
    directory: (agentId) => join(stateDir, "agents", knownAgentId(agentId, roster.rules()), "sessions"),
  };
  const hooks = gateway.provide(Sessions, api);
  // What comes after a reload of this plugin waits for what runs since before.
  const rows = gateway.keep<Rows>("rows", () => ({ lanes: new Lanes(), updates: new Lanes(), writes: new Lanes() }));
  const quiet = createQuiet(gateway, rows.lanes);

  const flusher = new Flusher((path, error) => log.warn(`cannot bring ${path} to the disk: ${errorText(error)}`));
  gateway.own("transcripts", () => flusher.idle());
  const transcripts = new Transcripts({
    directory: api.directory,
    workspace: roster.workspace,
    log,
    writes: rows.writes,
    flusher,
    waitsForDisk: () => settings.get("store.durability") === "full",
    created: (session) => {
      if (session.key === api.mainKey(session.agentId)) links.linkMain(transcripts.pathOf(session));
    },
  });
  const index = new SessionIndex({
    store: gateway.use(Store),
    updates: rows.updates,
    // What one generation writes, the other must not read as it was.
    rows: gateway.keep("row cache", () => new RowCache()),
    started(session, isFirst) {
      const isMainSession = session.key === api.mainKey(session.agentId);
      if (isMainSession && !isFirst) links.linkMain(transcripts.pathOf(session));
      hooks.started.call(session);
    },
    changed(key, change) {
      events.note(key, change);
      file.note(keyOf(key).agentId);
      hooks.changed.call(key, change);
    },
  });
  const events = new ChangeEvents(gateway);
  const file = new SessionExport({ gateway, index, file: indexFile });

  const linkDefaultAgent = () => {
    const { defaultAgentId, isAgent } = roster.rules();
    links.linkDefaultAgent(defaultAgentId, isAgent("default"));
  };
  linkDefaultAgent();
  gateway.hooks.configChanged.tap(linkDefaultAgent);

  await importSessions({
    index,
    stateDir,
    log,
    defaultAgentId: api.defaultAgentId,
    agentIds: roster.ids,
    file: indexFile,
    keyOf(text, agentId) {
      const parsed = parseKey(text, { ...roster.rules(), defaultAgentId: agentId });
      return "key" in parsed ? parsed.key : undefined;
    },
  });
  file.expect(await index.count());
  gateway.own("sessions.json", () => file.flush());

  gateway.hooks.of(Messaging).admit.tap({ stage: LAST }, admit);
  gateway.hooks.of(Agents).beforeTurn.tap((prompt) => ({ ...prompt, text: afterTrigger(prompt.text, settings) }));

  const reports = { index, roster, storePath };
  gateway.hooks.of(System).health.tap(async (report) => ({ ...report, sessions: await healthOf(reports) }));
  const status = createStatus(reports);
  gateway.hooks.of(System).status.tap(async (report) => ({ ...report, sessions: await status() }));

  const maintain = (mode?: "enforce" | "warn") =>
    cleanUp(
      {
        index,
        transcripts,
        settings,
        log,
        isMain,
        isRunning: (key) => rows.lanes.isBusy(key),
        directories: () => roster.ids().map(api.directory),
      },
      mode,
    );
  // Not while it starts, and then seldom: nobody waits for it.
  const maintainQuietly = () =>
    void maintain().catch((error: unknown) => log.warn(`sessions could not be tidied up: ${errorText(error)}`));
  gateway.setTimeout(maintainQuietly, FIRST_CLEANUP_MS).unref();
  gateway.setInterval(maintainQuietly, CLEANUP_EVERY_MS).unref();

  registerMethods({ gateway, api, index, transcripts, roster, ...rows, storePath, maintain });
  registerUsage({ gateway, api, index, transcripts });

  /** The last word on a message: whether it may be answered, and in which session. */
  async function admit(work: Work): Promise<{ refuse: string } | void> {
    const { text } = work.envelope;
    const key = keyOf(work.sessionKey);
    const session = await index.get(key.canonical);
    if (!liftsPolicy(text) && sendPolicyOf(key, session?.entry, settings) === "deny") return { refuse: SEND_BLOCKED };
    // Work that is taken up again has had its new session.
    if (work.attempt > 0 || !beginsAnew(key, session, work)) return;
    // After what waits in this session, and before this message, which is put into the lane when it is admitted.
    if (rows.lanes.isInside(key.canonical)) return renew(key, work);
    void rows.lanes
      .run(key.canonical, () => renew(key, work))
      .catch((error: unknown) => {
        log.error(`session ${key.canonical} could not begin anew: ${errorText(error)}`, { err: error });
      });
  }

  function beginsAnew(key: SessionKey, session: Session | undefined, { envelope }: Work): boolean {
    const trigger = resetTriggerOf(envelope.text, settings);
    if (trigger) return session !== undefined || trigger.model !== undefined;
    return session !== undefined && isStale(key, session.entry, envelope.channel, settings);
  }

  async function renew(key: SessionKey, work: Work): Promise<void> {
    // Of two messages that come together the first one has done it.
    if (!beginsAnew(key, await index.get(key.canonical), work)) return;
    const model = resetTriggerOf(work.envelope.text, settings)?.model;
    const chosen = model && { providerOverride: model.provider, modelOverride: model.model };
    const { entry } = await index.change(key, (before) => ({ ...resetEntry(before), ...chosen }), "reset");
    log.debug(`session ${key.canonical} begins anew as ${entry.sessionId}`);
  }

  function isMain(key: string): boolean {
    return roster.ids().some((agentId) => api.mainKey(agentId) === key);
  }

  function keyOf(text: string): SessionKey {
    const parsed = parseKey(text, roster.rules());
    if ("key" in parsed) return parsed.key;
    throw new GatewayError("INVALID_REQUEST", `session key "${text.slice(0, 80)}" ${parsed.problem}`, {
      details: { code: "INVALID_SESSION_KEY" },
    });
  }

  /** Where the index of an agent's sessions is for those who read files (sessions.md §2). */
  function indexFile(agentId: string): string {
    const configured = settings.get<string>("session.store")?.trim();
    if (!configured) return join(api.directory(agentId), "sessions.json");
    const path = configured.replaceAll("{agentId}", knownAgentId(agentId, roster.rules()));
    return resolve(stateDir, path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : path);
  }

  function storePath(agentId?: string): string {
    const ids = roster.ids();
    if (agentId === undefined && ids.length > 1) return "(multiple)";
    return indexFile(agentId ?? ids[0] ?? api.defaultAgentId());
  }
});
