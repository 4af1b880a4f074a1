import { CliError, defineCommand } from "openclaw/plugin-sdk";
import type { CleanupReport } from "../maintenance.ts";

/** `openclaw sessions cleanup`: remove what `session.maintenance` says, or only count it. */
export default defineCommand({
  options: {
    "dry-run": { type: "boolean", describe: "only count" },
    enforce: { type: "boolean", describe: "remove, also where the configuration says to warn only" },
  },
  async run({ args, connect, print }) {
    if (args["dry-run"] === true && args["enforce"] === true) {
      throw new CliError("--dry-run and --enforce exclude each other", { exitCode: 2, code: "USAGE" });
    }
    const client = await connect();
    try {
      const mode = args["dry-run"] === true ? "warn" : args["enforce"] === true ? "enforce" : undefined;
      const report = await client.request<CleanupReport>("sessions.cleanup", mode === undefined ? {} : { mode });
      const { sessions, archives, orphans } = report.removed;
      const verb = report.mode === "enforce" ? "removed" : "would remove";
      print(report, `${verb} ${sessions} sessions, ${archives} old archives, ${orphans} transcripts of no session`);
    } finally {
      await client.close();
    }
  },
});
