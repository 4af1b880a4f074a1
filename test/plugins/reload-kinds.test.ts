import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { ReloadOutcome } from "openclaw/plugin-sdk";
import { createWorkshop, enabled, start, stateOf } from "./workshop.ts";

const IMPORT = `import { definePlugin, Type } from "openclaw/plugin-sdk";`;
const REQUIRE = `const { definePlugin, Type } = require("openclaw/plugin-sdk");`;
const ANSWER = (answer: string) => `definePlugin((gateway) => {
  gateway.method({ name: "kind.get", scope: "operator.read", params: Type.Object({}), handle: async () => (${answer}) });
})`;
const MODULE = JSON.stringify({ type: "module" });

interface Kind {
  readonly name: string;
  /** Files whose text holds `VERSION` where the version goes. */
  readonly files: Readonly<Record<string, string>>;
}

const KINDS: readonly Kind[] = [
  {
    name: "TypeScript with a helper",
    files: {
      "index.ts": `${IMPORT} import { helper } from "./helper.ts"; const own: string = "VERSION"; export default ${ANSWER("own + helper")};`,
      "helper.ts": `export const helper: string = "VERSION";`,
    },
  },
  {
    name: ".mts",
    files: {
      "index.mts": `${IMPORT} import { helper } from "./helper.mts"; export default ${ANSWER(`"VERSION" + helper`)};`,
      "helper.mts": `export const helper = "VERSION";`,
    },
  },
  {
    name: "TypeScript with a helper that is an ES module",
    files: {
      "package.json": MODULE,
      "index.ts": `${IMPORT} import { helper } from "./helper.js"; export default ${ANSWER(`"VERSION" + helper`)};`,
      "helper.js": `export const helper = "VERSION";`,
    },
  },
  {
    name: ".js in a package of ES modules",
    files: {
      "package.json": MODULE,
      "index.js": `${IMPORT} import { helper } from "./helper.js"; export default ${ANSWER(`"VERSION" + helper`)};`,
      "helper.js": `export const helper = "VERSION";`,
    },
  },
  {
    name: ".js with the syntax of ES modules and no package",
    files: {
      "index.js": `${IMPORT} import { helper } from "./helper.js"; export default ${ANSWER(`"VERSION" + helper`)};`,
      "helper.js": `export const helper = "VERSION";`,
    },
  },
  {
    name: ".mjs",
    files: {
      "index.mjs": `${IMPORT} import { helper } from "./helper.mjs"; export default ${ANSWER(`"VERSION" + helper`)};`,
      "helper.mjs": `export const helper = "VERSION";`,
    },
  },
  {
    name: ".cjs",
    files: {
      "index.cjs": `${REQUIRE} const { helper } = require("./helper.cjs"); module.exports = ${ANSWER(`"VERSION" + helper`)};`,
      "helper.cjs": `exports.helper = "VERSION";`,
    },
  },
  {
    name: ".js in a package of CommonJS",
    files: {
      "package.json": JSON.stringify({ type: "commonjs" }),
      "index.js": `${REQUIRE} const { helper } = require("./helper.js"); module.exports = ${ANSWER(`"VERSION" + helper`)};`,
      "helper.js": `exports.helper = "VERSION";`,
    },
  },
  {
    name: ".cjs that requires an ES module",
    files: {
      "index.cjs": `${REQUIRE} const { helper } = require("./helper.mjs"); module.exports = ${ANSWER(`"VERSION" + helper`)};`,
      "helper.mjs": `export const helper = "VERSION";`,
    },
  },
  {
    name: "TypeScript with top-level await",
    files: {
      "index.ts": `${IMPORT} import { helper } from "./helper.ts"; const own = await Promise.resolve("VERSION"); export default ${ANSWER("own + helper")};`,
      "helper.ts": `export const helper = "VERSION";`,
    },
  },
  {
    name: ".mjs with top-level await",
    files: {
      "index.mjs": `${IMPORT} import { helper } from "./helper.mjs"; const own = await Promise.resolve("VERSION"); export default ${ANSWER("own + helper")};`,
      "helper.mjs": `export const helper = "VERSION";`,
    },
  },
  {
    name: "an ES module whose helper has top-level await",
    files: {
      "package.json": MODULE,
      "index.js": `${IMPORT} import { helper } from "./helper.js"; export default ${ANSWER(`"VERSION" + helper`)};`,
      "helper.js": `export const helper = await Promise.resolve("VERSION");`,
    },
  },
  {
    name: "a helper that is imported when it is called for",
    files: {
      "index.ts": `${IMPORT} export default ${ANSWER(`"VERSION" + (await import("./helper.mjs")).helper`)};`,
      "helper.mjs": `import { deeper } from "./deeper.mjs"; export const helper = deeper;`,
      "deeper.mjs": `export const deeper = "VERSION";`,
    },
  },
];

for (const { name, files } of KINDS) {
  test(`R-29 a reload runs new code: ${name}`, async () => {
    using shop = createWorkshop();
    const write = (version: number) => {
      for (const [file, text] of Object.entries(files))
        shop.write({ [`kind/${file}`]: text.replaceAll("VERSION", String(version)) });
    };
    shop.write({ "kind/openclaw.plugin.json": '{"id":"kind"}' });
    write(1);
    await using gateway = await start(shop, enabled(join(shop.folder, "kind")));
    const client = await gateway.client();

    const answers = [await client.request("kind.get")];
    for (const version of [2, 3]) {
      write(version);
      const { ok, error } = await client.request<ReloadOutcome>("plugins.reload", { id: "kind" });
      assert.ok(ok, error);
      answers.push(await client.request("kind.get"));
    }

    assert.deepEqual(answers, ["11", "22", "33"]);
    assert.equal(stateOf(gateway, "kind").generation, 3);
  });
}

test("R-29 the one kind that Node never loads again says so, and a reload without a change of it works", async () => {
  using shop = createWorkshop();
  shop.write({
    "kind/openclaw.plugin.json": '{"id":"kind"}',
    "kind/index.cjs": `${REQUIRE} const { helper } = require("./between.cjs"); module.exports = ${ANSWER("helper")};`,
    "kind/between.cjs": `module.exports = require("./deep.mjs");`,
    "kind/deep.mjs": `export const helper = 1;`,
  });
  await using gateway = await start(shop, enabled(join(shop.folder, "kind")));
  const client = await gateway.client();
  const reload = () => client.request<ReloadOutcome>("plugins.reload", { id: "kind" });

  const unchanged = await reload();
  shop.write({ "kind/deep.mjs": `export const helper = 2;` });
  const changed = await reload();

  assert.equal(unchanged.ok, true);
  assert.equal(changed.ok, false);
  assert.match(String(changed.error), /deep\.mjs is an ES module that CommonJS code requires; restart the gateway/);
  assert.equal(await client.request("kind.get"), 1);
});

test("two gateways in one process load the same folder each for itself", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin(
    "count",
    `const count = (module.count = (module.count ?? 0) + 1);
    gateway.method({ name: "count.get", scope: "operator.read", params: Type.Object({}), handle: async () => count });`,
  );

  await using one = await start(shop, enabled(folder));
  await using two = await start(shop, enabled(folder));

  assert.equal(await (await one.client()).request("count.get"), 1);
  assert.equal(await (await two.client()).request("count.get"), 1);
});
