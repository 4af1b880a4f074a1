import type { HealthReport, Session } from "openclaw/plugin-sdk";
import type { ModelDefaults, Roster } from "./roster.ts";
import type { SessionIndex } from "./session-index.ts";
import { sessionKind } from "./session-row.ts";

export interface ReportParts {
  readonly index: SessionIndex;
  readonly roster: Roster;
  /** The store file of one agent, or what stands for those of several. */
  readonly storePath: (agentId?: string) => string;
}

const HEALTH_RECENT = 5;
const STATUS_RECENT = 10;

/** The sessions part of `health` (protocol.md §9.1). */
export async function healthOf({ index, storePath }: ReportParts): Promise<HealthReport["sessions"]> {
  const now = Date.now();
  const [count, newest] = await Promise.all([index.count(), index.list({ limit: HEALTH_RECENT })]);
  const recent = newest.map(({ key, entry: { updatedAt } }) => ({ key, updatedAt, age: now - updatedAt }));
  return { path: storePath(), count, recent };
}

/** Makes the sessions part of `status` (protocol.md §9.1); asks the store again only after sessions have changed. */
export function createStatus({ index, roster, storePath }: ReportParts): () => Promise<object> {
  let read: { revision: object; agents: string; figures: Promise<Figures> } | undefined;

  async function figuresOf(ids: readonly string[]): Promise<Figures> {
    const of = async (agentId?: string) => {
      const options = { limit: STATUS_RECENT, ...(agentId !== undefined && { agentId }) };
      const [count, recent] = await Promise.all([index.count(agentId), index.list(options)]);
      return { count, recent };
    };
    const [all, ...agents] = await Promise.all([of(), ...ids.map(of)]);
    return { all, agents };
  }

  return async () => {
    const defaults = roster.modelDefaults();
    const ids = roster.ids();
    const agents = ids.join();
    const revision = await index.revision();
    if (read?.revision !== revision || read.agents !== agents) read = { revision, agents, figures: figuresOf(ids) };
    const figures = await read.figures.catch((error: unknown) => {
      read = undefined;
      throw error;
    });
    const paths = ids.map(storePath);
    const shown = ({ count, recent }: Part) => ({ count, recent: recent.map((one) => statusRow(one, defaults)) });
    return {
      paths,
      defaults: { model: defaults.model, contextTokens: defaults.contextTokens },
      ...shown(figures.all),
      byAgent: ids.map((agentId, at) => ({
        agentId,
        path: paths[at],
        ...shown(figures.agents[at] as Part),
      })),
    };
  };
}

/** How many sessions there are and the newest of them. */
interface Part {
  readonly count: number;
  readonly recent: readonly Session[];
}

interface Figures {
  readonly all: Part;
  readonly agents: readonly Part[];
}

function statusRow(session: Session, defaults: ModelDefaults): object {
  const { key, agentId, entry } = session;
  const { sessionId, updatedAt, thinkingLevel, systemSent, abortedLastRun, inputTokens, outputTokens } = entry;
  const totalTokens = entry.totalTokens ?? null;
  const contextTokens = entry.contextTokens ?? defaults.contextTokens;
  const isMeasured = totalTokens !== null && contextTokens !== null && contextTokens > 0;
  return {
    agentId,
    key,
    kind: sessionKind(session),
    sessionId,
    updatedAt,
    age: Date.now() - updatedAt,
    ...(thinkingLevel !== undefined && { thinkingLevel }),
    ...(systemSent !== undefined && { systemSent }),
    ...(abortedLastRun !== undefined && { abortedLastRun }),
    ...(inputTokens !== undefined && { inputTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
    totalTokens,
    remainingTokens: isMeasured ? Math.max(0, contextTokens - totalTokens) : null,
    percentUsed: isMeasured ? Math.min(999, Math.round((totalTokens / contextTokens) * 100)) : null,
    model: entry.model ?? defaults.model,
    contextTokens,
    flags: flagsOf(session),
  };
}

/** What is out of the ordinary, in words for one line of text. */
function flagsOf({ entry }: Session): string[] {
  const levels = ["thinking", "verbose", "reasoning", "elevated"].flatMap((name) => {
    const level = entry[`${name}Level`];
    return typeof level === "string" && level !== "" ? [`${name}:${level}`] : [];
  });
  return [...levels, ...(entry.systemSent ? ["system"] : []), ...(entry.abortedLastRun ? ["aborted"] : [])];
}
