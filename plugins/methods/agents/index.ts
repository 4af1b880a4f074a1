import {
  Agents,
  closed,
  definePlugin,
  errorText,
  Messaging,
  Models,
  NonEmptyString,
  Sessions,
  Skills,
  Store,
  System,
  ToolPolicy,
  Type,
  Workspace,
} from "openclaw/plugin-sdk";
import type { HooksOf } from "openclaw/plugin-sdk";
import { registerAgentMethod } from "./agent-method.ts";
import { registerCommands } from "./command/register.ts";
import { agentHealth } from "./health.ts";
import { compactSession } from "./context/session-summary.ts";
import { docsFolder } from "./prompt/docs-folder.ts";
import { SystemPrompts } from "./prompt/system-prompt.ts";
import { roster } from "./roster.ts";
import { Runs } from "./runs.ts";
import { subagentsCommand } from "./subagent/command.ts";
import { SubagentRecords } from "./subagent/records.ts";
import { Spawner } from "./subagent/spawner.ts";
import { Toolbox, useTool } from "./tools.ts";
import { answerTurn } from "./turn/answer-turn.ts";
import type { TurnParts } from "./turn/turn-parts.ts";
import { warmUp } from "./warm-up.ts";
import { AgentWaitShape } from "./answer-shape.ts";

const WAIT_MS = 30_000;

export default definePlugin((gateway) => {
  const messaging = gateway.use(Messaging);
  const sessions = gateway.use(Sessions);
  const runs = new Runs(gateway, (): HooksOf<typeof Agents> => agents);
  const policy = gateway.use(ToolPolicy);
  const tools = (): HooksOf<typeof Agents> => agents;
  const models = gateway.use(Models);
  const skills = gateway.use(Skills);
  const docs = docsFolder(import.meta.dirname);
  const prompts = new SystemPrompts({ gateway, sessions, skills, hooks: tools, docs });
  const spawner = new Spawner({
    gateway,
    messaging,
    sessions,
    models,
    records: new SubagentRecords(gateway.use(Store)),
  });
  const agents = gateway.provide(Agents, {
    list: () => roster(gateway),
    run: (runId) => runs.get(runId),
    wait: (runId, timeoutMs) => runs.wait(runId, timeoutMs),
    spawn: (request) => spawner.spawn(request),
    subagents: (requesterKey) => spawner.of(requesterKey),
    useTool: (turn, call) => useTool(turn, call, { gateway, hooks: tools(), policy }),
    async toolsOf(turn) {
      await agents.tool.all();
      return new Toolbox(turn, { gateway, hooks: tools(), policy }).offered();
    },
    partialText: (runId) => runs.partialText(runId),
    watch: (runId, connId) => runs.watch(runId, connId),
  });

  const turnParts = (): TurnParts => ({ gateway, sessions, runs, agents, models, prompts, policy });
  if (docs !== undefined) gateway.hooks.of(Workspace).readable.tap((folders) => [...folders, docs]);
  gateway.hooks.of(Messaging).turn.tap((turn) => answerTurn(turn, turnParts()));
  gateway.hooks
    .of(Sessions)
    .compact.tap((session, options) => compactSession(session, options, { gateway, sessions, models, hooks: agents }));
  gateway.hooks.of(System).health.tap((report) => agentHealth(report, gateway));
  gateway.hooks.helloOk.tap((hello) => ({
    ...hello,
    snapshot: {
      ...hello.snapshot,
      sessionDefaults: {
        defaultAgentId: sessions.defaultAgentId(),
        mainKey: gateway.settings.get<string>("session.mainKey") ?? "main",
        mainSessionKey: sessions.mainKey(),
        scope: gateway.settings.get<string>("session.scope") ?? "per-sender",
      },
    },
  }));

  gateway.hooks.listening.tap(() => spawner.start());
  // Whoever is stopped takes along what it has started.
  gateway.hooks.of(Agents).runEvent.tap(({ stream, data, sessionKey }) => {
    if (stream !== "lifecycle" || data["aborted"] !== true || data["stopReason"] === "shutdown") return;
    void spawner.stop(sessionKey).catch((error: unknown) => {
      gateway.log.warn(`sub-agents of ${sessionKey} could not be stopped: ${errorText(error)}`, { err: error });
    });
  });
  const subagents = {
    description: "sub-agents of this session: list, info, log, send or stop",
    acceptsArgs: true,
    yields: true,
  };
  gateway.hooks
    .of(Messaging)
    .command.for("subagents")
    .tap(subagents, async (call) => ({ text: await subagentsCommand(call, { spawner, sessions }), format: "plain" }));
  warmUp(gateway, turnParts);
  registerCommands({ gateway, sessions, models });
  registerAgentMethod(gateway, messaging, sessions, runs);
  gateway.method({
    name: "agent.wait",
    scope: "operator.write",
    timeoutMs: 0,
    params: closed({ runId: NonEmptyString, timeoutMs: Type.Optional(Type.Integer({ minimum: 0 })) }),
    result: AgentWaitShape,
    async handle({ runId, timeoutMs = WAIT_MS }) {
      const state = await runs.wait(runId, timeoutMs);
      if (!state || state.status === "running") return { runId, status: "timeout" };
      const { status, startedAt, endedAt, error } = state;
      return {
        runId,
        status: status === "error" ? "error" : "ok",
        startedAt,
        endedAt,
        ...(error !== undefined && { error }),
      };
    },
  });
});
