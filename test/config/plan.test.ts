import assert from "node:assert/strict";
import { test } from "node:test";
import { planReload } from "openclaw/plugin-sdk/config";
import type { Manifest } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import { createWorkshop, enabled, start } from "../plugins/workshop.ts";

const SMOKE: Manifest = {
  id: "smoke",
  channels: ["smoke"],
  sections: { chimney: { type: "object" } },
  reloadPaths: {
    "channels.smoke.greeting": "hot",
    "channels.smoke.secretPort": "restart",
    "channels.smoke.comment": "none",
    "plugins.entries.smoke.config.colour": "hot",
    "chimney.height": "hot",
  },
};

/** A path, and what changing it does: `plugin:<id>` swaps that plugin. */
const EFFECTS: Readonly<Record<string, string>> = {
  "gateway.port": "restart",
  "gateway.bind": "restart",
  "gateway.customBind": "restart",
  "gateway.ipv6": "restart",
  "gateway.tls.enabled": "restart",
  "gateway.auth.mode": "restart",
  "gateway.auth.token": "restart",
  "gateway.mode": "restart",
  "gateway.whatever": "restart",
  "gateway.reload.mode": "hot",
  "gateway.reload.debounceMs": "hot",
  "gateway.remote.url": "none",
  "gateway.remote.token": "none",
  "gateway.controlUi.basePath": "hot",
  "gateway.http.apiKeys": "hot",
  "gateway.tools.allow": "hot",
  "gateway.hostNames": "hot",
  "gateway.trustedProxies": "hot",
  "gateway.nodes.x": "hot",
  "gateway.tailscale.mode": "none of ours",
  "gateway.maxClients": "hot",
  "gateway.shutdownTimeoutMs": "hot",
  "plugins.allow": "plugin:*",
  "plugins.deny": "plugin:*",
  "plugins.load.paths": "plugin:*",
  "plugins.slots.memory": "plugin:*",
  "plugins.entries.smoke.enabled": "plugin:smoke",
  "plugins.entries.smoke.config": "plugin:smoke",
  "plugins.entries.smoke.config.size": "plugin:smoke",
  "plugins.entries.smoke.config.colour": "hot",
  "plugins.entries.other.config.size": "plugin:other",
  "plugins.installs.smoke.version": "plugin:*",
  "plugins.enabled": "restart",
  "channels.smoke.token": "plugin:smoke",
  "channels.smoke.accounts.work.token": "plugin:smoke",
  "channels.smoke.enabled": "plugin:smoke",
  "channels.smoke.greeting": "hot",
  "channels.smoke.greeting.deep": "hot",
  "channels.smoke.secretPort": "restart",
  "channels.smoke.comment": "none",
  "channels.smoke.allowFrom": "hot",
  "channels.smoke.dmPolicy": "hot",
  "channels.smoke.groupPolicy": "hot",
  "channels.smoke.groupAllowFrom": "hot",
  "channels.smoke.groups.123.requireMention": "hot",
  "channels.smoke.accounts.work.allowFrom": "hot",
  "channels.defaults.groupPolicy": "hot",
  "channels.nobody.token": "none of ours",
  "chimney.width": "plugin:smoke",
  "chimney.height": "hot",
  "logging.level": "hot",
  "logging.file": "hot",
  "env.SOME": "hot",
  "auth.profiles": "hot",
  "meta.lastTouchedAt": "none",
  "meta.lastTouchedVersion": "none",
  "wizard.lastRunAt": "none",
  "update.channel": "none",
  $schema: "none",
  "unclaimed.section": "hot",
};

for (const [path, effect] of Object.entries(EFFECTS)) {
  test(`R-30 a change of ${path} is planned as ${effect}`, () => {
    const plan = planReload([path], [SMOKE, { id: "other" }]);

    const expected = { hot: [] as string[], plugins: [] as string[], restart: [] as string[], none: [] as string[] };
    if (effect.startsWith("plugin:")) expected.plugins.push(effect.slice("plugin:".length));
    else if (effect !== "none of ours") expected[effect as "hot"].push(path);
    assert.deepEqual(plan, expected);
  });
}

test("every rule of the kernel is in this table", async () => {
  const { readFileSync } = await import("node:fs");
  const source = readFileSync(new URL("../../sdk/config/plan.ts", import.meta.url), "utf8");
  const rules = [
    ...source
      .slice(source.indexOf("KERNEL_RULES"), source.indexOf("UNCLAIMED"))
      .matchAll(/\["([^"]+)", "(?:none|hot|plugin|restart)"\]/g),
  ];
  const known = Object.keys(EFFECTS);

  assert.ok(rules.length > 15);
  for (const [, rule = ""] of rules) {
    assert.ok(
      known.some((path) => path === rule || path.startsWith(`${rule}.`)),
      `no path for rule ${rule}`,
    );
  }
});

test("what the log says of a reload is what the plan says, and config.plan says it without doing it", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin("smoke", "", SMOKE);
  const config = (channels: object, level: string) => ({
    plugins: enabled(folder),
    channels,
    logging: { level },
    gateway: { reload: { debounceMs: 10 } },
  });
  await using gateway = await start(shop, {}, { config: config({ smoke: { token: "one" } }, "info") });
  const client = await gateway.client();
  const edit = { channels: { smoke: { token: "two", greeting: "hi" } }, logging: { level: "debug" } };

  const plan = await client.request("config.plan", { raw: JSON.stringify(edit) });
  gateway.writeConfig(config(edit.channels, "debug"));
  const line = await eventually("the log line", async () => {
    const { readFile } = await import("node:fs/promises");
    const lines = (await readFile(String(gateway.run.state().logFile), "utf8")).split("\n");
    return lines.find((text) => text.includes("config reload: "));
  });

  assert.deepEqual(plan, {
    hot: ["channels.smoke.greeting", "logging.level"],
    plugins: ["smoke"],
    restart: [],
    none: [],
  });
  assert.match(line, /config reload: hot=\[channels\.smoke\.greeting, logging\.level\] plugins=\[smoke\] restart=\[\]/);
});
