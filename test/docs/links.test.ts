import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { root } from "../support/build.ts";

const LINK = /\]\(([^)#:\s]+)(?:#[^)]*)?\)/g;

for (const page of globSync(["README.md", "docs/**/*.md", "examples/*/README.md"], { cwd: root })) {
  test(`every link and picture of ${page} leads somewhere`, () => {
    const text = readFileSync(join(root, page), "utf8");
    const targets = [...text.matchAll(LINK)].map(([, target]) => target as string);

    const broken = targets.filter((target) => !existsSync(join(root, dirname(page), target)));

    assert.deepEqual(broken, []);
  });
}
