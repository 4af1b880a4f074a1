import assert from "node:assert/strict";
import { test } from "node:test";
import { agentIdOf } from "./agent-id.ts";
import { isCronRun, kindOf, mainKeyOf, parseKey, seedSpelling } from "./key.ts";
import type { KeyRules } from "./key.ts";

const RULES: KeyRules = {
  defaultAgentId: "main",
  mainKey: "main",
  scope: "per-sender",
  isAgent: (id) => id === "main" || id === "ops",
};
const RULE_SETS: readonly KeyRules[] = [
  RULES,
  { ...RULES, mainKey: "home" },
  { ...RULES, scope: "global" },
  { ...RULES, defaultAgentId: "ops", mainKey: "the desk" },
  { ...RULES, isAgent: (id) => id === "default", defaultAgentId: "default" },
];

/** What the documents list: sessions.md §1.1. */
const SPELLINGS: readonly (readonly [given: string, canonical: string])[] = [
  ["main", "agent:main:main"],
  ["Agent:Main:MAIN", "agent:main:main"],
  ["  agent:main:main ", "agent:main:main"],
  ["agent::main", "agent:main:main"],
  ["agent:default:main", "agent:main:main"],
  ["agent:ops:main", "agent:ops:main"],
  ["agent:Ops Bot:main", "agent:ops-bot:main"],
  ["agent:main:dm:42", "agent:main:direct:42"],
  ["agent:main:telegram:dm:42", "agent:main:telegram:direct:42"],
  ["agent:main:telegram:work:dm:42", "agent:main:telegram:work:direct:42"],
  ["agent:main:telegram:direct:dm:42", "agent:main:telegram:direct:dm:42"],
  ["agent:main:group:telegram:-100:5", "agent:main:telegram:group:-100:5"],
  ["agent:main:telegram:group:-100", "agent:main:telegram:group:-100"],
  ["telegram:group:-100", "agent:main:telegram:group:-100"],
  ["group:120363@g.us", "agent:main:whatsapp:group:120363@g.us"],
  ["group:!room:example.org", "agent:main:unknown:group:!room:example.org"],
  ["agent:main:matrix:group:!room:example.org", "agent:main:matrix:group:!room:example.org"],
  ["agent:main:slack:room:c1", "agent:main:slack:channel:c1"],
  ["agent:main:discord:channel:1:thread:2", "agent:main:discord:channel:1:thread:2"],
  ["agent:main:thread:discord:1:2", "agent:main:discord:group:1:thread:2"],
  ["agent:main:thread:telegram:-100:7", "agent:main:telegram:group:-100:topic:7"],
  ["agent:main:telegram:group:-100:thread:7", "agent:main:telegram:group:-100:topic:7"],
  ["subagent:abc", "agent:main:subagent:abc"],
  ["cron:job:run:1", "agent:main:cron:job:run:1"],
  ["hook:gmail:1", "agent:main:hook:gmail:1"],
  ["node-pixel", "agent:main:node-pixel"],
  ["agent:main:openai-user:dm:bob", "agent:main:openai-user:dm:bob"],
  ["agent:main:telegram:slash:42", "agent:main:telegram:slash:42"],
  ["global", "global"],
  ["unknown", "unknown"],
];

for (const [given, canonical] of SPELLINGS) {
  test(`${given} is ${canonical}`, () => {
    assert.equal(canonicalOf(given, RULES), canonical);
  });
}

for (const [given, problem] of [
  ["", /is empty/],
  ["   ", /is empty/],
  ["agent:main", /no conversation/],
  ["agent:main:", /no conversation/],
  ["a\u0000b", /control character/],
  ["main\n", /control character/],
  ["agent:main:../../etc/passwd", /control character, \/ or/],
  ["agent:main:..\\x", /control character, \/ or/],
  ["\uD800", /well-formed/],
  ["x".repeat(513), /longer than 512/],
  ["x".repeat(505), /longer than 512/],
] as const) {
  test(`${JSON.stringify(given.slice(0, 30))} of length ${given.length} is no key`, () => {
    const parsed = parseKey(given, RULES);
    assert.match("problem" in parsed ? parsed.problem : "it is one", problem);
  });
}

test("a renamed main session answers to its old name too", () => {
  const rules = { ...RULES, mainKey: "home" };

  assert.equal(canonicalOf("main", rules), "agent:main:home");
  assert.equal(canonicalOf("home", rules), "agent:main:home");
  assert.equal(canonicalOf("agent:ops:main", rules), "agent:ops:home");
  assert.equal(mainKeyOf("ops", rules), "agent:ops:home");
});

