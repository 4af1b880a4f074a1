import { CliError, defineCommand, terminalText } from "openclaw/plugin-sdk";
import { AGENT_OPTION, obstacles, skillReport, state } from "./ask.ts";

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
      ...(row.eligible ? [] : row.install.map(({ id, label }) => `Install (${id}): ${label}`)),
    ];
    print(row, lines.map((line) => terminalText(line)).join("\n"));
  },
});
