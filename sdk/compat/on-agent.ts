import { Agents } from "../services/agents.ts";
import type { Prompt } from "../services/agents.ts";
import { Sessions } from "../services/sessions.ts";
import type { Session } from "../services/sessions.ts";
import type { Established } from "./established.ts";
import type { AgentContext, HookTypes, PromptAdditions } from "./hook-contract.ts";
import type { ServeHook } from "./on.ts";
import { providedLater } from "./provided.ts";

type Handler<N extends keyof HookTypes> = (event: HookTypes[N][0], context: HookTypes[N][1]) => HookTypes[N][2];

interface Place {
  readonly agentId: string;
  readonly sessionKey: string;
}

/** What the handlers of one turn have added so far, whatever plugin they are of. */
interface TurnState {
  /** Stands before the user's own words. */
  prefix: string;
  systemReplaced: boolean;
  messages: Promise<readonly object[]> | undefined;
}

/** Messages of the session that a handler is shown. */
const HISTORY = 200;

/** By the context object of the turn, which all its taps share; gone with it. */
const turns = new WeakMap<object, TurnState>();

/** Hooks around a turn of the agent. */
export const agentHooks: Readonly<Record<string, ServeHook>> = {
  before_agent_start: beforeTurn,
  before_prompt_build: beforeTurn,

  agent_end(plugin, given, order) {
    const handler = given as Handler<"agent_end">;
    plugin.gateway.hooks.of(Agents).afterTurn.tap(order, (outcome) => {
      const { success, error, durationMs } = outcome;
      plugin.detach("on agent_end", async () => {
        const messages = await history(plugin, outcome);
        const event = { messages, success, durationMs, ...(error !== undefined && { error }) };
        await handler(event, await contextOf(plugin, outcome));
      });
    });
  },
};

function beforeTurn(plugin: Established, given: unknown, order: { readonly stage: number }): void {
  const handler = given as (...args: Parameters<Handler<"before_agent_start">>) => Promise<PromptAdditions | void>;
  plugin.gateway.hooks.of(Agents).beforeTurn.tap(order, async (prompt, place) => {
    const turn = stateOf(place);
    turn.messages ??= history(plugin, place);
    const own = ownWords(prompt, turn);
    const added = await handler({ prompt: own, messages: await turn.messages }, await contextOf(plugin, place));
    return added ? apply(prompt, own, added, turn) : undefined;
  });
}

function apply(prompt: Prompt, own: string, added: PromptAdditions, turn: TurnState): Prompt {
  let { system } = prompt;
  if (added.systemPrompt && !turn.systemReplaced) {
    system = added.systemPrompt;
    turn.systemReplaced = true;
  }
  if (added.prependSystemContext) system = `${added.prependSystemContext}\n\n${system}`;
  if (added.appendSystemContext) system = `${system}\n\n${added.appendSystemContext}`;
  if (added.prependContext) turn.prefix += `${added.prependContext}\n\n`;
  return { ...prompt, system, text: turn.prefix + own };
}

/** The prompt as the user wrote it. Somebody else's change makes the whole of it the user's. */
function ownWords({ text }: Prompt, turn: TurnState): string {
  if (text.startsWith(turn.prefix)) return text.slice(turn.prefix.length);
  turn.prefix = "";
  return text;
}

function stateOf(place: object): TurnState {
  const known = turns.get(place);
  if (known) return known;
  const made: TurnState = { prefix: "", systemReplaced: false, messages: undefined };
  turns.set(place, made);
  return made;
}

function sessionOf({ gateway }: Established, { sessionKey }: Place): Promise<Session | undefined> {
  return providedLater(() => gateway.use(Sessions).get(sessionKey));
}

async function history(plugin: Established, place: Place): Promise<readonly object[]> {
  const session = await sessionOf(plugin, place);
  if (!session) return [];
  return plugin.gateway.use(Sessions).transcript(session).messages({ limit: HISTORY });
}

async function contextOf(plugin: Established, place: Place): Promise<AgentContext> {
  const { agentId, sessionKey } = place;
  const session = await sessionOf(plugin, place);
  return {
    agentId,
    sessionKey,
    workspaceDir: plugin.workspaceDir(agentId),
    messageProvider: session?.entry.lastChannel ?? session?.entry.channel,
  };
}
