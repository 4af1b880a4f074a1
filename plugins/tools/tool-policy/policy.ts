import type { ToolFacts, ToolTurn } from "openclaw/plugin-sdk";
import { ALLOWED_IN_SANDBOX, DENIED_TO_SUBAGENTS, PROFILES } from "./catalog.ts";
import { isKnown, matches, names } from "./pattern.ts";

/** One set of rules as the configuration writes it. */
export interface ToolRules {
  readonly profile?: string;
  readonly allow?: readonly string[];
  readonly alsoAllow?: readonly string[];
  readonly deny?: readonly string[];
  readonly byProvider?: Readonly<Record<string, ToolRules>>;
}

/** Everything the configuration says about the tools of one turn. */
export interface PolicyRules {
  readonly everyone: ToolRules;
  readonly agent: ToolRules;
  /** Of the group or room, and of who wrote there. */
  readonly place: ToolRules;
  /** Of sessions in a sandbox; nothing for those that are in none. */
  readonly sandbox?: ToolRules | undefined;
  readonly subagents: ToolRules;
}

/** One step that can only take away. */
interface Stage {
  readonly where: string;
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

/**
 * The tools that pass every stage (agent.md §12.2): a profile, then allow and deny lists from the widest scope to the
 * narrowest. Deny wins; an empty allow list allows everything. `warn` hears of lists that name nothing known.
 */
export function allowedTools(
  turn: ToolTurn,
  tools: readonly ToolFacts[],
  rules: PolicyRules,
  warn: (text: string) => void,
): Set<string> {
  const stages = stagesOf(turn, rules).map((stage) => withoutUnknown(stage, tools, warn));
  const meant = [rules.everyone, rules.agent, rules.place].flatMap(({ allow = [], alsoAllow = [] }) => [
    ...allow,
    ...alsoAllow,
  ]);
  const isAllowed = (tool: ToolFacts) =>
    (tool.ownerOnly !== true || turn.isOwner) &&
    (tool.optional !== true || meant.some((entry) => names(entry, tool))) &&
    stages.every((stage) => passes(stage, tool));
  return new Set(tools.filter(isAllowed).map(({ name }) => name));
}

function stagesOf(turn: ToolTurn, { everyone, agent, place, sandbox, subagents }: PolicyRules): Stage[] {
  const ofProvider = byProvider(everyone, turn);
  const ofAgentProvider = byProvider(agent, turn);
  return [
    // An agent's own profile stands instead of the general one.
    agent.profile === undefined
      ? profileStage("tools.profile", everyone, agent)
      : profileStage("the agent's tools.profile", agent),
    profileStage("tools.byProvider profile", ofProvider),
    profileStage("the agent's tools.byProvider profile", ofAgentProvider),
    listStage("tools", everyone),
    listStage("tools.byProvider", ofProvider),
    listStage("the agent's tools", agent),
    listStage("the agent's tools.byProvider", ofAgentProvider),
    listStage("the tools of this place", place),
    ...(sandbox ? [sandboxStage(sandbox)] : []),
    ...(isSubagent(turn) ? [subagentStage(subagents)] : []),
  ];
}

function passes({ allow, deny }: Stage, tool: ToolFacts): boolean {
  if (deny.some((entry) => matches(entry, tool))) return false;
  return allow.length === 0 || allow.some((entry) => matches(entry, tool));
}

function profileStage(where: string, { profile, alsoAllow = [] }: ToolRules, other?: ToolRules): Stage {
  const allow = profile !== undefined && Object.hasOwn(PROFILES, profile) ? PROFILES[profile] : undefined;
  return { where, allow: allow ? [...allow, ...alsoAllow, ...(other?.alsoAllow ?? [])] : [], deny: [] };
}

function listStage(where: string, { allow = [], deny = [] }: ToolRules): Stage {
  return { where, allow, deny };
}

/** Tools that work outside of a sandbox are a way out of it, so each has to be allowed by name. */
function sandboxStage({ allow = ALLOWED_IN_SANDBOX, alsoAllow = [], deny = [] }: ToolRules): Stage {
  return { where: "tools.sandbox.tools", allow: [...allow, ...alsoAllow], deny };
}

function subagentStage({ allow = [], deny = [] }: ToolRules): Stage {
  return { where: "tools.subagents.tools", allow, deny: [...DENIED_TO_SUBAGENTS, ...deny] };
}

/** A list of nothing but unknown names is a mistake; it would take every tool away. */
function withoutUnknown(stage: Stage, tools: readonly ToolFacts[], warn: (text: string) => void): Stage {
  // A sandbox is not opened by a mistake.
  if (stage.where === "tools.sandbox.tools") return stage;
  if (stage.allow.length === 0 || stage.allow.some((entry) => isKnown(entry, tools))) return stage;
  warn(`the allow list of ${stage.where} names no known tool (${stage.allow.join(", ")}); it is ignored`);
  return { ...stage, allow: [] };
}

/** `provider/model` stands before `provider`. */
function byProvider({ byProvider: table = {} }: ToolRules, { provider, model }: ToolTurn): ToolRules {
  if (provider === undefined) return {};
  const wanted = [...(model === undefined ? [] : [`${provider}/${model}`]), provider].map((key) => key.toLowerCase());
  for (const key of wanted) {
    const found = Object.keys(table).find((one) => one.toLowerCase() === key);
    if (found !== undefined) return table[found] as ToolRules;
  }
  return {};
}

function isSubagent({ sessionKey }: ToolTurn): boolean {
  return /(^|:)subagent:/.test(sessionKey);
}
