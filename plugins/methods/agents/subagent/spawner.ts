import { randomUUID } from "node:crypto";
import { anyThinkingLevel, errorText, GatewayError } from "openclaw/plugin-sdk";
import type {
  MessagingApi,
  ModelsApi,
  PluginGateway,
  SessionsApi,
  Spawned,
  SpawnRequest,
  SubagentRun,
  Work,
} from "openclaw/plugin-sdk";
import { findAgent } from "../roster.ts";
import { announcement, outcomeOf } from "./announcement.ts";
import type { SubagentRecords } from "./records.ts";

const ARCHIVE_MINUTES = 60;
/** Of one session at the same time. */
const MAX_RUNNING = 50;
const LOOK_EVERY_MS = 60_000;
const SUBAGENT = /^agent:[^:]+:subagent:/;
const CONTEXT =
  "You are a sub-agent. You were given one task by another session, and your last answer is its result: do the task, then say what you found or did, with everything the other session needs. Nobody answers questions meanwhile. Do nothing beyond the task.";

export interface SpawnerParts {
  readonly gateway: PluginGateway;
  readonly messaging: MessagingApi;
  readonly sessions: SessionsApi;
  readonly models: ModelsApi;
  readonly records: SubagentRecords;
}

/** Starts sub-agents, tells their end to the session that asked for them, and tidies up (agent.md §14). */
export class Spawner {
  readonly #parts: SpawnerParts;
  /** Followed by this generation. */
  readonly #followed = new Set<string>();

  constructor(parts: SpawnerParts) {
    this.#parts = parts;
  }

  /** Durable when it resolves: the task, and that its end is to be told. */
  async spawn(request: SpawnRequest): Promise<Spawned> {
    const { messaging, sessions, records } = this.#parts;
    const requester = sessions.parseKey(request.requesterKey);
    if (SUBAGENT.test(requester.canonical)) throw refused("a sub-agent cannot have sub-agents of its own");
    const open = await records.open();
    const running = open.filter(({ requesterKey }) => requesterKey === requester.canonical).length;
    if (running >= MAX_RUNNING)
      throw refused(
        `${running} sub-agents of this session run already; wait for one of them, or stop it with /subagents`,
      );
    const agentId = this.#targetOf(request, requester.agentId);
    const { model, warning } = await this.#model(request, agentId);
    const thinking = request.thinking ?? this.#setting<string>(agentId, "thinking");
    const runId = randomUUID();
    const childSessionKey = `agent:${agentId}:subagent:${runId}`;
    const run: SubagentRun = {
      runId,
      workId: "",
      childSessionKey,
      requesterKey: requester.canonical,
      task: request.task,
      cleanup: request.cleanup ?? "keep",
      relays: (request.relays ?? 0) + 1,
      startedAt: Date.now(),
      ...(request.label !== undefined && { label: request.label }),
      ...(request.replyTo && { replyTo: request.replyTo }),
    };
    await records.add(run);
    await sessions.update(childSessionKey, () => ({
      spawnedBy: requester.canonical,
      ephemeral: true,
      // What it is told meanwhile counts for the task.
      queueMode: "steer",
      ...(request.label !== undefined && { displayName: request.label }),
    }));
    const { work } = await messaging.accept({
      channel: "webchat",
      messageId: `subagent:${runId}`,
      runId,
      sessionKey: childSessionKey,
      chatId: childSessionKey,
      chatType: "direct",
      text: `[Task of a sub-agent] ${request.task}`,
      sender: { id: `agent:${requester.agentId}` },
      options: {
        lane: "subagent",
        ownTurn: true,
        timeoutMs: (request.runTimeoutSeconds ?? 0) * 1_000,
        extraSystemPrompt: CONTEXT,
        commandAuthorized: request.isOwner === true,
        relays: run.relays,
        ...(model !== undefined && { model }),
        ...(thinking !== undefined && { thinking: anyThinkingLevel(thinking) }),
      },
    });
    this.#follow(await records.save(run, { workId: work.id }));
    return { runId, childSessionKey, ...(warning !== undefined && { warning }) };
  }

  of(requesterKey: string): Promise<SubagentRun[]> {
    return this.#parts.records.of(this.#parts.sessions.parseKey(requesterKey).canonical);
  }

  /** Stops those of a session that still run. Resolves with how many there were. */
  async stop(requesterKey: string, runId?: string): Promise<number> {
    const running = (await this.of(requesterKey)).filter(
      (run) => run.endedAt === undefined && (runId === undefined || run.runId === runId),
    );
    for (const { childSessionKey } of running) this.#parts.messaging.abort(childSessionKey);
    return running.length;
  }

