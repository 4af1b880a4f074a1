import { Cron, definePlugin } from "openclaw/plugin-sdk";
import type { CronJob } from "openclaw/plugin-sdk";

/** Keeps jobs and runs none. */
export default definePlugin((gateway) => {
  const jobs = new Map<string, CronJob>();
  const known = (id: string): CronJob => jobs.get(id) ?? { id, name: "none", enabled: false };
  gateway.provide(Cron, {
    status: async () => ({ jobs: jobs.size }),
    list: async () => [...jobs.values()],
    async add(job, author) {
      const id = `job-${jobs.size + 1}`;
      const made = { name: "job", ...job, id, enabled: true, author: author?.sessionKey };
      jobs.set(id, made);
      return made;
    },
    update: async (id) => known(id),
    remove: async (id) => ({ removed: jobs.delete(id) }),
    run: async (id) => known(id),
    runs: async () => [],
  });
});
