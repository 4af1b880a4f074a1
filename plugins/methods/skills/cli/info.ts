import { CliError, defineCommand, terminalText } from "openclaw/plugin-sdk";
import type { StatusRow } from "../status.ts";
import { AGENT_OPTION, obstacles, skillReport, state } from "./ask.ts";

/** Settings that a skill lacks. */
function remedies({ skillKey, primaryEnv, disabled, missing, always }: StatusRow): string[] {
  const entry = `skills.entries.${skillKey}`;
  const variables = always ? [] : missing.env;
  return [
    ...(disabled ? [`${entry}.enabled true`] : []),
    ...variables.map((name) => (name === primaryEnv ? `${entry}.apiKey <key>` : `${entry}.env.${name} <value>`)),
  ];
}

/** `openclaw skills info <name>` (cli.md §8). */
export default defineCommand({
  options: AGENT_OPTION,
  async run(context) {
    const { args, print, tilde } = context;
    const name = String(args["name"]);
    const { skills } = await skillReport(context);
    const row = skills.find((one) => one.name === name) ?? skills.find((one) => one.skillKey === name);
    if (!row) throw new CliError(`there is no skill "${name}"`, { code: "NOT_FOUND", hint: "openclaw skills list" });
    const lines = [
      `${row.emoji ? `${row.emoji} ` : ""}${row.name}: ${state(row)}`,
      ...(row.description ? [row.description] : []),
      `File: ${tilde(row.filePath)}`,
      `Source: ${row.source.replace(/^openclaw-/, "")}`,
      ...(row.homepage === undefined ? [] : [`Homepage: ${row.homepage}`]),
      ...obstacles(row).map((text) => `- ${text}`),
      ...remedies(row).map((command) => `  openclaw config set ${command}`),
      ...(row.eligible ? [] : row.install.map(({ id, label }) => `Install (${id}): ${label}`)),
    ];
    print(row, lines.map((line) => terminalText(line)).join("\n"));
  },
});
