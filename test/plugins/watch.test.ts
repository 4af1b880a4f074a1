import assert from "node:assert/strict";
import { mkdirSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { configured, createWorkshop, enabled, reaches, start, stateOf } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

const WATCH = { options: { watch: true } };

/** A TypeScript plugin whose answer comes from a helper. */
function write(shop: Workshop, helper: string): string {
  shop.write({
    "watched/openclaw.plugin.json": JSON.stringify({ id: "watched" }),
    "watched/index.ts": `import { definePlugin, Type } from "openclaw/plugin-sdk";
      import { word } from "./src/word.ts";
      export default definePlugin((gateway) => {
        gateway.method({ name: "watched.word", scope: "operator.read", params: Type.Object({}), handle: () => word });
      });`,
    "watched/src/word.ts": helper,
  });
  return join(shop.folder, "watched");
}

test("watch mode: saving a helper of a TypeScript plugin reloads that plugin alone", async () => {
  using shop = createWorkshop();
  const folder = write(shop, `export const word: string = "one";`);
  const other = shop.plugin("other", "");
  await using gateway = await start(shop, enabled(folder, other), WATCH);
  const client = await gateway.client();

  const before = await client.request("watched.word");
  shop.write({ "watched/src/word.ts": `export const word: string = "two";` });
  await eventually("the new word", async () => (await client.request("watched.word")) === "two");
  // Editors write beside the file and rename over it.
  shop.write({ "watched/src/word.ts.tmp": `export const word: string = "three";` });
  renameSync(join(folder, "src/word.ts.tmp"), join(folder, "src/word.ts"));
  await eventually("the third word", async () => (await client.request("watched.word")) === "three");

  assert.equal(before, "one");
  assert.equal(stateOf(gateway, "other").generation, 1);
});

test("watch mode: a source that is saved as soon as its plugin serves is not missed", async () => {
  for (let round = 0; round < 2; round++) {
    using shop = createWorkshop();
    const folder = write(shop, `export const word = "one";`);
    await using gateway = await start(shop, enabled(folder), WATCH);
    const client = await gateway.client();

    await client.request("watched.word");
    shop.write({ "watched/src/word.ts": `export const word = "two";` });

    await eventually("the new word", async () => (await client.request("watched.word")) === "two");
  }
});

test("watch mode: a version that does not load is told, and mending it reloads", async () => {
  using shop = createWorkshop();
  const folder = write(shop, `export const word = "one";`);
  await using gateway = await start(shop, enabled(folder), WATCH);
  const client = await gateway.client();

  shop.write({ "watched/src/word.ts": `export const word = ((;` });
  const broken = await reaches(gateway, "watched", "active", "reload_failed");
  const meanwhile = await client.request("watched.word");
  shop.write({ "watched/src/word.ts": `export const word = "two";` });
  await eventually("the new word", async () => (await client.request("watched.word")) === "two");

  assert.match(String(broken.error), /word\.ts/);
  assert.equal(meanwhile, "one");
});

test("watch mode: a plugin that failed to start is tried again when its source is saved", async () => {
  using shop = createWorkshop();
  const folder = write(shop, `throw new Error("not yet"); export const word = "";`);
  await using gateway = await start(shop, enabled(folder), WATCH);
  await reaches(gateway, "watched", "failed");

  shop.write({ "watched/src/word.ts": `export const word = "now";` });
  await reaches(gateway, "watched", "active");

  assert.equal(await (await gateway.client()).request("watched.word"), "now");
});

test("watch mode: a manifest that is saved counts too, and a folder that is added later is watched", async () => {
  using shop = createWorkshop();
  const folder = write(shop, `export const word = "one";`);
  await using gateway = await start(shop, {}, WATCH);
  gateway.writeConfig(configured(enabled(folder)));
  await reaches(gateway, "watched", "active");

  // The folder is watched from some moment after its plugin is active.
  let savedAt = -Infinity;
  await eventually("the new name", () => {
    if (performance.now() - savedAt > 250) {
      shop.write({ "watched/openclaw.plugin.json": JSON.stringify({ id: "watched", name: "Renamed" }) });
      savedAt = performance.now();
    }
    return stateOf(gateway, "watched").name === "Renamed";
  });

  assert.equal(await (await gateway.client()).request("watched.word"), "one");
});

test("watch mode: a folder behind a link is watched, and installed libraries are not", async () => {
  using shop = createWorkshop();
  const real = write(shop, `export const word = "one";`);
  const link = join(shop.folder, "links/watched");
  mkdirSync(join(shop.folder, "links"));
  symlinkSync(real, link);
  await using gateway = await start(shop, enabled(link), WATCH);
  const client = await gateway.client();

  shop.write({ "watched/node_modules/library/index.js": "", "watched/.cache/x": "" });
  shop.write({ "watched/src/word.ts": `export const word = "two";` });
  await eventually("the new word", async () => (await client.request("watched.word")) === "two");

  assert.equal(stateOf(gateway, "watched").generation, 2);
});

test("without watch mode nothing is reloaded behind the operator's back", async () => {
  using shop = createWorkshop();
  const folder = write(shop, `export const word = "one";`);
  await using gateway = await start(shop, enabled(folder));
  const client = await gateway.client();

  shop.write({ "watched/src/word.ts": `export const word = "two";` });
  // An edit of the configuration has been carried out meanwhile: whoever watched would have seen the source too.
  gateway.writeConfig(configured({ ...enabled(folder), deny: ["nobody"] }));
  await reaches(gateway, "nobody", "missing");

  assert.equal(await client.request("watched.word"), "one");
  assert.equal(stateOf(gateway, "watched").generation, 1);
});
