import { defineCommand } from "openclaw/plugin-sdk";
import { timeOf } from "./job-line.ts";

interface Status {
  readonly enabled: boolean;
  readonly storePath: string;
  readonly jobs: number;
  readonly nextWakeAtMs: number | null;
}

/** `openclaw cron status`. */
export default defineCommand({
  async run({ connect, print, tilde }) {
    const client = await connect();
    try {
      const status = await client.request<Status>("cron.status", {});
      const { enabled, storePath, jobs, nextWakeAtMs } = status;
      const next = nextWakeAtMs === null ? "nothing is planned" : `next ${timeOf(nextWakeAtMs)}`;
      print(status, `${enabled ? "on" : "off"}, ${jobs} jobs in ${tilde(storePath)}; ${next}`);
    } finally {
      await client.close();
    }
  },
});
