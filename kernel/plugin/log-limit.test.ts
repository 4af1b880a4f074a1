import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { limited } from "./log-limit.ts";

test("a plugin that floods the log has two hundred lines, a sample of the rest, and a count of what is left out", async () => {
  const lines: string[] = [];
  const write = (message: string) => void lines.push(message);
  const log = limited({ debug: write, info: write, warn: write, error: write });

  for (let i = 1; i <= 1_000; i++) log.info(`line ${i}`);
  const count = await eventually("the count", () => lines.find((line) => /left out/.test(line)));

  const kept = lines.filter((line) => line.startsWith("line "));
  assert.deepEqual(kept.slice(199, 203), ["line 200", "line 300", "line 400", "line 500"]);
  assert.equal(count, `${1_000 - kept.length} log lines left out: more than 200 in a second`);
});
