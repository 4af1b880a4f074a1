import { defineCollection } from "openclaw/plugin-sdk";
import type { StoreApi, SubagentRun } from "openclaw/plugin-sdk";

const SUBAGENTS = defineCollection<SubagentRun>("subagents", {
  indexes: {
    requester: ({ requesterKey }) => requesterKey,
    /** Whose end has not been told to the requester. */
    open: ({ announcedAt, startedAt }) => (announcedAt === undefined ? startedAt : null),
    archiveAt: ({ archiveAt }) => archiveAt ?? null,
  },
});

/** Sub-agents, from their start until they are archived. On disk: a restart forgets none of them. */
export class SubagentRecords {
  readonly #store: StoreApi;

  constructor(store: StoreApi) {
    this.#store = store;
  }

  add(run: SubagentRun): Promise<void> {
    return this.#store.commit([SUBAGENTS.insert(run.runId, run)]);
  }

  async save(run: SubagentRun, change: Partial<SubagentRun>): Promise<SubagentRun> {
    const next = { ...run, ...change };
    await this.#store.commit([SUBAGENTS.put(run.runId, next)]);
    return next;
  }

  remove({ runId }: SubagentRun): Promise<void> {
    return this.#store.commit([SUBAGENTS.remove(runId)]);
  }

  /** Of one session, oldest first. */
  async of(requesterKey: string): Promise<SubagentRun[]> {
    const runs = await this.#store.list(SUBAGENTS, { by: "requester", equals: requesterKey, limit: 200 });
    return runs.toSorted((a, b) => a.startedAt - b.startedAt);
  }

  open(): Promise<SubagentRun[]> {
    return this.#store.list(SUBAGENTS, { by: "open", from: 0, limit: 1_000 });
  }

  due(now: number): Promise<SubagentRun[]> {
    return this.#store.list(SUBAGENTS, { by: "archiveAt", from: 1, to: now, limit: 100 });
  }
}
