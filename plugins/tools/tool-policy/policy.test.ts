import assert from "node:assert/strict";
import { test } from "node:test";
import type { ToolFacts, ToolTurn } from "openclaw/plugin-sdk";
import { CORE_TOOLS, DENIED_TO_SUBAGENTS, GROUPS, PROFILES } from "./catalog.ts";
import { matches } from "./pattern.ts";
import { allowedTools } from "./policy.ts";
import type { PolicyRules, ToolRules } from "./policy.ts";

const TURN: ToolTurn = { agentId: "main", sessionKey: "agent:main:main", runId: "r", isOwner: true };
const TOOLS: readonly ToolFacts[] = [
  ...[...CORE_TOOLS].map((name) => ({ name, owner: "stock" })),
  { name: "dice", owner: "games" },
  { name: "cards", owner: "games" },
  { name: "lottery", owner: "games", optional: true },
  { name: "mcp_files_list", owner: "mcp", groups: ["mcp:files"] },
];
const ALL = TOOLS.map(({ name }) => name);

function allowed(rules: Partial<PolicyRules>, turn: Partial<ToolTurn> = {}, warn: (text: string) => void = () => {}) {
  const whole = { everyone: {}, agent: {}, place: {}, subagents: {}, ...rules };
  return allowedTools({ ...TURN, ...turn }, TOOLS, whole, warn);
}

/** What a list means, written down a second time and more simply than the policy reads it. */
function expand(entries: readonly string[]): Set<string> {
  const members = entries.flatMap((entry) => {
    if (entry === "*") return ALL;
    if (entry === "group:plugins") return ["dice", "cards", "lottery", "mcp_files_list"];
    if (entry === "group:mcp:files") return ["mcp_files_list"];
    if (entry.startsWith("group:")) return GROUPS[entry.slice(6)] ?? [];
    if (entry === "games") return ["dice", "cards", "lottery"];
    if (entry === "sessions_*") return ALL.filter((name) => name.startsWith("sessions_"));
    return [entry.toLowerCase() === "bash" ? "exec" : entry.toLowerCase()];
  });
  return new Set(members);
}

test("the matrix of profile, allow, deny and plugin: each list only takes away, deny wins", (t) => {
  const profiles = [undefined, "minimal", "coding", "messaging", "full"];
  const groups = Object.keys(GROUPS).map((group) => `group:${group}`);
  const lists: (readonly string[])[] = [
    [],
    ["*"],
    ["group:plugins"],
    ["games"],
    ["dice"],
    ["BASH"],
    ["sessions_*"],
    ["group:mcp:files"],
    ...groups.map((group) => [group]),
  ];
  let cases = 0;
  for (const profile of profiles) {
    for (const allow of lists) {
      for (const deny of lists) {
        const rules: ToolRules = { ...(profile !== undefined && { profile }), allow, deny };

        const got = allowed({ everyone: rules });

        const ofProfile = profile === undefined ? undefined : PROFILES[profile];
        const wanted = ALL.filter(
          (name) =>
            (!ofProfile || expand(ofProfile).has(name)) &&
            (allow.length === 0 || expand(allow).has(name)) &&
            !expand(deny).has(name) &&
            (name !== "lottery" || allow.includes("games") || allow.includes("group:plugins")),
        );
        assert.deepEqual([...got].sort(), wanted.sort(), JSON.stringify(rules));
        cases++;
      }
    }
  }
  t.diagnostic(`${cases} cases`);
  assert.equal(cases, profiles.length * lists.length ** 2);
});

test("every scope can take away, and none gives back", () => {
  const denies: Partial<PolicyRules>[] = [
    { everyone: { deny: ["exec"] }, agent: { allow: ["exec", "read"] } },
    { everyone: { allow: ["exec", "read"] }, agent: { deny: ["exec"] } },
    { everyone: { byProvider: { openai: { deny: ["exec"] } } } },
    { everyone: { byProvider: { "OpenAI/GPT": { deny: ["exec"] } } } },
    { agent: { byProvider: { openai: { deny: ["exec"] } } } },
    { place: { deny: ["group:runtime"] }, agent: { allow: ["exec", "read"] } },
    { everyone: { allow: ["read"] }, place: { allow: ["exec", "read"] } },
  ];

  for (const rules of denies) {
    const got = allowed(rules, { provider: "openai", model: "gpt" });
    assert.ok(!got.has("exec") && got.has("read"), JSON.stringify(rules));
  }
});

