import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { writeNeedy, writeSkill } from "../skills/place.ts";
import { run, startGateway, testHome, TOKEN } from "../support/command-line.ts";
import type { TestHome } from "../support/command-line.ts";

suite("openclaw skills", () => {
  let at: TestHome;
  before(async () => {
    at = await testHome({ skills: { entries: { off: { enabled: false } } } });
    const folder = join(at.stateDir, "skills");
    writeSkill(folder, "fine", "does fine things");
    writeSkill(folder, "off");
    writeNeedy(
      folder,
      "lacking",
      "{ requires: { bins: [not-there-1] }, install: [{ id: a, kind: brew, formula: x }] }",
    );
  });
  after(() => at[Symbol.dispose]());

  const openclaw = (...args: string[]) => run(at, ["skills", ...args]);

  test("lists what can be used and what the others lack", async () => {
    const { stdout, code } = await openclaw();

    assert.equal(code, 0);
    assert.match(stdout, /^Skills \(\d+\/\d+ ready\)\nSTATUS +SKILL +SOURCE +DESCRIPTION\n/);
    assert.match(stdout, /\nready +fine +managed +does fine things\n/);
    assert.match(stdout, /\nmissing +lacking +managed +needs not-there-1\n/);
    assert.match(stdout, /\ndisabled +off +managed +is switched off\n/);
    assert.match(stdout, /\nready +skill-author +bundled +/);
  });

  test("shows one, checks all, and says the same as a gateway that runs", async () => {
    const info = await openclaw("info", "lacking");
    const alone = JSON.parse((await openclaw("list", "--json")).stdout) as { skills: { name: string }[] };
    assert.match(
      info.stdout,
      /^lacking: missing\nneeds lacking\nFile: ~\/.*\nSource: managed\n- needs not-there-1\nInstall \(a\): /m,
    );
    assert.match(
      (await openclaw("info", "off")).stdout,
      /\n {2}openclaw config set skills\.entries\.off\.enabled true\n/,
    );
    assert.equal((await openclaw("info", "ghost")).code, 1);
    assert.equal((await openclaw("check")).code, 0);
    mkdirSync(join(at.stateDir, "skills", "broken"));
    writeFileSync(join(at.stateDir, "skills", "broken", "SKILL.md"), "nothing\n");
    const check = await openclaw("check");
    assert.equal(check.code, 1);
    assert.match(check.stdout, /^Skills: \d+, \d+ ready, \d+ missing, 1 disabled, 0 blocked, 1 error\n/);
    assert.match(check.stdout, /^broken: has no front matter/m);

    await using _gateway = await startGateway(at);
    const asked = JSON.parse((await openclaw("list", "--json", "--token", TOKEN)).stdout) as typeof alone;
    const others = asked.skills.filter(({ name }) => name !== "broken");
    assert.deepEqual(others, alone.skills);
    assert.equal((await openclaw("list", "--agent", "ghost", "--token", TOKEN)).code, 1);
  });
});
