import { defineCommand, terminalText } from "openclaw/plugin-sdk";
import { AGENT_OPTION, obstacles, skillReport, state } from "./ask.ts";

/** `openclaw skills check`: exit 1 when a skill is broken (cli.md §8). */
export default defineCommand({
  options: AGENT_OPTION,
  async run(context) {
    const { skills } = await skillReport(context);
    const named = (wanted: string) => skills.filter((row) => state(row) === wanted);
    const groups = ["ready", "missing", "disabled", "blocked", "error"].map((name) => [name, named(name)] as const);
    const counts = Object.fromEntries(groups.map(([name, rows]) => [name, rows.length]));
    const lines = [
      `Skills: ${skills.length}, ${groups.map(([name, rows]) => `${rows.length} ${name}`).join(", ")}`,
      ...skills.filter((row) => !row.eligible).map((row) => terminalText(`${row.name}: ${obstacles(row).join(", ")}`)),
    ];
    context.print({ ok: named("error").length === 0, total: skills.length, counts, skills }, lines.join("\n"));
    return named("error").length > 0 ? 1 : 0;
  },
});