test("rules of a model stand before those of its provider, and rules of other providers mean nothing", () => {
  const byProvider = { openai: { deny: ["exec"] }, "openai/gpt": { deny: ["read"] } };
  const rules = { everyone: { byProvider } };

  assert.ok(allowed(rules, { provider: "openai", model: "gpt" }).has("exec"));
  assert.ok(!allowed(rules, { provider: "openai", model: "gpt" }).has("read"));
  assert.ok(!allowed(rules, { provider: "openai", model: "other" }).has("exec"));
  assert.equal(allowed(rules, { provider: "google", model: "gpt" }).size, ALL.length - 1);
});

test("alsoAllow adds to a profile and offers optional tools; an agent's own profile stands instead", () => {
  const wider = allowed({ everyone: { profile: "minimal", alsoAllow: ["web_fetch", "lottery"] } });
  assert.deepEqual([...wider].sort(), ["lottery", "session_status", "web_fetch"]);

  const own = { everyone: { profile: "coding", alsoAllow: ["dice"] }, agent: { profile: "minimal" } };
  assert.deepEqual([...allowed(own)], ["session_status"]);

  const byProvider = {
    everyone: { profile: "coding", byProvider: { p: { profile: "minimal", alsoAllow: ["read"] } } },
  };
  assert.deepEqual([...allowed(byProvider, { provider: "p" })].sort(), ["read", "session_status"]);
});

test("sub-agents lose what belongs to their parent, by every spelling of the key", () => {
  for (const sessionKey of ["agent:main:subagent:1f2e", "subagent:1f2e", "agent:main:subagent:a:subagent:b"]) {
    const got = allowed({ everyone: { allow: ["*"] }, agent: { alsoAllow: ["cron"] } }, { sessionKey });
    assert.ok(got.has("read") && got.has("exec"));
    for (const name of DENIED_TO_SUBAGENTS) assert.ok(!got.has(name), name);
  }
  const sessionKey = "agent:main:subagent:x";
  const narrowed = allowed({ subagents: { allow: ["read", "cron"], deny: ["write"] } }, { sessionKey });
  assert.deepEqual([...narrowed], ["read"]);
});

test("a list of unknown names is ignored with one warning, a list with one known name is not", () => {
  const warnings: string[] = [];

  const ignored = allowed({ everyone: { allow: ["no_such_tool", "group:nothing"] } }, {}, (text) =>
    warnings.push(text),
  );
  const kept = allowed({ everyone: { allow: ["no_such_tool", "read"] } }, {}, (text) => warnings.push(text));

  assert.equal(ignored.size, ALL.length - 1);
  assert.deepEqual([...kept], ["read"]);
  assert.deepEqual(warnings, [
    "the allow list of tools names no known tool (no_such_tool, group:nothing); it is ignored",
  ]);
});

test("a tool for owners is not there when somebody else had a say in the turn", () => {
  const tools = [
    { name: "gateway", owner: "stock", ownerOnly: true },
    { name: "read", owner: "stock" },
  ];
  const rules = { everyone: { allow: ["*"] }, agent: {}, place: {}, subagents: {} };

  assert.deepEqual([...allowedTools(TURN, tools, rules, () => {})], ["gateway", "read"]);
  assert.deepEqual([...allowedTools({ ...TURN, isOwner: false }, tools, rules, () => {})], ["read"]);
});

test("a pattern of many stars is no way to spend time", () => {
  const tool = { name: `${"a".repeat(60)}b`, owner: "x" };

  assert.ok(!matches(`${"*a".repeat(200)}c`, tool));
  assert.ok(matches("a*a*b", tool));
  assert.ok(!matches("ab*ba", { name: "aba", owner: "x" }));
});
