import assert from "node:assert/strict";
import { test } from "node:test";
import { startSessions, stateDirOf } from "./place.fixture.ts";
import type { Place } from "./place.fixture.ts";

const SETTINGS = {
  agents: {
    defaults: { model: "fake/m1", models: { "fake/m1": {}, "fake/m2": { alias: "Fast" }, "openai/gpt-5.2": {} } },
  },
  models: { providers: { fake: { models: [{ id: "m1" }, { id: "m2" }] } } },
};

interface Patched {
  readonly ok: true;
  readonly path: string;
  readonly key: string;
  readonly entry: Readonly<Record<string, unknown>>;
  readonly resolved: object;
}

function patch(place: Place, fields: object, key = "agent:main:demo"): Promise<Patched> {
  return place.host.call("sessions.patch", { key, ...fields }) as Promise<Patched>;
}

/** Field, what is given, what is stored. */
const TAKEN: readonly (readonly [field: string, given: unknown, stored: unknown])[] = [
  ["label", " Demo ", "Demo"],
  ["thinkingLevel", "low", "low"],
  ["thinkingLevel", "min", "minimal"],
  ["thinkingLevel", "think", "minimal"],
  ["thinkingLevel", "enabled", "low"],
  ["thinkingLevel", "think-harder", "medium"],
  ["thinkingLevel", "ultra", "high"],
  ["thinkingLevel", "OFF", undefined],
  ["verboseLevel", "full", "full"],
  ["verboseLevel", "off", undefined],
  ["reasoningLevel", "stream", "stream"],
  ["reasoningLevel", "off", undefined],
  ["responseUsage", "on", "tokens"],
  ["responseUsage", "full", "full"],
  ["responseUsage", "off", undefined],
  ["elevatedLevel", "ask", "ask"],
  ["execHost", "Gateway", "gateway"],
  ["execSecurity", "allowlist", "allowlist"],
  ["execAsk", "on-miss", "on-miss"],
  ["execAsk", "off", "off"],
  ["execNode", "node-7", "node-7"],
  ["sendPolicy", "deny", "deny"],
  ["groupActivation", "always", "always"],
];

for (const [field, given, stored] of TAKEN) {
  test(`sessions.patch stores ${field} ${JSON.stringify(given)}, and null clears it`, async (context) => {
    await using place = await startSessions(stateDirOf(context), SETTINGS);

    const { entry } = await patch(place, { [field]: given });
    const cleared = await patch(place, { [field]: null });

    assert.deepEqual(entry[field], stored);
    assert.ok(!(field in cleared.entry));
    assert.equal(cleared.entry["sessionId"], entry["sessionId"]);
  });
}

/** What is given, what clients are told. */
const REFUSED: readonly (readonly [fields: object, message: string | RegExp])[] = [
  [{ label: "  " }, "invalid label: empty"],
  [{ label: "x".repeat(65) }, /must NOT have more than 64 characters/],
  [{ thinkingLevel: "loud" }, "invalid thinkingLevel (use off|minimal|low|medium|high)"],
  [{ thinkingLevel: "xhigh" }, "invalid thinkingLevel (use off|minimal|low|medium|high)"],
  [{ verboseLevel: "loud" }, 'invalid verboseLevel (use "off"|"on"|"full")'],
  [{ reasoningLevel: "loud" }, 'invalid reasoningLevel (use "on"|"off"|"stream")'],
  [{ elevatedLevel: "loud" }, 'invalid elevatedLevel (use "on"|"off"|"ask"|"full")'],
  [{ execHost: "mars" }, 'invalid execHost (use "sandbox"|"gateway"|"node")'],
  [{ execSecurity: "none" }, 'invalid execSecurity (use "deny"|"allowlist"|"full")'],
  [{ execAsk: "never" }, 'invalid execAsk (use "off"|"on-miss"|"always")'],
  [{ spawnedBy: "agent:main:main" }, "spawnedBy is only supported for subagent:* sessions"],
  [{ model: "ghost/zzz" }, /^model not allowed: ghost\/zzz/],
  [{ model: "fake/" }, /names no provider/],
  [{ sendPolicy: "prompt" }, /^invalid sessions.patch params/],
  [{ nope: 1 }, "invalid sessions.patch params: at root: unexpected property 'nope'"],
];

