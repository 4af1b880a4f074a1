import { defineCommand, terminalText } from "openclaw/plugin-sdk";
import { AGENT_OPTION, obstacles, skillReport, state } from "./ask.ts";

/** `openclaw skills [list]` (cli.md §8). */
export default defineCommand({
  options: { ...AGENT_OPTION, eligible: { type: "boolean", describe: "only those that can be used" } },
  async run(context) {
    const { args, print, table } = context;
    const report = await skillReport(context);
    const skills = report.skills.filter((row) => args["eligible"] !== true || row.eligible);
    const rows = skills.map((row) => ({
      status: state(row),
      skill: terminalText(row.name),
      source: row.source.replace(/^openclaw-/, ""),
      description: terminalText(row.eligible ? row.description : obstacles(row).join(", ")).slice(0, 100),
    }));
    const ready = skills.filter((row) => row.eligible).length;
    const title = `Skills (${ready}/${skills.length} ready)`;
    const text =
      rows.length > 0
        ? `${title}\n${table(rows, ["status", "skill", "source", "description"])}`
        : "there are no skills";
    print({ ...report, skills }, text);
  },
});
