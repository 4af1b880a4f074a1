import { defineCommand } from "openclaw/plugin-sdk";
import { AGENT_OPTION, allowlistOf, withAllowlist } from "./allowlist.ts";
import { approvalsHost, HOST_OPTIONS, usage } from "./host.ts";
import { realPattern } from "./real-pattern.ts";

/** `openclaw approvals allowlist add` (cli.md §7). */
export default defineCommand({
  options: { ...HOST_OPTIONS, ...AGENT_OPTION },
  async run(context) {
    const { args, connect, print, note } = context;
    const given = String(args["pattern"]).trim();
    const agent = args["agent"] as string;
    // A bare name would match nothing (agent.md §13.3).
    if (!/[\\/]/.test(given)) throw usage(`"${given}" is no path; name the program as "which ${given}" shows it`);
    const pattern = await realPattern(given, context);
    if (pattern !== given) note(`${given} leads to ${pattern}, and what a link leads to is what runs`);
    const client = await connect();
    try {
      const host = await approvalsHost(client, args);
      const snapshot = await host.edit((file) => {
        const list = allowlistOf(file, agent);
        const isThere = list.some((entry) => entry.pattern === pattern);
        return isThere ? file : withAllowlist(file, agent, [...list, { pattern }]);
      });
      print(snapshot, `${pattern} runs without asking for ${agent === "*" ? "every agent" : agent}`);
    } finally {
      await client.close();
    }
  },
});
