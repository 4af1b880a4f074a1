import {
  Agents,
  definePlugin,
  jsonResult,
  Messaging,
  Models,
  NonEmptyString,
  oneOf,
  Sessions,
  textResult,
  Type,
} from "openclaw/plugin-sdk";
import type { Static, ToolContext } from "openclaw/plugin-sdk";
import { reachOf } from "./reach.ts";
import { kindOf, KINDS, messageRow, rowOf } from "./row.ts";
import { send, SendParameters } from "./send.ts";
import { spawn, SpawnParameters } from "./spawn.ts";
import { status } from "./status.ts";

const LISTED = 50;
const MAX_LISTED = 200;
const MAX_MESSAGES = 20;
const HISTORY = 50;
const MAX_HISTORY = 200;
const HISTORY_CHARS = 80_000;

const ListParameters = Type.Object({
  kinds: Type.Optional(Type.Array(oneOf(KINDS))),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_LISTED })),
  activeMinutes: Type.Optional(Type.Integer({ minimum: 1 })),
  messageLimit: Type.Optional(
    Type.Integer({ minimum: 0, maximum: MAX_MESSAGES, description: "last messages of each" }),
  ),
});
const HistoryParameters = Type.Object({
  sessionKey: Type.String({ minLength: 1, description: "key or id" }),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_HISTORY })),
  includeTools: Type.Optional(Type.Boolean()),
});
const StatusParameters = Type.Object({
  sessionKey: Type.Optional(NonEmptyString),
  model: Type.Optional(Type.String({ minLength: 1, description: "use this model from now on; default clears it" })),
});

export default definePlugin((gateway) => {
  const { settings } = gateway;
  const { tool } = gateway.hooks.of(Agents);
  const agents = gateway.use(Agents);
  const sessions = gateway.use(Sessions);
  const messaging = gateway.use(Messaging);
  const models = gateway.use(Models);
  const reach = (call: ToolContext) => reachOf(call, sessions, settings);

  tool.for("sessions_list").tap(
    {
      label: "Sessions",
      description: "List sessions of this gateway, newest first, on request with their last messages.",
      parameters: ListParameters,
      parallelSafe: true,
    },
    async (call) => {
      // The arguments were checked against the schema before the tool is called.
      const {
        kinds,
        limit = LISTED,
        activeMinutes,
        messageLimit = 0,
      } = call.arguments as Static<typeof ListParameters>;
      const since = activeMinutes === undefined ? 0 : Date.now() - activeMinutes * 60_000;
      const inReach = reach(call);
      const found = (await sessions.list())
        .filter((one) => inReach.includes(one) && one.entry.updatedAt >= since)
        .filter((one) => !kinds || kinds.length === 0 || kinds.includes(kindOf(one, sessions)))
        .slice(0, limit);
      const rows: object[] = [];
      for (const session of found) {
        const messages =
          messageLimit === 0 ? [] : await sessions.transcript(session).messages({ limit: messageLimit * 2 });
        const shown = messages.map((one) => messageRow(one, false)).filter((one) => one !== undefined);
        rows.push({
          ...rowOf(session, sessions),
          ...(messageLimit > 0 && { messages: shown.slice(-messageLimit) }),
        });
      }
      return jsonResult({ count: rows.length, sessions: rows });
    },
  );

  tool.for("sessions_history").tap(
    {
      label: "Session history",
      description: "The last messages of a session.",
      parameters: HistoryParameters,
      parallelSafe: true,
    },
    async (call) => {
      const { sessionKey, limit = HISTORY, includeTools = false } = call.arguments as Static<typeof HistoryParameters>;
      const session = await reach(call).find({ sessionKey });
      const messages = await sessions.transcript(session).messages({ limit: includeTools ? limit : limit * 3 });
      const rows = messages.map((one) => messageRow(one, includeTools)).filter((one) => one !== undefined);
      return jsonResult({ sessionKey: session.key, messages: fitting(rows.slice(-limit)) });
    },
  );

  tool.for("sessions_send").tap(
    {
      label: "Send to session",
      description: "Say something in another session and get its answer.",
      parameters: SendParameters,
      timeoutMs: 0,
    },
    (call) =>
      send(call, call.arguments as Static<typeof SendParameters>, { reach: reach(call), gateway, sessions, messaging }),
  );

  tool.for("sessions_spawn").tap(
    {
      label: "Sub-agent",
      description:
        "Give a task to a sub-agent with a session of its own. It works in the background; what comes of it is told to this session by itself.",
      parameters: SpawnParameters,
    },
    (call) => spawn(call, agents, settings),
  );

  tool.for("session_status").tap(
    {
      label: "Session status",
      description: "Model, context and levels of a session, and the time. Can set the model of the session.",
      parameters: StatusParameters,
    },
    async (call) => {
      const { sessionKey = call.sessionKey, model } = call.arguments as Static<typeof StatusParameters>;
      const session = await reach(call).find({ sessionKey });
      return status(session, { model, call }, { sessions, models });
    },
  );

  tool.for("agents_list").tap(
    {
      label: "Agents",
      description: "Agents that this one may start sub-agents of.",
      parameters: Type.Object({}),
      parallelSafe: true,
    },
    ({ agentId }) => {
      const config = settings.get<{ id: string; subagents?: { allowAgents?: string[] } }[]>("agents.list") ?? [];
      const allowed = config.find(({ id }) => id === agentId)?.subagents?.allowAgents ?? [];
      const isAllowed = (id: string) => id === agentId || allowed.includes("*") || allowed.includes(id);
      const rows = agents
        .list()
        .filter(({ id }) => isAllowed(id))
        .map(({ id, name }) => ({ id, name }));
      return rows.length === 0
        ? textResult("no agents")
        : jsonResult({ requester: agentId, allowAny: allowed.includes("*"), agents: rows });
    },
  );
});

/** The newest that fit together into one answer. */
function fitting(rows: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  let left = HISTORY_CHARS;
  const kept: Record<string, unknown>[] = [];
  for (const row of rows.toReversed()) {
    left -= JSON.stringify(row).length;
    if (left < 0) break;
    kept.unshift(row);
  }
  return kept;
}
