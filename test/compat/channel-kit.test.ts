import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { loadChannelKit, reportText, runChannelKit } from "openclaw/plugin-sdk/testing";

const example = join(import.meta.dirname, "../../examples/custom-channel");
const established = join(import.meta.dirname, "fixtures", "established-channel");

/** What the established contract has no words for. */
const EXCEPT = {
  C10: "an answer goes to the plugin's own deliver, whole",
  C12: "deliver cannot say that it is to be called again, nor when",
  C15: "startAccount cannot say that a credential is refused",
  R01: "the plugin is not told when a message is kept",
  F35: "deliver is given no id that is the same for each attempt",
};

test("a channel written for register(api) keeps every promise that its contract has words for", async (context) => {
  const kit = { ...(await loadChannelKit(example)), plugin: "established-channel", except: EXCEPT };

  const report = await runChannelKit(kit, { path: established, patience: 3, watchMs: 500 });

  for (const line of reportText(report).split("\n")) context.diagnostic(line);
  assert.equal(report.failed, 0, reportText(report));
  assert.deepEqual(
    report.results.filter(({ outcome }) => outcome === "n/a").map(({ id }) => id),
    ["C10", "C11", "C12", "C15", "R01", "F35"],
  );
});
