import { CliError, defineCommand } from "openclaw/plugin-sdk";
import type { CliOption } from "openclaw/plugin-sdk";
import { ofSession } from "./of-session.ts";

/** Flag, field of `sessions.patch`, and what it is for. */
const FIELDS: readonly (readonly [flag: string, field: string, describe: string])[] = [
  ["label", "label", "a name of its own"],
  ["thinking", "thinkingLevel", "thinking level"],
  ["verbose-level", "verboseLevel", "off, on or full"],
  ["reasoning", "reasoningLevel", "off, on or stream"],
  ["usage", "responseUsage", "off, tokens or full"],
  ["elevated", "elevatedLevel", "off, on, ask or full"],
  ["exec-host", "execHost", "sandbox, gateway or node"],
  ["exec-security", "execSecurity", "deny, allowlist or full"],
  ["exec-ask", "execAsk", "off, on-miss or always"],
  ["exec-node", "execNode", "node that commands run on"],
  ["model", "model", "model that answers"],
  ["send-policy", "sendPolicy", "allow or deny"],
  ["activation", "groupActivation", "mention or always"],
];
/** What clears a field instead of setting it. */
const NOTHING: ReadonlySet<unknown> = new Set(["", "default", "none"]);

const options: Record<string, CliOption> = Object.fromEntries(
  FIELDS.map(([flag, , describe]) => [flag, { type: "string", describe: `${describe}; "default" clears it` }]),
);

/** `openclaw sessions patch <key>`: change what it answers with, and how. */
export default defineCommand({
  options,
  async run(context) {
    const { args } = context;
    const given = FIELDS.filter(([flag]) => args[flag] !== undefined);
    if (given.length === 0) {
      const flags = FIELDS.map(([flag]) => `--${flag}`).join(", ");
      throw new CliError(`nothing to change; use one of ${flags}`, { exitCode: 2, code: "USAGE" });
    }
    const fields = given.map(([flag, field]) => [field, NOTHING.has(args[flag]) ? null : args[flag]] as const);
    const answer = await ofSession<{ key: string; entry: object }>(
      context,
      "sessions.patch",
      Object.fromEntries(fields),
    );
    context.print(answer, `changed ${answer.key}: ${given.map(([flag]) => flag).join(", ")}`);
  },
});