  /** Something more for a sub-agent that runs, which it sees after its next tool. */
  async say({ childSessionKey, runId }: SubagentRun, text: string, isOwner: boolean): Promise<void> {
    await this.#parts.messaging.accept({
      channel: "webchat",
      messageId: `subagent-told:${randomUUID()}`,
      sessionKey: childSessionKey,
      chatId: childSessionKey,
      chatType: "direct",
      text: `[From the session that asked for this] ${text}`,
      sender: { id: `requester:${runId}` },
      options: { lane: "subagent", commandAuthorized: isOwner },
    });
  }

  /** Takes up what an earlier process or generation left, and looks now and then for what is to be archived. */
  start(): void {
    const { gateway, records } = this.#parts;
    const look = async () => {
      for (const run of await records.open()) this.#follow(run);
      for (const run of await records.due(Date.now())) await this.#archive(run);
    };
    const quietly = () => void look().catch((error: unknown) => this.#warn("sub-agents could not be looked at", error));
    quietly();
    gateway.setInterval(quietly, LOOK_EVERY_MS).unref();
  }

  #follow(run: SubagentRun): void {
    if (this.#followed.has(run.runId)) return;
    this.#followed.add(run.runId);
    void this.#end(run)
      .catch((error: unknown) => {
        if (!this.#parts.gateway.signal.aborted) this.#warn(`the end of sub-agent ${run.runId} was not told`, error);
      })
      .finally(() => this.#followed.delete(run.runId));
  }

  /** The same announcement is taken in once, however often a crash has it said again. */
  async #end(run: SubagentRun): Promise<void> {
    const { gateway, messaging, sessions, records } = this.#parts;
    const ended = await this.#endOf(run);
    const known = await records.save(run, { endedAt: run.endedAt ?? Date.now(), outcome: outcomeOf(ended) });
    const child = await sessions.get(run.childSessionKey);
    await messaging.accept({
      channel: "webchat",
      messageId: `announce:${run.runId}`,
      runId: `announce-${run.runId}`,
      sessionKey: run.requesterKey,
      chatId: run.requesterKey,
      chatType: "direct",
      text: announcement(known, ended.result, child ? sessions.transcript(child).file : "none"),
      sender: { id: `subagent:${run.runId}` },
      options: { ownTurn: true, commandAuthorized: false, relays: run.relays ?? 1 },
      ...(run.replyTo && { replyTo: run.replyTo }),
    });
    const minutes = gateway.settings.get<number>("agents.defaults.subagents.archiveAfterMinutes") ?? ARCHIVE_MINUTES;
    const announced = await records.save(known, {
      announcedAt: Date.now(),
      ...(minutes > 0 && { archiveAt: Date.now() + minutes * 60_000 }),
    });
    if (run.cleanup === "delete") await this.#archive(announced);
  }

  /** A task that was never taken in, because the process died in between, has no end of its own. */
  async #endOf(run: SubagentRun): Promise<Pick<Work, "state" | "result">> {
    const { gateway, messaging } = this.#parts;
    if (run.workId === "") return { state: "interrupted" };
    return messaging.ended(run.workId, gateway.signal);
  }

  async #archive(run: SubagentRun): Promise<void> {
    await this.#parts.sessions.remove(run.childSessionKey);
    await this.#parts.records.remove(run);
  }

  #targetOf({ agentId }: SpawnRequest, requester: string): string {
    const { gateway } = this.#parts;
    if (agentId === undefined || agentId === requester) return requester;
    const allowed = this.#setting<readonly string[]>(requester, "allowAgents") ?? [];
    if (!allowed.includes("*") && !allowed.includes(agentId)) {
      throw refused(`agent "${requester}" may not start "${agentId}"; add it to its subagents.allowAgents`);
    }
    if (!findAgent(gateway, agentId)) throw refused(`unknown agent id "${agentId}"; see agents.list`);
    return agentId;
  }

  async #model({ model }: SpawnRequest, agentId: string): Promise<{ model?: string; warning?: string }> {
    const fallback = this.#setting<string | { readonly primary?: string }>(agentId, "model");
    const configured = typeof fallback === "object" ? fallback.primary : fallback;
    const standing = configured === undefined ? {} : { model: configured };
    if (model === undefined) return standing;
    try {
      await this.#parts.models.choose(model, agentId);
      return { model };
    } catch (error) {
      const why = error instanceof GatewayError ? error.message : errorText(error);
      return { ...standing, warning: `${why}; the default model is used` };
    }
  }

  /** `agents.list[].subagents`, else `agents.defaults.subagents`. */
  #setting<T>(agentId: string, field: string): T | undefined {
    const { settings } = this.#parts.gateway;
    const listed = settings.get<readonly { id: string; subagents?: Record<string, unknown> }[]>("agents.list") ?? [];
    const own = listed.find(({ id }) => id === agentId)?.subagents?.[field];
    return (own ?? settings.get(`agents.defaults.subagents.${field}`)) as T | undefined;
  }

  #warn(text: string, error: unknown): void {
    this.#parts.gateway.log.warn(`${text}: ${errorText(error)}`, { err: error });
  }
}

function refused(message: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", message);
}
