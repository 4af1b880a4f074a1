import assert from "node:assert/strict";
import { test } from "node:test";
import { a2uiText, checkA2ui } from "./a2ui.ts";

test("lines of A2UI 0.8 pass without the empty ones, and the first wrong one is named", () => {
  const good = '{"deleteSurface":{"surfaceId":"a"}}';

  assert.equal(checkA2ui(`\n${good}\r\n\n${good}\n`), `${good}\n${good}`);
  assert.equal(checkA2ui(a2uiText("hi")).split("\n").length, 2);
  assert.throws(
    () => checkA2ui(`${good}\n\n{"createSurface":{}}`),
    /^GatewayError: line 3: createSurface is A2UI 0\.9/,
  );
  assert.throws(() => checkA2ui("{"), /line 1: not JSON/);
  assert.throws(() => checkA2ui('{"surfaceUpdate":{},"deleteSurface":{}}'), /line 1: needs exactly one of/);
  assert.throws(() => checkA2ui("[]"), /line 1: needs exactly one of/);
  assert.throws(() => checkA2ui(" \n"), /there is no A2UI message/);
});
