import assert from "node:assert/strict";
import { test } from "node:test";
import { terminalText } from "./terminal-text.ts";

test("S-45 what could fool a terminal becomes visible, the rest stays", () => {
  const harmless = "\u001b[1mtitle\u001b[22m\n\tzwölf ✓ 日本";

  assert.equal(terminalText(harmless), harmless);
  assert.equal(terminalText("one\r\ntwo"), "one\ntwo");
  assert.equal(terminalText("a\u001b]0;title\u0007b\u001b[2Jc"), "a\uFFFD]0;title\uFFFDb\uFFFD[2Jc");
  assert.equal(terminalText("real\rfake \u202Etxt.exe\u009b"), "real\uFFFDfake \uFFFDtxt.exe\uFFFD");
});
