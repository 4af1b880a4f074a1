import { Type } from "openclaw/plugin-sdk";

const TotalsFields = {
  input: Type.Number(),
  output: Type.Number(),
  cacheRead: Type.Number(),
  cacheWrite: Type.Number(),
  totalTokens: Type.Number(),
  totalCost: Type.Number(),
  inputCost: Type.Number(),
  outputCost: Type.Number(),
  cacheReadCost: Type.Number(),
  cacheWriteCost: Type.Number(),
  missingCostEntries: Type.Integer(),
};

export const CostReportShape = Type.Object({
  updatedAt: Type.Integer(),
  days: Type.Integer(),
  daily: Type.Array(Type.Object({ date: Type.String(), ...TotalsFields })),
  totals: Type.Object(TotalsFields),
});
export const QuotaReportShape = Type.Object({
  updatedAt: Type.Integer(),
  providers: Type.Array(
    Type.Object({
      provider: Type.String(),
      displayName: Type.String(),
      windows: Type.Array(
        Type.Object({ label: Type.String(), usedPercent: Type.Number(), resetAt: Type.Optional(Type.Integer()) }),
      ),
      plan: Type.Optional(Type.String()),
      error: Type.Optional(Type.String()),
    }),
  ),
});