for (const [fields, message] of REFUSED) {
  test(`sessions.patch refuses ${JSON.stringify(fields).slice(0, 40)} and changes nothing`, async (context) => {
    await using place = await startSessions(stateDirOf(context), SETTINGS);
    const before = await patch(place, { thinkingLevel: "low" });

    await assert.rejects(patch(place, { verboseLevel: "on", ...fields }), { code: "INVALID_REQUEST", message });

    assert.deepEqual((await place.sessions.get(before.key))?.entry, before.entry);
  });
}

test("a label is of one session of an agent, also when two ask for it at once", async (context) => {
  const settings = { ...SETTINGS, agents: { ...SETTINGS.agents, list: [{ id: "main" }, { id: "ops" }] } };
  await using place = await startSessions(stateDirOf(context), settings);

  const both = await Promise.allSettled(["one", "two"].map((key) => patch(place, { label: "Demo" }, key)));

  assert.deepEqual(both.map(({ status }) => status).toSorted(), ["fulfilled", "rejected"]);
  await assert.rejects(patch(place, { label: "Demo" }, "three"), { message: "label already in use: Demo" });
  await patch(place, { label: "Demo" }, "agent:ops:one");
  assert.equal(await place.sessions.count(), 2);
});

test("the parent of a sub-agent is set once", async (context) => {
  await using place = await startSessions(stateDirOf(context), SETTINGS);
  const key = "agent:main:subagent:1";

  await patch(place, { spawnedBy: "agent:main:main" }, key);

  await patch(place, { spawnedBy: "agent:main:main" }, key);
  await assert.rejects(patch(place, { spawnedBy: "agent:main:x" }, key), {
    message: "spawnedBy cannot be changed once set",
  });
  await assert.rejects(patch(place, { spawnedBy: null }, key), { message: "spawnedBy cannot be cleared once set" });
});

test("a model is found by its alias; the default one is no choice", async (context) => {
  await using place = await startSessions(stateDirOf(context), SETTINGS);

  const chosen = await patch(place, { model: "fast" });
  const back = await patch(place, { model: "fake/m1" });

  assert.deepEqual([chosen.entry["providerOverride"], chosen.entry["modelOverride"]], ["fake", "m2"]);
  assert.deepEqual(chosen.resolved, { modelProvider: "fake", model: "m2" });
  assert.ok(!("modelOverride" in back.entry) && !("providerOverride" in back.entry));
  assert.deepEqual(back.resolved, { modelProvider: "fake", model: "m1" });
  const { entry } = await patch(place, { model: "openai/gpt-5.2", thinkingLevel: "extra high" });
  assert.equal(entry["thinkingLevel"], "xhigh");
});

test("off is stored where it has to hold against a default", async (context) => {
  const settings = { agents: { defaults: { ...SETTINGS.agents.defaults, verboseDefault: "on" } } };
  await using place = await startSessions(stateDirOf(context), settings);

  assert.equal((await patch(place, { verboseLevel: "off" })).entry["verboseLevel"], "off");
});

test("a session of an agent that is not there is not made", async (context) => {
  await using place = await startSessions(stateDirOf(context), SETTINGS);

  await assert.rejects(patch(place, { label: "x" }, "agent:ghost:main"), {
    message: 'unknown agent id "ghost"; see agents.list',
  });
  await assert.rejects(place.host.call("sessions.reset", { key: "agent:ghost:main" }), { code: "INVALID_REQUEST" });
  assert.equal(await place.sessions.count(), 0);
});

test("50 patches of different sessions and fields at once lose nothing", async (context) => {
  await using place = await startSessions(stateDirOf(context), SETTINGS);
  const fields = {
    thinkingLevel: "low",
    verboseLevel: "on",
    reasoningLevel: "on",
    execHost: "node",
    sendPolicy: "deny",
  };

  await Promise.all(
    Array.from({ length: 10 }, () => Object.entries(fields))
      .flat()
      .map(([field, value], at) => patch(place, { [field]: value }, `k${at % 2}`)),
  );

  for (const key of ["k0", "k1"]) assert.partialDeepStrictEqual((await place.sessions.get(key))?.entry, fields);
});
