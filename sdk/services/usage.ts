import { AsyncSeriesWaterfallHook } from "tapable";
import { defineService } from "../service.ts";

/** How much of an allowance is used up. */
export interface QuotaWindow {
  /** Such as `5h` or `week`. */
  readonly label: string;
  readonly usedPercent: number;
  readonly resetAt?: number;
}

/** What one model provider says of an account. */
export interface ProviderQuota {
  readonly provider: string;
  readonly displayName: string;
  readonly windows: readonly QuotaWindow[];
  readonly plan?: string;
  readonly error?: string;
}

/** Provider plugins that can ask for their quota tap `quota`; the others are left out of `usage.status`. */
export const UsageReports = defineService<object, ReturnType<typeof createHooks>>("usage", createHooks);

function createHooks() {
  return {
    quota: new AsyncSeriesWaterfallHook<[readonly ProviderQuota[]]>(["quotas"], "usage.quota"),
  };
}
