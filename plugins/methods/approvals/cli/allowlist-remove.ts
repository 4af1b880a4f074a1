import { CliError, defineCommand } from "openclaw/plugin-sdk";
import { AGENT_OPTION, allowlistOf, withAllowlist } from "./allowlist.ts";
import { approvalsHost, HOST_OPTIONS } from "./host.ts";
import { realPattern } from "./real-pattern.ts";

/** `openclaw approvals allowlist remove` (cli.md §7). */
export default defineCommand({
  options: { ...HOST_OPTIONS, ...AGENT_OPTION },
  async run(context) {
    const { args, connect, print } = context;
    const given = String(args["pattern"]).trim();
    // As it was added, or as it stands there.
    const patterns = [given, await realPattern(given, context)];
    const agent = args["agent"] as string;
    const client = await connect();
    try {
      const host = await approvalsHost(client, args);
      const snapshot = await host.edit((file) => {
        const list = allowlistOf(file, agent);
        const rest = list.filter(({ pattern }) => !patterns.includes(pattern));
        if (rest.length < list.length) return withAllowlist(file, agent, rest);
        const hint = "openclaw approvals allowlist list";
        throw new CliError(`${given} is not on the allowlist of ${agent}`, { code: "NOT_FOUND", hint });
      });
      print(snapshot, `${given} asks again`);
    } finally {
      await client.close();
    }
  },
});
