import assert from "node:assert/strict";
import { test } from "node:test";
import { logAdapter, quietConsole } from "./log-adapter.ts";

test("of what the library says only words reach the log", () => {
  const lines: string[] = [];
  const say = (text: string, fields?: object) => void lines.push(text + JSON.stringify(fields ?? ""));
  const logger = logAdapter({ debug: say, info: say, warn: say, error: say }, "default");

  logger.error({ err: new Error("no session"), privKey: "SECRET" }, "could not read");
  logger.child({ class: "x" }).warn("plain words");
  logger.info({ noiseKey: "SECRET" }, "connected");
  logger.error({ key: "SECRET" });

  assert.deepEqual(lines, ['whatsapp/default: could not read: no session""', 'whatsapp/default: plain words""']);
});

test("others may use the console; the filter leaves it as it was", () => {
  const lines: unknown[] = [];
  const say = (...args: unknown[]) => void lines.push(args);
  const target = { log: say, info: say, warn: say, error: say };

  const undo = quietConsole(target);
  target.info("kept", 1);
  undo();

  assert.deepEqual(lines, [["kept", 1]]);
  assert.equal(target.info, say);
});
