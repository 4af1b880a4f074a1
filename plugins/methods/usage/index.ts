import { definePlugin, Type, UsageReports } from "openclaw/plugin-sdk";
import { CostReports } from "./cost-report.ts";
import type { CostReport } from "./cost-report.ts";
import { CostReportShape, QuotaReportShape } from "./shape.ts";

/** protocol-methods.json: answers of `usage.cost` are this fresh. */
const CACHED_MS = 30_000;
const MAX_CACHED = 20;

export default definePlugin((gateway) => {
  const hooks = gateway.provide(UsageReports, {});
  const reports = new CostReports(gateway);
  const cached = new Map<string, { readonly at: number; readonly report: Promise<CostReport> }>();

  gateway.method({
    name: "usage.status",
    scope: "operator.read",
    params: Type.Object({}),
    result: QuotaReportShape,
    handle: async () => ({ updatedAt: Date.now(), providers: (await hooks.quota.promise([])) ?? [] }),
  });
  gateway.method({
    name: "usage.cost",
    scope: "operator.read",
    params: Type.Object({
      days: Type.Optional(Type.Union([Type.Number(), Type.String({ maxLength: 16 })])),
      startDate: Type.Optional(Type.String({ maxLength: 16 })),
      endDate: Type.Optional(Type.String({ maxLength: 16 })),
    }),
    result: CostReportShape,
    handle({ days, startDate, endDate }): Promise<CostReport> {
      const key = JSON.stringify([days, startDate, endDate]);
      const now = Date.now();
      const before = cached.get(key);
      if (before && now - before.at < CACHED_MS) return before.report;
      const report = reports.report({
        ...(days !== undefined && { days }),
        ...(startDate !== undefined && { startDate }),
        ...(endDate !== undefined && { endDate }),
      });
      cached.set(key, { at: now, report });
      report.catch(() => cached.delete(key));
      for (const oldest of cached.keys()) {
        if (cached.size <= MAX_CACHED) break;
        cached.delete(oldest);
      }
      return report;
    },
  });
});
