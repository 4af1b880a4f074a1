import assert from "node:assert/strict";
import { test } from "node:test";
import type { OpenClawPluginApi } from "openclaw/plugin-sdk";
import { Sessions } from "openclaw/plugin-sdk";
import { SESSION } from "./samples.ts";
import { hostFor } from "./support.ts";

const ENABLED = { settings: { hooks: { internal: { enabled: true } } } };
const LISTEN = { host: "127.0.0.1", port: 7 };

function recorder(seen: unknown[], events: string | string[]) {
  return (api: OpenClawPluginApi) =>
    api.registerHook(
      events,
      ({ type, action, sessionKey }) => void seen.push(`${type}:${action} ${sessionKey}`.trim()),
      {
        name: "recorder",
      },
    );
}

test("gateway:startup fires when the port is open", async () => {
  const seen: unknown[] = [];
  await using host = await hostFor(recorder(seen, "gateway:startup"), ENABLED);

  await host.hooks.listening.promise(LISTEN);

  assert.deepEqual(seen, ["gateway:startup"]);
});

test("a handler on the general event and the exact one runs twice", async () => {
  const seen: unknown[] = [];
  await using host = await hostFor(recorder(seen, ["session", "session:start"]), ENABLED);

  host.hooksOf(Sessions).started.call(SESSION);

  assert.deepEqual(seen, ["session:start agent:main:main", "session:start agent:main:main"]);
});

test("an event carries context, a time and a list for messages", async () => {
  let event: Record<string, unknown> = {};
  await using host = await hostFor(
    (api) => api.registerHook("session:start", (given) => void (event = { ...given }), { name: "curious" }),
    ENABLED,
  );

  host.hooksOf(Sessions).started.call(SESSION);

  assert.deepEqual(event["context"], { sessionEntry: SESSION.entry, sessionId: "s1", agentId: "main" });
  assert.ok(event["timestamp"] instanceof Date);
  assert.deepEqual(event["messages"], []);
});

test("event hooks run only when hooks.internal.enabled is true", async () => {
  const seen: unknown[] = [];
  await using host = await hostFor(recorder(seen, "gateway:startup"));

  await host.hooks.listening.promise(LISTEN);

  assert.deepEqual(seen, []);
  assert.ok(host.notes.diagnostics.has("its event hooks do not run; hooks.internal.enabled is not true"));
});

test("a hook without a name is not registered", async () => {
  const seen: unknown[] = [];
  await using host = await hostFor(
    (api) => api.registerHook("gateway:startup", () => void seen.push("ran"), {}),
    ENABLED,
  );

  await host.hooks.listening.promise(LISTEN);

  assert.deepEqual(seen, []);
  assert.deepEqual(
    [...host.notes.diagnostics],
    ["registerHook: a hook for gateway:startup was skipped; it needs a name"],
  );
});

test("events without counterpart are diagnostics", async () => {
  await using host = await hostFor(recorder([], ["command:new", "agent:bootstrap", "command"]), ENABLED);

  assert.deepEqual(
    [...host.notes.unsupported],
    ["registerHook(command:new)", "registerHook(agent:bootstrap)", "registerHook(command)"],
  );
});

test("a handler that throws is logged", async () => {
  await using host = await hostFor(
    (api) =>
      api.registerHook(
        "gateway:startup",
        async () => {
          throw new Error("boom");
        },
        { name: "bad" },
      ),
    ENABLED,
  );

  await host.hooks.listening.promise(LISTEN);
  await new Promise((resolve) => setImmediate(resolve));

  assert.ok(host.log.some(({ message }) => message === "hook bad failed: boom"));
});
