import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";

const TEMP = "sessions.json.4711.0123456789ab.tmp";
const TWO_HOURS_AGO = Date.now() / 1_000 - 7_200;

test("R-14 a start removes what writes that were cut off have left, and nothing else", async () => {
  const home = mkdtempSync(join(tmpdir(), "openclaw-temps-"));
  const file = (hasAge: boolean, ...parts: string[]) => {
    const path = join(home, ".openclaw", ...parts);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, "half");
    if (hasAge) utimesSync(path, TWO_HOURS_AGO, TWO_HOURS_AGO);
    return path;
  };
  const stale = [file(true, TEMP), file(true, "agents", "main", "sessions", TEMP), file(true, "backups", TEMP)];
  const kept = [
    file(false, "devices", TEMP),
    file(true, "agents", "main", "sessions", "notes.tmp"),
    file(true, "workspace", TEMP),
  ];

  try {
    await using _gateway = await startTestGateway({ home, config: {} });

    await eventually("the old ones are gone", () => stale.every((path) => !existsSync(path)));
    assert.deepEqual(
      kept.filter((path) => !existsSync(path)),
      [],
    );
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
