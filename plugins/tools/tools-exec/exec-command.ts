import { GatewayError, Messaging, wordOf } from "openclaw/plugin-sdk";
import type { CommandCall, PluginGateway, SessionsApi } from "openclaw/plugin-sdk";
import { stricterPolicy } from "openclaw/plugin-sdk/exec";
import { isSandboxed } from "openclaw/plugin-sdk/workspace";
import { execSettings } from "./settings.ts";

const USE =
  "Use /exec host=gateway|node security=deny|allowlist|full ask=off|on-miss|always node=<id>, or /exec default.";
const FIELDS = { host: "execHost", security: "execSecurity", ask: "execAsk" } as const;
const CLEARED = { execHost: undefined, execSecurity: undefined, execAsk: undefined, execNode: undefined };

/** `/exec`: where commands of this session run and who is asked. A chat may be stricter than the configuration, not looser. */
export function registerExecCommand(gateway: PluginGateway, sessions: SessionsApi): void {
  const options = { description: "where commands run here, and who is asked", acceptsArgs: true, ownerOnly: true };
  gateway.hooks
    .of(Messaging)
    .command.for("exec")
    .tap({ ...options, yields: true }, async (call) => ({ text: await answer(call), format: "plain" }));

  async function answer({ args, session }: CommandCall): Promise<string> {
    const words = args.split(/\s+/).filter((word) => word !== "");
    if (words.length === 0) return told(session);
    try {
      const change = words.length === 1 && words[0] === "default" ? CLEARED : changeOf(words, session);
      return typeof change === "string" ? change : told(await sessions.update(session.key, () => change));
    } catch (error) {
      if (error instanceof GatewayError) return `${error.message}. ${USE}`;
      throw error;
    }
  }

  function changeOf(words: readonly string[], session: CommandCall["session"]): Record<string, string> | string {
    const change: Record<string, string> = {};
    for (const word of words) {
      const [, name = "", value = ""] = /^(host|security|ask|node)[=:](\S+)$/.exec(word.toLowerCase()) ?? [];
      // Names of nodes are as they are written.
      if (name === "node") change["execNode"] = word.slice("node=".length);
      else if (name === "host" || name === "security" || name === "ask")
        change[FIELDS[name]] = wordOf(FIELDS[name], value);
      else return `"${word}" is not known. ${USE}`;
    }
    const bare = { ...session, entry: { ...session.entry, ...CLEARED } };
    const { policy } = execSettings(gateway.settings, session.agentId, bare as typeof session, { command: "" });
    const changed = { ...session, entry: { ...session.entry, ...change } };
    const { policy: wanted } = execSettings(gateway.settings, session.agentId, changed, { command: "" });
    const { security, ask } = stricterPolicy(policy, wanted);
    if (security === wanted.security && ask === wanted.ask) return change;
    return 'A chat may be stricter than tools.exec, not looser; use "openclaw config" on the gateway\'s machine.';
  }

  function told(session: CommandCall["session"]): string {
    const { agentId, key } = session;
    if (isSandboxed(gateway.settings, { agentId, sessionKey: key }))
      return "Commands run in the sandbox of this session; only who is elevated leaves it.";
    const { host, node, policy } = execSettings(gateway.settings, session.agentId, session, { command: "" });
    const where = host === "node" ? `node ${node ?? "(the only one)"}` : "the gateway's machine";
    return `Commands run on ${where}; security ${policy.security}, ask ${policy.ask}, as far as the approvals file allows.`;
  }
}
