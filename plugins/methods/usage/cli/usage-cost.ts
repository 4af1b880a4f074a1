import { defineCommand } from "openclaw/plugin-sdk";
import type { UsageTotals } from "openclaw/plugin-sdk";
import type { CostReport } from "../cost-report.ts";

/** `openclaw gateway usage-cost` (cli.md §2.4). */
export default defineCommand({
  options: { days: { type: "number", describe: "how many days, up to today", default: 30 } },
  async run({ args, connect, print, table }) {
    const client = await connect();
    try {
      const report = await client.request<CostReport>("usage.cost", { days: args["days"] });
      const row = (date: string, { input, output, totalTokens, totalCost, missingCostEntries }: UsageTotals) => ({
        date,
        input: String(input),
        output: String(output),
        total: String(totalTokens),
        cost: `${totalCost.toFixed(4)}${missingCostEntries > 0 ? ` (${missingCostEntries} without a price)` : ""}`,
      });
      const rows = [...report.daily.map((day) => row(day.date, day)), row("all", report.totals)];
      print(report, table(rows, ["date", "input", "output", "total", "cost"]));
    } finally {
      await client.close();
    }
  },
});