test("in scope global the default agent's main session is the global one", () => {
  const rules: KeyRules = { ...RULES, scope: "global" };

  assert.equal(canonicalOf("main", rules), "global");
  assert.equal(canonicalOf("agent:main:main", rules), "global");
  assert.equal(canonicalOf("agent:ops:main", rules), "agent:ops:main");
});

test("an agent that is really called default keeps its name", () => {
  const rules: KeyRules = { ...RULES, isAgent: (id) => id === "default" };

  assert.equal(canonicalOf("agent:default:main", rules), "agent:default:main");
});

test("the seeds' spelling is known for main, groups and threads", () => {
  const seeds = [
    ["agent:main:main", "main"],
    ["agent:ops:main", "agent:ops:main"],
    ["agent:main:telegram:group:-100", "agent:main:group:telegram:-100"],
    ["agent:main:telegram:group:-100:topic:7", "agent:main:thread:telegram:-100:7"],
    ["agent:main:discord:group:1:thread:2", "agent:main:thread:discord:1:2"],
    ["agent:main:discord:channel:1:thread:2", "agent:main:discord:channel:1:thread:2"],
    ["agent:main:telegram:direct:42", "agent:main:telegram:direct:42"],
    ["global", "global"],
  ] as const;
  for (const [canonical, seed] of seeds) assert.equal(seedSpelling(keyOf(canonical, RULES), RULES), seed);
});

test("kinds are told by the key", () => {
  const kinds = ["main", "telegram:group:1", "slack:room:2", "telegram:dm:3", "global", "unknown"].map((text) =>
    kindOf(keyOf(text, RULES)),
  );
  assert.deepEqual(kinds, ["direct", "group", "group", "direct", "global", "unknown"]);
  assert.deepEqual(
    ["cron:job", "cron:job:run:1", "cron:a:b:run:1"].map((rest) => isCronRun(rest)),
    [false, true, true],
  );
});

test("any text is a key or has a problem, and reading again changes nothing", () => {
  const seed = 20_261_121;
  const random = generator(seed);
  for (let round = 0; round < 30_000; round++) {
    const rules = RULE_SETS[round % RULE_SETS.length] as KeyRules;
    const text = randomText(random);
    const where = `seed ${seed}, round ${round}: ${JSON.stringify(text)}`;
    const parsed = parseKey(text, rules);
    if ("problem" in parsed) {
      assert.ok(parsed.problem.length > 0, where);
      continue;
    }
    const { key } = parsed;
    assert.deepEqual(keyOf(key.canonical, rules), key, where);
    assert.deepEqual(keyOf(seedSpelling(key, rules), rules), key, `${where} by the seeds' spelling`);
    assert.match(key.agentId, /^[a-z0-9][a-z0-9_-]{0,63}$/, where);
    const isReserved = key.canonical === "global" || key.canonical === "unknown";
    assert.equal(key.canonical, isReserved ? key.rest : `agent:${key.agentId}:${key.rest}`, where);
  }
});

test("any name has an agent id that is harmless in a path, and the same again", () => {
  const seed = 20_261_122;
  const random = generator(seed);
  for (let round = 0; round < 5_000; round++) {
    const name = randomText(random);
    const id = agentIdOf(name);
    assert.match(id, /^[a-z0-9][a-z0-9_-]{0,63}$/, `seed ${seed}, round ${round}: ${JSON.stringify(name)}`);
    assert.equal(agentIdOf(id), id);
  }
  const names = ["Ops Bot", "../../etc", "", "---", "_x", "ok_id-", "é"];
  assert.deepEqual(names.map(agentIdOf), ["ops-bot", "etc", "main", "main", "x", "ok_id-", "main"]);
});

function keyOf(text: string, rules: KeyRules) {
  const parsed = parseKey(text, rules);
  assert.ok("key" in parsed, `${text} is a key`);
  return parsed.key;
}

function canonicalOf(text: string, rules: KeyRules): string {
  return keyOf(text, rules).canonical;
}

const WORDS = [
  ..."agent main home global unknown default ops direct dm group channel room thread topic".split(" "),
  ..."telegram discord whatsapp slack cron run hook subagent slash openai-user node-1 work the desk".split(" "),
  ..."Main 42 -100 x@g.us !r é İ ΑΣ .. _ \u2028 🦞 / \\ \u0007 \uD800".split(" "),
  "",
  " ",
  "a".repeat(100),
];

function randomText(random: () => number): string {
  const word = () => WORDS[Math.floor(random() * WORDS.length)] as string;
  const parts = Array.from({ length: 1 + Math.floor(random() * 8) }, word);
  return (random() < 0.6 ? ["agent", ...parts] : parts).join(":");
}

/** Numbers from 0 to 1 that are the same for the same seed (the mulberry32 sequence). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
