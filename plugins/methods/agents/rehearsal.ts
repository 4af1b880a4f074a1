import { Agents, WARM_UP } from "openclaw/plugin-sdk";
import type {
  HooksOf,
  ModelCandidate,
  ModelRequest,
  Session,
  SessionEntry,
  SessionsApi,
  Transcript,
  Turn,
  Work,
} from "openclaw/plugin-sdk";
import type { Run, Runs } from "./runs.ts";
import { answerTurn } from "./turn/answer-turn.ts";
import type { TurnParts } from "./turn/turn-parts.ts";

const ID = "rehearsal";
const SAID = "hello";
const NOTHING_USED = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

/**
 * A whole turn that leaves nothing behind: the way of every turn, with stand-ins for all that keeps or tells of it. No
 * session, no transcript, no event, no hook of another plugin, and nothing leaves the machine. Code is compiled when it
 * first runs, so whoever asks first finds it ready.
 */
export async function rehearse(parts: TurnParts): Promise<void> {
  const { sessions, models, prompts } = parts;
  const agentId = sessions.defaultAgentId();
  const key = sessions.mainKey(agentId);
  // Whoever begins a turn reads these first.
  await sessions.get(key);
  await sessions.sendPolicy(key);
  const now = Date.now();
  const session: Session = { key, agentId, entry: { sessionId: ID, createdAt: now, updatedAt: now } };
  // The tools are those that turns have; otherwise nobody listens.
  const agents: HooksOf<typeof Agents> = { ...Agents.createHooks(), tool: parts.agents.tool };
  await answerTurn(turnIn(session), {
    ...parts,
    agents,
    runs: QUIET,
    sessions: forgetful(sessions, session),
    prompts: { build: (request) => prompts.build(request, agents) },
    models: instead(models, {
      candidates: async (want) => (await models.candidates(want)).map(unasked),
      report: () => undefined,
    }),
  });
}

function turnIn(session: Session): Turn {
  const { key } = session;
  const now = Date.now();
  const work: Work = {
    id: ID,
    runId: ID,
    sessionKey: key,
    envelope: {
      channel: "webchat",
      messageId: ID,
      sessionKey: key,
      chatId: key,
      chatType: "direct",
      text: SAID,
      sender: { id: ID },
    },
    state: "running",
    acceptedAt: now,
    updatedAt: now,
    attempt: 1,
    effects: false,
  };
  return {
    work,
    session,
    signal: new AbortController().signal,
    isOwner: true,
    mayDirect: true,
    isPostponed: () => false,
    markEffects: async () => undefined,
  };
}

const QUIET: Pick<Runs, "begin" | "end"> = {
  begin: (runId, sessionKey): Run => ({ runId, sessionKey, text: "", emit: () => undefined }),
  end: () => undefined,
};

function forgetful(sessions: SessionsApi, session: Session): SessionsApi {
  const transcript: Transcript = {
    file: "",
    messages: async () => [],
    context: async () => ({ entries: [] }),
    compact: async () => ID,
    append: async () => ID,
    has: async () => false,
    sync: async () => undefined,
  };
  return instead(sessions, {
    transcript: () => transcript,
    async update(_key, change) {
      const entry: SessionEntry = { ...session.entry, ...change(session.entry) };
      return { ...session, entry };
    },
  });
}

/** Everything is loaded for the request and its answer; the request is not made. */
function unasked(candidate: ModelCandidate): ModelCandidate {
  return {
    ...candidate,
    async *stream(request: ModelRequest) {
      try {
        for await (const part of candidate.stream({ ...request, signal: WARM_UP }))
          if (part.type !== "finish") yield part;
      } catch {
        // That is what a request does that was called off.
      }
      yield { type: "finish", reason: "stop", usage: NOTHING_USED };
    },
  };
}

/** The service with some of its members replaced. */
function instead<A extends object>(service: A, own: Partial<A>): A {
  return new Proxy(service, { get: (target, name) => Reflect.get(name in own ? own : target, name) });
}
