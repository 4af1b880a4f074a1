import { CliError, defineCommand } from "openclaw/plugin-sdk";
import { AGENT_OPTION, allowlistOf, withAllowlist } from "./allowlist.ts";
import { approvalsHost, HOST_OPTIONS } from "./host.ts";

/** `openclaw approvals allowlist remove` (cli.md §7). */
export default defineCommand({
  options: { ...HOST_OPTIONS, ...AGENT_OPTION },
  async run({ args, connect, print }) {
    const pattern = String(args["pattern"]).trim();
    const agent = args["agent"] as string;
    const client = await connect();
    try {
      const host = await approvalsHost(client, args);
      const snapshot = await host.edit((file) => {
        const list = allowlistOf(file, agent);
        const rest = list.filter((entry) => entry.pattern !== pattern);
        if (rest.length < list.length) return withAllowlist(file, agent, rest);
        const hint = "openclaw approvals allowlist list";
        throw new CliError(`${pattern} is not on the allowlist of ${agent}`, { code: "NOT_FOUND", hint });
      });
      print(snapshot, `${pattern} asks again`);
    } finally {
      await client.close();
    }
  },
});
