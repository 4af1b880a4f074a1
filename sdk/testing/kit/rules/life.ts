import { Broken, holds } from "../rule.ts";
import type { KitRule } from "../rule.ts";

const START_MS = 3_000;

/** The account's own life (channels.md §1.10). */
export const LIFE: readonly KitRule[] = [
  {
    id: "C1",
    title: "the account connects and says who it is",
    grade: "bronze",
    async check(bench) {
      const stage = await bench.stage();

      const account = await stage.connected(undefined, START_MS * bench.options.patience);

      holds(account.running && account.configured, "the account is connected and yet not running or not configured");
      if (bench.kit.lacks?.credentials !== undefined) return;
      const identity = await bench.part("identity", "credentials");
      const { accounts } = await stage.status(true);
      if (JSON.stringify(accounts).includes(JSON.stringify(identity).slice(1, -1))) return;
      throw new Broken(`the status does not say who the account is (${identity}), not even after a probe`);
    },
  },
];
